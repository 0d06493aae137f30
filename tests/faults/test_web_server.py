"""Faults rows 32, 38, 40 and 55 at the real web server, as production starts it, with nothing before it.

A deploy and a change of tokens while people text, senders of slow headers, and bodies and headers that are too large.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from sms_service.webhooks.signed_request import message_fields, new_message_id, sign
from tests.conftest import ACCOUNT_SID, PUBLIC_URL, TOKEN
from tests.faults.house import TEN_THOUSAND
from tests.faults.server import book_that_is_learned_at_once
from tests.ports import free_port
from tests.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@contextmanager
def production_server(root: Path, environ: dict[str, str], port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start the line as a Procfile does; it is ready when it says the release that it was given."""
    settings = {**environ, "PATH": os.environ["PATH"], "PORT": str(port), "RELEASE": "first", **more}
    subprocess.run([sys.executable, "-m", "sms_service", "migrate"], cwd=root, env=settings, check=True)
    command = [sys.executable, "-m", "sms_service", "serve", "--production"]
    process = subprocess.Popen(command, cwd=root, env=settings, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        eventually(lambda: settings["RELEASE"].encode() in health(port), 90)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def health(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Connection": "close"})
        return connection.getresponse().read()
    except OSError:
        return b""
    finally:
        connection.close()


class People:
    """Text until told to stop, each message once: nobody asks again here, as the provider does not within a moment."""

    def __init__(self, port: int, token: str = TOKEN) -> None:
        self.port = port
        self.token = token
        self.failed: list[str] = []
        self.seconds: list[float] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._text, args=(TEN_THOUSAND[i::4],)) for i in range(4)]

    def __enter__(self) -> People:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def p99(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.99) - 1]

    def _text(self, senders: tuple[str, ...]) -> None:
        for sender in senders:
            if self._stop.wait(0.01):
                return
            fields = message_fields("urgent", sender, ACCOUNT_SID, message_id=new_message_id())
            request = sign(f"{PUBLIC_URL}/sms", fields, self.token)
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": request.signature,
                "Connection": "close",
            }
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
            started = time.perf_counter()
            try:
                connection.request("POST", "/sms", request.raw_body, headers)
                answer = connection.getresponse()
                if answer.status != 200 or b"999" not in answer.read():
                    self.failed.append(str(answer.status))
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(type(error).__name__)
            finally:
                connection.close()
            self.seconds.append(time.perf_counter() - started)


def test_a_deploy_turns_nobody_away(project_root: Path, production_environ: dict[str, str]) -> None:
    port = free_port()
    with production_server(project_root, production_environ, port) as old, People(port) as people:
        time.sleep(2)
        with production_server(project_root, production_environ, port, RELEASE="second"):
            old.terminate()
            old.wait(30)
            time.sleep(2)
            assert b"second" in health(port)
    assert len(people.seconds) > 200
    assert people.failed == []


def test_row_38_tokens_are_rotated_and_nobody_is_refused(
    project_root: Path, production_environ: dict[str, str], tmp_path: Path
) -> None:
    """As docs/operations.md says: name the new token as well, let the provider sign with it, take the old one away."""
    port, new = free_port(), "another-token-of-the-tests"
    environ = {**production_environ, "RESPONSES_DIR": str(book_that_is_learned_at_once(tmp_path))}
    both = {"TWILIO_AUTH_TOKEN_SECONDARY": new, "RELEASE": "both"}
    only_new = {"TWILIO_AUTH_TOKEN": new, "RELEASE": "new"}
    with ExitStack() as servers:
        old = servers.enter_context(production_server(project_root, environ, port))
        with People(port) as people:
            time.sleep(1)
            middle = servers.enter_context(production_server(project_root, environ, port, **both))
            old.terminate()
            old.wait(30)
            time.sleep(1)
            people.token = new  # the provider makes the secondary token its primary one
            time.sleep(1)
            servers.enter_context(production_server(project_root, environ, port, **only_new))
            middle.terminate()
            middle.wait(30)
            time.sleep(1)
            assert b"new" in health(port)
        assert len(people.seconds) > 100
        assert people.failed == []
        with People(port) as late:  # the old token counts no more
            time.sleep(0.5)
        assert set(late.failed) == {"403"}


def test_a_reload_of_the_other_server_turns_nobody_away(project_root: Path, production_environ: dict[str, str]) -> None:
    port = free_port()
    with (
        production_server(project_root, production_environ, port, WEB_SERVER="gunicorn") as server,
        People(port) as people,
    ):
        time.sleep(2)
        server.send_signal(signal.SIGHUP)
        time.sleep(20)
    assert len(people.seconds) > 100
    assert people.failed == []


def test_senders_of_slow_headers_hold_nobody_up(project_root: Path, production_environ: dict[str, str]) -> None:
    port = free_port()
    with production_server(project_root, production_environ, port):
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(300)]
        for one in slow:
            one.sendall(b"POST /sms HTTP/1.1\r\nHost: line.example.org\r\nX-Slow: ")
        with People(port) as people:
            for _ in range(8):
                for one in slow:
                    with suppress(OSError):  # the server has had enough of it
                        one.sendall(b"a")
                time.sleep(0.5)
        for one in slow:
            one.close()
    assert len(people.seconds) > 100
    assert people.failed == []
    assert people.p99() <= 1.0


def test_what_is_too_large_holds_nobody_up(project_root: Path, production_environ: dict[str, str]) -> None:
    port = free_port()
    with production_server(project_root, production_environ, port) as server, People(port) as people:
        before = resident_kib(server.pid)
        for _ in range(30):
            too_much(port, b"POST /sms HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n" + 5_000_000 * b"a")
            too_much(port, b"POST /sms HTTP/1.1\r\nHost: a\r\nX-Large: " + 1_000_000 * b"a" + b"\r\n\r\n")
            too_much(port, b"POST /sms HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
            too_much(port, bytes(range(256)) * 40)
        grown_kib = resident_kib(server.pid) - before
    assert people.failed == []
    assert people.p99() <= 1.0
    assert grown_kib < 120_000, "180 MB were sent; the models are being learned meanwhile"


def too_much(port: int, request: bytes) -> None:
    """Send it and take whatever comes back; nothing of it may be a success."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        try:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(4096)
        except OSError:
            return  # hung up on: the plainest answer
    assert not answer.startswith(b"HTTP/1.1 2"), answer[:80]


def resident_kib(pid: int) -> int:
    """Give the memory of a server and its workers."""
    total = 0
    for process in (pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return total
