"""The line as people run it: ``serve --production``, its workers, its standard output and error, on a free port."""

from __future__ import annotations

import contextlib
import http.client
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from sms_service.webhooks.signed_request import new_message_id
from tests.conftest import PUBLIC_URL, ROOT, production
from tests.faults.house import PHRASE, SECRETS
from tests.faults.provider import HttpAnswer, KnownTexts, Provider, over_http
from tests.ports import free_port
from tests.waiting import eventually

START_SECONDS = 90.0


class Server:
    """A running line.

    Args:
        folder: For its files.
        known: What it may say.
        workers: Web processes.
        most_open_files: Of each process.
        environ: More settings.
    """

    def __init__(
        self,
        folder: Path,
        known: KnownTexts,
        *,
        workers: int = 2,
        most_open_files: int | None = None,
        **environ: str,
    ) -> None:
        self.port = free_port()
        self.folder = folder
        self.var_dir = folder / "var"
        self.environ = {
            **production(self.var_dir),
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            "RESPONSES_DIR": str(book_that_is_learned_at_once(folder)),
            **environ,
        }
        self.run("migrate")
        self.output = (folder / "output").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sms_service", "serve", "--production"],
            cwd=ROOT,
            env=self.environ,
            stdout=self.output,
            stderr=self.output,
        )
        if most_open_files is not None:  # long before it starts its workers, which inherit it
            resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (most_open_files, most_open_files))
        self.provider = Provider(over_http(self.port), PUBLIC_URL, known)
        eventually(lambda: self.get("/healthz")[0] == 200 and len(self.workers()) == workers, START_SECONDS)

    def answered(self, sender: str, patience_seconds: float = 30.0) -> float:
        """Text as the provider does, which asks again when nothing comes back; give how long it took in all."""
        message_id, started = new_message_id(), time.monotonic()
        while True:
            try:
                assert "999" in self.provider.text(f"urgent {PHRASE}", sender, message_id)
                return time.monotonic() - started
            except (OSError, http.client.HTTPException):
                assert time.monotonic() - started < patience_seconds, "never answered"
                time.sleep(0.05)

    def asked_again(self, fields: dict[str, str], path: str, patience_seconds: float = 30.0) -> HttpAnswer:
        """Send a form until something comes back; nothing is checked."""
        started = time.monotonic()
        while True:
            try:
                return self.provider.send(fields, path)
            except (OSError, http.client.HTTPException):
                assert time.monotonic() - started < patience_seconds, "never answered"
                time.sleep(0.05)

    def run(self, *command: str) -> str:
        """Run a command of the line beside the server."""
        whole = [sys.executable, "-m", "sms_service", *command]
        return subprocess.run(whole, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=True).stdout

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def serving(self) -> list[int]:
        """Give the workers that have answered texts, by the outbox that they hold open; the others are starting."""
        return [pid for pid in self.workers() if self._has_open(pid, "outbox.sqlite3")]

    def _has_open(self, pid: int, name: str) -> bool:
        with contextlib.suppress(OSError):
            return any(file.readlink().name == name for file in Path(f"/proc/{pid}/fd").iterdir())
        return False

    def memory_bytes(self) -> int:
        """Give the resident memory of all workers."""
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.workers())
        return pages * resource.getpagesize()

    def processor_seconds(self, pid: int) -> float:
        """Give the processor time that a process has used."""
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def open_files(self) -> int:
        return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in self.workers())

    def rows(self) -> list[str]:
        """Give the message ids in the message log; none while it cannot be read."""
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(self.var_dir / "line.sqlite3")) as db,
        ):
            return [row[0] for row in db.execute("SELECT message_id FROM message_log WHERE kind = 'message'")]
        return []

    def waiting(self) -> int:
        with contextlib.closing(sqlite3.connect(self.var_dir / "outbox.sqlite3")) as db:
            return int(db.execute("SELECT count(*) FROM event").fetchone()[0])

    def leaks(self) -> list[str]:
        """Give the places that hold a number or a word of somebody."""
        places = {str(path): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        places |= {path: self.get(path)[1] for path in ("/readyz", "/healthz", "/nothing", "/sms")}
        return [place for place, content in places.items() if any(secret in content for secret in SECRETS)]

    def stop(self) -> None:
        """End it as a deployment does."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def kill(self) -> None:
        if self.process.poll() is None:
            for pid in [self.process.pid, *self.workers()]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait(10)
        self.output.close()


def book_that_is_learned_at_once(folder: Path) -> Path:
    """Give a copy of the reply book without its tens of thousands of examples."""
    copy = folder / "responses"
    shutil.copytree(ROOT / "responses", copy, ignore=shutil.ignore_patterns("examples"))
    return copy
