"""Faults rows 23, 28, 30 and 32 on the line as people run it: limits of the system, bursts, half an hour of trouble."""

from __future__ import annotations

import http.client
import json
import os
import random
import resource
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sms_service.service.release import Release
from sms_service.webhooks.signed_request import new_message_id
from tests.faults.house import PHRASE, TEN_THOUSAND, eventually
from tests.faults.provider import CONTENT_TYPE, Crowd, KnownTexts
from tests.faults.server import Server
from tests.storage.valkey_process import ValkeyProcess

BACK_WITHIN_SECONDS = 5.0
MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
MESSAGES_A_SECOND = 20
MOST_GROWTH = 1.05

OpenServer = Callable[..., Server]


@pytest.fixture
def open_server(shipped_release: Release, tmp_path: Path) -> Iterator[OpenServer]:
    """Start lines that end with the test."""
    servers: list[Server] = []

    def build(**options) -> Server:
        servers.append(Server(tmp_path / f"server{len(servers)}", KnownTexts(shipped_release), **options))
        return servers[-1]

    yield build
    for server in servers:
        server.kill()


def answered(server: Server, sender: str, patience_seconds: float = 30.0) -> float:
    """Text as the provider does, which asks again when nothing comes back; give how long it took in all."""
    message_id, started = new_message_id(), time.monotonic()
    while True:
        try:
            assert "999" in server.provider.text(f"urgent {PHRASE}", sender, message_id)
            return time.monotonic() - started
        except (OSError, http.client.HTTPException):
            assert time.monotonic() - started < patience_seconds, "never answered"
            time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_row_23_too_few_files(open_server: OpenServer) -> None:
    """64 open files for each process, and more callers who hold their lines: back when they hang up."""
    server = open_server(most_open_files=64)
    answered(server, TEN_THOUSAND[0])
    lines = []
    for _ in range(200):
        with suppress(OSError):
            lines.append(socket.create_connection(("127.0.0.1", server.port), timeout=1))
    time.sleep(1)
    for line in lines:
        line.close()
    assert answered(server, TEN_THOUSAND[1]) < BACK_WITHIN_SECONDS
    for sender in TEN_THOUSAND[2:50]:
        answered(server, sender)
    eventually(lambda: len(server.rows()) == 50)
    assert server.leaks() == []


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("limit", ["memory", "processes"])
def test_row_23_no_memory_and_no_more_threads(limit: str, open_server: OpenServer) -> None:
    """Workers that get no memory any more, or may start no thread; then they are killed for it, and come back."""
    server = open_server()
    time.sleep(3)  # until both serve; what becomes of one that cannot even start: tests/cli/test_web_worker.py
    answered(server, TEN_THOUSAND[0])
    which, most = (resource.RLIMIT_AS, 1) if limit == "memory" else (resource.RLIMIT_NPROC, 1)
    for worker in server.workers():
        resource.prlimit(worker, which, (most, most))
    for sender in TEN_THOUSAND[1:20]:
        with suppress(OSError, http.client.HTTPException):
            server.provider.text("urgent", sender)
    for worker in server.workers():
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    took = answered(server, TEN_THOUSAND[20])
    assert took < 3 * BACK_WITHIN_SECONDS, "both workers start anew at the same time, on this machine's two cores"
    assert server.leaks() == []


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_row_23_one_worker_killed_again_and_again(open_server: OpenServer) -> None:
    """The other goes on: nobody waits for five seconds."""
    server = open_server()
    worst = 0.0
    for number in range(5):
        os.kill(server.workers()[0], signal.SIGKILL)
        worst = max(worst, *(answered(server, sender) for sender in TEN_THOUSAND[number * 20 : number * 20 + 20]))
        eventually(lambda: len(server.workers()) == 2, 20)
        time.sleep(3)
    assert worst < BACK_WITHIN_SECONDS
    eventually(lambda: len(server.rows()) == 100)
    assert server.leaks() == []


@pytest.mark.soak
def test_row_28_ten_thousand_senders_over_http(open_server: OpenServer, measured: Callable[..., None]) -> None:
    server = open_server()
    answered(server, "+447700900999")
    started = time.monotonic()

    def send(thread: int) -> None:
        for sender in TEN_THOUSAND[thread::16]:
            assert "999" in server.provider.text(f"urgent {PHRASE}", sender)

    Crowd().start(send, range(16)).wait()
    took = time.monotonic() - started
    measured(seconds=took, p99_seconds=server.provider.percentile(0.99))
    assert took <= 60
    server.provider.check_times()
    eventually(lambda: len(server.rows()) == 10_001, 60)
    server.stop()
    assert server.waiting() == 0
    assert len(set(server.rows())) == 10_001
    assert server.leaks() == []


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_row_32_large_requests_leave_memory_flat(open_server: OpenServer) -> None:
    server = open_server(workers=1)
    for sender in TEN_THOUSAND[:200]:
        answered(server, sender)

    def send(body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=15)
        try:
            connection.request("POST", "/sms", body, {"X-Twilio-Signature": "c2ln", **headers})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type") or "", answer.read()
        except (BrokenPipeError, ConnectionResetError):
            return 0, "", b""  # hung up on while still sending: also a refusal
        finally:
            connection.close()

    def send_all() -> None:
        for body in (b"Body=" + b"x" * 2_000_000, b"&".join(b"field%d=x" % number for number in range(10_000))):
            for status, content_type, content in (send(body, {}) for _ in range(20)):
                assert status in {0, 400, 413}
                if status:
                    assert content_type == CONTENT_TYPE
                    assert list(ET.fromstring(content)) == []
        for _ in range(20):  # refused by the web server itself, or by us
            assert send(b"", {"X-Long": "x" * 64_000})[0] in {0, 400, 403, 431}

    send_all()
    before = server.memory_bytes()
    for _ in range(5):
        send_all()
    assert server.memory_bytes() < before * MOST_GROWTH
    answered(server, TEN_THOUSAND[300])
    assert server.leaks() == []


