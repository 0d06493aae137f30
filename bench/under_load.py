"""One server at a fixed rate, several on the same stores, and how fast an outbox empties."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.ratios import Ratio, ratio_of
from bench.servers import LOAD_CORE, Server, the_line
from bench.stores import Valkey
from sms_service.core.events import Event, EventKind
from sms_service.storage.database import Database
from sms_service.storage.drain import Drain
from sms_service.storage.migrate import upgrade
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_file import create_outbox

_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Waiting:
    """Requests a second when full; milliseconds that half and 99 % waited when full, and at 70 % of that rate."""

    full_rate: float
    full_p50: float
    full_p99: float
    p50: float
    p99: float


def measure_waiting(folder: Path, mix: str, rounds: int, requests: int, *, with_valkey: bool) -> Waiting:
    """Load one process until it is full, then at 70 % of that, in turns; medians of all turns."""
    with ExitStack() as stack:
        redis_url = stack.enter_context(Valkey(folder, LOAD_CORE)).url if with_valkey else ""
        server = stack.enter_context(Server(the_line(folder / "line", REDIS_URL=redis_url), folder / "log"))
        server.send(mix=mix, requests=requests)
        full, part = [], []
        for _ in range(rounds):
            full.append(server.send(mix=mix, requests=requests))
            rate = _SHARE * requests / full[-1].seconds
            part.append(server.send(mix=mix, requests=requests, rate=rate, connections=64))
    middle = statistics.median
    return Waiting(
        middle(requests / one.seconds for one in full),
        middle(one.quantile(0.5) for one in full),
        middle(one.quantile(0.99) for one in full),
        middle(one.quantile(0.5) for one in part),
        middle(one.quantile(0.99) for one in part),
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """Texts a second of all processes together, and processor time of one text, beside one process's alone."""

    rate: Ratio
    cpu: Ratio


def measure_processes(
    folder: Path, mix: str, counts: Sequence[int], rounds: int, requests: int, database_url: str
) -> dict[int, Shared]:
    """Load several web processes at once that share one Valkey and one database, and one of them alone, in turns.

    Each has files of its own, as hosts have; all of them run on one core, the stores and the load on the other.
    """
    with ExitStack() as stack:
        redis_url = stack.enter_context(Valkey(folder, LOAD_CORE)).url
        lines = [
            the_line(folder / f"line-{number}", REDIS_URL=redis_url, DATABASE_URL=database_url)
            for number in range(max(counts))
        ]
        servers = [stack.enter_context(Server(line, folder / f"{number}.log")) for number, line in enumerate(lines)]
        _together(servers, mix, requests)  # warm
        pairs: dict[int, list[tuple[tuple[float, float], tuple[float, float]]]] = {count: [] for count in counts}
        for _ in range(rounds):
            for count in counts:
                alone = _together(servers[:1], mix, requests)
                pairs[count].append((_together(servers[:count], mix, requests), alone))
    return {
        count: Shared(
            ratio_of([(own[0], alone[0]) for own, alone in found]),
            ratio_of([(own[1], alone[1]) for own, alone in found]),
        )
        for count, found in pairs.items()
    }


def _together(servers: Sequence[Server], mix: str, requests: int) -> tuple[float, float]:
    """Send that many requests in all; give how many a second were answered, and processor seconds of one."""
    each = requests // len(servers)
    cpu_before = sum(server.cpu_seconds() for server in servers)
    with ThreadPoolExecutor(len(servers)) as threads:
        outcomes = list(threads.map(lambda server: server.send(mix=mix, requests=each), servers))
    cpu = sum(server.cpu_seconds() for server in servers) - cpu_before
    return sum(each / outcome.seconds for outcome in outcomes), cpu / (each * len(servers))


def measure_drain(folder: Path, database_url: str, events: int) -> float:
    """Give events a second that one drain moves into a database."""
    upgrade(database_url)
    path = folder / "outbox.sqlite3"
    create_outbox(path)
    outbox = Outbox(path)
    now = dt.datetime.now(dt.UTC)
    for number in range(events):
        message_id = f"SM{number:032x}"
        outbox.record(
            Event(
                event_id=f"message:{message_id}", kind=EventKind.MESSAGE, at=now, message_id=message_id, channel="sms",
                pseudonym=f"{number:032x}", key_id="k1", outcome="answered", stage="keyword", reply="help",
                part="text", language="en", segments=2, latency_ms=1.0, without_guessing="help",
            )
        )  # fmt: skip
    outbox.close()
    drain = Drain(path, Database(database_url))
    started = time.perf_counter()
    moved = drain.empty()
    seconds = time.perf_counter() - started
    drain.close()
    if moved != events:
        raise RuntimeError(f"{moved} of {events} events were moved")
    return events / seconds
