"""Faults rows 23, 28 and 32 on the line as people run it: limits of the system, bursts, bodies too large."""

from __future__ import annotations

import http.client
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sms_service.service.release import Release
from sms_service.webhooks.signed_request import message_fields
from tests.conftest import ACCOUNT_SID
from tests.faults.house import PHRASE, TEN_THOUSAND
from tests.faults.measurements import note
from tests.faults.provider import CONTENT_TYPE, Crowd, KnownTexts
from tests.faults.server import Server
from tests.waiting import eventually

BACK_WITHIN_SECONDS = 5.0
"""On a machine that has nothing else to do."""
MOST_START_SECONDS = 4.0
"""Of a processor, for a worker from nothing to its first answer; a second between two tries comes on top."""
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


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_row_23_too_few_files(open_server: OpenServer) -> None:
    """64 open files for each process, and more callers who hold their lines: back when they hang up."""
    server = open_server(most_open_files=64)
    server.answered(TEN_THOUSAND[0])
    lines = []
    for _ in range(200):
        with suppress(OSError):
            lines.append(socket.create_connection(("127.0.0.1", server.port), timeout=1))
    time.sleep(1)
    for line in lines:
        line.close()
    assert server.answered(TEN_THOUSAND[1]) < BACK_WITHIN_SECONDS
    for sender in TEN_THOUSAND[2:50]:
        server.answered(sender)
    eventually(lambda: len(server.rows()) == 50)
    assert server.leaks() == []


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("limit", ["memory", "processes"])
def test_row_23_no_memory_and_no_more_threads(limit: str, open_server: OpenServer) -> None:
    """Workers that get no memory any more, or may start no thread; then they are killed for it, and come back."""
    server = open_server()
    eventually(
        lambda: len(server.serving()) == 2, 90
    )  # what becomes of one that cannot even start: tests/cli/test_web_worker.py
    server.answered(TEN_THOUSAND[0])
    which, most = (resource.RLIMIT_AS, 1) if limit == "memory" else (resource.RLIMIT_NPROC, 1)
    for worker in server.workers():
        resource.prlimit(worker, which, (most, most))
    for sender in TEN_THOUSAND[1:20]:
        with suppress(OSError, http.client.HTTPException):
            before = server.provider.clock()
            answer = server.provider.send_untimed(message_fields("urgent", sender, ACCOUNT_SID))
            if answer.status == 500 and not answer.body:  # the web server's own, without memory for our code to run in
                continue  # the provider turns to its fallback; nothing is texted in our name
            server.provider.check_reply(answer, before)
    for worker in server.workers():
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    took = server.answered(TEN_THOUSAND[20], patience_seconds=90)
    spent = max(server.processor_seconds(worker) for worker in server.serving())
    note(back_after_seconds=took, processor_seconds=spent, load=os.getloadavg()[0])
    assert spent < MOST_START_SECONDS
    assert took < BACK_WITHIN_SECONDS * max(1.0, os.getloadavg()[0]), "both start at once, and share two cores"
    assert server.leaks() == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_row_23_one_worker_killed_again_and_again(open_server: OpenServer) -> None:
    """The other goes on: nobody waits for five seconds."""
    server = open_server()
    eventually(lambda: len(server.serving()) == 2, 90)
    worst = 0.0
    for number in range(5):
        os.kill(server.serving()[0], signal.SIGKILL)
        worst = max(worst, *(server.answered(sender) for sender in TEN_THOUSAND[number * 20 : number * 20 + 20]))
        eventually(lambda: len(server.serving()) == 2, 90)
    assert worst < BACK_WITHIN_SECONDS
    eventually(lambda: len(server.rows()) == 100)
    assert server.leaks() == []


@pytest.mark.soak
def test_row_28_ten_thousand_senders_over_http(open_server: OpenServer) -> None:
    server = open_server()
    server.answered("+447700900999")
    started = time.monotonic()

    def send(thread: int) -> None:
        for sender in TEN_THOUSAND[thread::16]:
            assert "999" in server.provider.text(f"urgent {PHRASE}", sender)

    Crowd().start(send, range(16)).wait()
    took = time.monotonic() - started
    note(seconds=took)
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
        server.answered(sender)

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
    server.answered(TEN_THOUSAND[300])
    assert server.leaks() == []