class Trouble:
    """Breaks something, waits, mends it: again and again, by a seed that is told."""

    def __init__(self, server: Server, valkey: ValkeyProcess, seed: int) -> None:
        self._server = server
        self._valkey = valkey
        self._chance = random.Random(seed)
        self.happened: list[str] = []

    def happen(self) -> None:
        what = self._chance.choice([self._freeze, self._kill, self._flush, self._lock, self._fill, self._kill_worker])
        self.happened.append(what.__name__.strip("_"))
        what(self._chance.uniform(1, 8))

    def _freeze(self, seconds: float) -> None:
        self._valkey.freeze()
        time.sleep(seconds)
        self._valkey.thaw()

    def _kill(self, seconds: float) -> None:
        self._valkey.kill()
        time.sleep(seconds)
        self._valkey.start()

    def _flush(self, seconds: float) -> None:
        with self._valkey.admin() as admin:
            admin.flushall()
        time.sleep(seconds)

    def _fill(self, seconds: float) -> None:
        with self._valkey.admin() as admin:
            admin.config_set("maxmemory", 100_000)
            time.sleep(seconds)
            admin.config_set("maxmemory", 0)

    def _lock(self, seconds: float) -> None:
        names = self._chance.choice([["line.sqlite3"], ["outbox.sqlite3"], ["line.sqlite3", "outbox.sqlite3"]])
        held = [sqlite3.connect(self._server.var_dir / name, isolation_level=None, timeout=5) for name in names]
        for connection in held:
            with suppress(sqlite3.OperationalError):
                connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        for connection in held:
            connection.close()

    def _kill_worker(self, seconds: float) -> None:
        os.kill(self._chance.choice(self._server.workers()), signal.SIGKILL)
        time.sleep(seconds)


class SteadyTraffic:
    """Texts at an even pace from four phones at a time, and measures the line meanwhile."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._senders = iter(TEN_THOUSAND * 100)
        self.sent = 0
        self.sizes: list[tuple[int, int, list[int]]] = []
        """Memory in bytes, open files, and which workers they are of."""

    def __enter__(self) -> SteadyTraffic:
        self.crowd = Crowd().start(self._send, range(4))
        self._measuring = threading.Thread(target=self._measure)
        self._measuring.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._measuring.join()
        self.crowd.wait()

    def _send(self, _: int) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            with self._lock:
                sender = next(self._senders)
            answered(self._server, sender)
            with self._lock:
                self.sent += 1
            self._stop.wait(max(0.0, 4 / MESSAGES_A_SECOND - (time.monotonic() - started)))

    def _measure(self) -> None:
        while not self._stop.wait(5):
            with suppress(OSError):
                measured = self._server.memory_bytes(), self._server.open_files(), self._server.workers()
                self.sizes.append(measured)


@pytest.mark.soak
def test_row_30_half_an_hour_of_trouble(
    open_server: OpenServer, valkey: ValkeyProcess, measured: Callable[..., None]
) -> None:
    """20 messages a second, something breaking all the time: all answered, all rows, no growth."""
    seed = int(os.environ.get("SOAK_SEED", time.time_ns() % 10**6))
    server = open_server(REDIS_URL=valkey.url)
    until = time.monotonic() + MINUTES * 60
    trouble = Trouble(server, valkey, seed)
    with SteadyTraffic(server) as traffic:
        while time.monotonic() < until and not traffic.crowd.failures:
            trouble.happen()
            time.sleep(3)
    seconds = server.provider.seconds
    told = {
        "seed": seed,
        "sent": traffic.sent,
        "troubles": len(trouble.happened),
        "p99": server.provider.percentile(0.99),
        "max": max(seconds),
    }
    measured(**told)
    server.provider.check_times()
    eventually(lambda: len(server.rows()) >= traffic.sent, 60)
    assert len(server.rows()) == len(set(server.rows())) == traffic.sent, told
    check_growth(traffic.sizes)
    eventually(lambda: set(json.loads(server.get("/readyz")[1])["parts"].values()) == {"ok"}, 30)
    assert server.leaks() == []


def check_growth(sizes: list[tuple[int, int, list[int]]]) -> None:
    """Compare the workers' size while the same two lived: a new one starts small and fills its caches."""
    by_workers: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for memory, files, workers in sizes:
        by_workers.setdefault(tuple(workers), []).append((memory, files))
    for measured in by_workers.values():
        settled = measured[6:]  # the first half minute
        if len(settled) < 6:
            continue
        third = len(settled) // 3
        early, late = settled[:third], settled[-third:]
        assert min(size for size, _ in late) <= max(size for size, _ in early) * MOST_GROWTH
        assert min(files for _, files in late) <= max(files for _, files in early) + 10
