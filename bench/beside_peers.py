"""The line as it ships beside its peers: requests a second of one core, and processor time of one request.

All servers run all the time on one core, idle while another is asked. Each is asked right after the base, in turn, the
same number of requests; the ratio is taken pair by pair. On a core that is kept busy the two figures say the same; on a
machine that others use, processor time says it with less noise.
"""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.ratios import Ratio, ratio_of
from bench.servers import LOAD_CORE, Candidate, Server, granian, gunicorn, node_peer, peer, the_line
from bench.stores import Valkey

BASE = "tutorial on gunicorn"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: requests a second, processor seconds a request, milliseconds that half and 99 % came within."""

    rate: float
    cpu: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Row:
    """What is told of one candidate; ``speed`` and ``thrift`` are how many times the base's, more is better."""

    speed: Ratio
    thrift: Ratio
    rate: float
    cpu_us: float
    p50: float
    p99: float
    memory_mib: float
    start_seconds: float


def candidates(folder: Path, valkey: Valkey, modules: Path | None) -> tuple[dict[str, Candidate], list[str]]:
    """Give everybody, the base first, and who is left out and why."""
    tutorial, bare = "bench.peers.tutorial:app", "bench.peers.bare_flask:app"
    found = {
        BASE: peer(gunicorn(tutorial)),
        "the same again (A/A)": peer(gunicorn(tutorial)),
        "tutorial on granian": peer(granian(tutorial)),
        "bare Flask on gunicorn": peer(gunicorn(bare)),
        "bare Flask on granian": peer(granian(bare)),
        "the line, SQLite, granian": the_line(folder / "sqlite"),
        "the line, Valkey, granian": the_line(folder / "valkey", REDIS_URL=valkey.url),
        "the line, Flask view, granian": the_line(folder / "flask", FAST_LANE="off"),
        "the line, SQLite, gunicorn": the_line(folder / "gunicorn", "gunicorn"),
    }
    node = node_peer(modules)
    if isinstance(node, str):
        return found, [f"Express + twilio: {node}"]
    return {**found, "Express + twilio (Node.js)": node}, []


def measure(
    folder: Path, mix: str, rounds: int, requests: int, modules: Path | None, only: str = ""
) -> tuple[dict[str, Row], list[str]]:
    """Give a row for each candidate, and who was left out."""
    with ExitStack() as stack:
        valkey = stack.enter_context(Valkey(folder, LOAD_CORE))
        everybody, left_out = candidates(folder, valkey, modules)
        everybody = {name: one for name, one in everybody.items() if name == BASE or only in name}
        servers = {
            name: stack.enter_context(Server(candidate, folder / f"{number}.log"))
            for number, (name, candidate) in enumerate(everybody.items())
        }
        for server in servers.values():
            _run(server, mix, requests)  # warm
        base = servers.pop(BASE)
        pairs: dict[str, list[tuple[Run, Run]]] = {name: [] for name in servers}
        for number in range(rounds):
            for name in list(servers) if number % 2 == 0 else reversed(list(servers)):
                against = _run(base, mix, requests)
                pairs[name].append((_run(servers[name], mix, requests), against))
        return {name: _row(found, servers[name]) for name, found in pairs.items()}, left_out


def _run(server: Server, mix: str, requests: int) -> Run:
    before = server.cpu_seconds()
    outcome = server.send(mix=mix, requests=requests)
    cpu = (server.cpu_seconds() - before) / requests
    return Run(requests / outcome.seconds, cpu, outcome.quantile(0.5), outcome.quantile(0.99))


def _row(pairs: list[tuple[Run, Run]], server: Server) -> Row:
    own = [run for run, _ in pairs]
    return Row(
        speed=ratio_of([(run.rate, base.rate) for run, base in pairs]),
        thrift=ratio_of([(base.cpu, run.cpu) for run, base in pairs]),
        rate=statistics.median(run.rate for run in own),
        cpu_us=statistics.median(run.cpu for run in own) * 1e6,
        p50=statistics.median(run.p50 for run in own),
        p99=statistics.median(run.p99 for run in own),
        memory_mib=server.memory_mib(),
        start_seconds=server.start_seconds,
    )
