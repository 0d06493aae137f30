"""A server on a core of its own, and what it costs: processor time, memory, time to start."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from bench.line_app import PEER_URL, SIGNED_URL, environ_of
from bench.load import Load, Outcome
from bench.stores import free_port, on_core, wait_for_port
from bench.traffic import ROOT, TOKEN

SERVER_CORE: Final = 0
LOAD_CORE: Final = 1
_START_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that answers POST /sms.

    Attributes:
        command: Starts it; ``{port}`` is filled in.
        environ: Its whole environment.
        url: What requests to it are signed for.
    """

    command: Sequence[str]
    environ: Mapping[str, str]
    url: str


def gunicorn(app: str, threads: int = 4) -> list[str]:
    """Give the usual server, one worker."""
    options = ["--bind", "127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1", "--threads", str(threads)]
    options += ["--keep-alive", "75", "--log-level", "error", "--no-control-socket", "--timeout", "90"]
    return [sys.executable, "-m", "gunicorn", *options, app]


def granian(app: str, threads: int = 4, *, factory: bool = False) -> list[str]:
    """Give the other server, one worker."""
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "--workers", "1", "--http", "1"]
    options += ["--no-ws", "--blocking-threads", str(threads), "--log-level", "error", "--no-access-log"]
    return [sys.executable, "-m", "granian", *options, *(["--factory"] if factory else []), app]


def the_line(folder: Path, server: str = "granian", threads: int = 4, **environ: str) -> Candidate:
    """Give the line as it ships, with files in a folder that is set up here."""
    settings = environ_of(folder, **environ)
    subprocess.run(
        [sys.executable, "-m", "sms_service", "migrate"], env=settings, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    factory = "sms_service.factory.web:create_app"
    command = granian(factory, threads, factory=True) if server == "granian" else gunicorn(f"{factory}()", threads)
    return Candidate(command, settings, SIGNED_URL)


def peer(command: Sequence[str], **environ: str) -> Candidate:
    """Give a peer."""
    return Candidate(command, {"PATH": os.environ["PATH"], "TWILIO_AUTH_TOKEN": TOKEN, **environ}, PEER_URL)


def node_peer(modules: Path | None) -> Candidate | str:
    """Give Express with the provider's middleware, or why it cannot be measured here."""
    folder = ROOT / "bench" / "peers" / "node"
    found = modules or folder
    if shutil.which("node") is None:
        return "Node.js is not installed here"
    if not (found / "node_modules" / "express").is_dir():
        return f"its packages are missing: npm install --prefix {folder.relative_to(ROOT)}"
    return peer(["node", str(folder / "app.js"), "{port}"], PEER_MODULES=str(found.resolve()))


class Server:
    """A candidate that runs.

    Args:
        candidate: What to start.
        log: File for what it says.
        core: To run on.
    """

    def __init__(self, candidate: Candidate, log: Path, core: int = SERVER_CORE) -> None:
        self._candidate = candidate
        self._log = log
        self._core = core
        self._seed = 0
        self.port = free_port()
        self.start_seconds = 0.0

    def __enter__(self) -> Self:
        """Start it, and wait until it listens."""
        command = [part.replace("{port}", str(self.port)) for part in self._candidate.command]
        started = time.perf_counter()
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [*on_core(self._core), *command], env=dict(self._candidate.environ), cwd=ROOT,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_for_port(self.port, self.process, _START_SECONDS)
        self.send(requests=1, connections=1)
        self.start_seconds = time.perf_counter() - started
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop it and everything that it started."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
                return

    def send(self, *, mix: str = "line", requests: int = 2000, connections: int = 16, rate: float = 0.0) -> Outcome:
        """Send requests that it has never seen, from the other core.

        Raises:
            RuntimeError: When an answer is missing or none: then nothing was measured.
        """
        self._seed += 1
        load = Load(
            port=self.port, url=self._candidate.url, mix=mix, seed=self._seed * 7919 + self.port,
            requests=requests, connections=connections, rate=rate,
        )  # fmt: skip
        values = {name: getattr(load, name) for name in Load.__slots__}
        command = [*on_core(LOAD_CORE), sys.executable, "-m", "bench.load", json.dumps(values)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        outcome = Outcome(**json.loads(done.stdout))
        if outcome.refused or outcome.broken:
            raise RuntimeError(f"{outcome.refused} refused and {outcome.broken} broken of {requests}: see {self._log}")
        return outcome

    def cpu_seconds(self) -> float:
        """Give the processor time of all its threads so far."""
        return sum(_scheduled_ns(pid) for pid in self.pids()) / 1e9

    def memory_mib(self) -> float:
        """Give its share of memory (PSS), all processes."""
        kib = 0
        for pid in self.pids():
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
                kib += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kib / 1024

    def pids(self) -> list[int]:
        """Give its processes: all of its session."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    after_name = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                    if int(after_name[3]) == self.process.pid:
                        found.append(int(entry.name))
        return found


def _scheduled_ns(pid: int) -> int:
    total = 0
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                total += int((task / "schedstat").read_text(encoding="ascii").split()[0])
    return total
