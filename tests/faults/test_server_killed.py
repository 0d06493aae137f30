"""Faults rows 22, 55: web processes killed and reloaded while people text. The provider asks again; nothing is lost."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_service.webhooks.signed_request import message_fields, new_message_id, sign
from tests.conftest import ACCOUNT_SID, TOKEN
from tests.faults.house import TEN_THOUSAND
from tests.waiting import eventually

MESSAGES = 240


class Server:
    """The line as ``serve`` starts it, on a port of its own."""

    def __init__(self, project_root: Path, var_dir: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.var_dir = var_dir
        environ = {"PATH": os.environ["PATH"], "VAR_DIR": str(var_dir), "TWILIO_AUTH_TOKEN": TOKEN}
        command = [sys.executable, "-m", "sms_service", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=project_root, env=environ, stdout=subprocess.DEVNULL)
        eventually(lambda: self.get("/healthz") == 200, 60)

    def get(self, path: str) -> int:
        try:
            return self._ask("GET", path, b"", {})[0]
        except (OSError, http.client.HTTPException):
            return 0

    def text(self, sender: str, message_id: str) -> bytes:
        """Text as the provider does: ask again with the same id when nothing came back."""
        fields = message_fields("urgent", sender, ACCOUNT_SID, message_id=message_id)
        request = sign(f"http://127.0.0.1:{self.port}/sms", fields, TOKEN)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": request.signature,
        }
        for _ in range(200):
            try:
                status, body = self._ask("POST", "/sms", request.raw_body, headers)
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
                continue
            assert status == 200
            return body
        raise AssertionError("never answered")

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def rows(self) -> list[str]:
        connection = sqlite3.connect(self.var_dir / "line.sqlite3")
        try:
            return [row[0] for row in connection.execute("SELECT message_id FROM message_log")]
        finally:
            connection.close()

    def waiting(self) -> int:
        connection = sqlite3.connect(self.var_dir / "outbox.sqlite3")
        try:
            return int(connection.execute("SELECT count(*) FROM event").fetchone()[0])
        finally:
            connection.close()

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@pytest.fixture
def server(project_root: Path, tmp_path: Path) -> Iterator[Server]:
    """A running line."""
    server = Server(project_root, tmp_path / "var")
    yield server
    server.process.kill()
    server.process.wait(10)


@pytest.mark.slow
def test_workers_killed_and_reloaded_under_load(server: Server) -> None:
    answers: dict[str, bytes] = {}

    def send(senders: tuple[str, ...]) -> None:
        for sender in senders:
            message_id = new_message_id()
            answers[message_id] = server.text(sender, message_id)
            time.sleep(0.05)

    threads = [threading.Thread(target=send, args=(TEN_THOUSAND[start:MESSAGES:4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        time.sleep(1)
        for worker in server.workers():
            os.kill(worker, signal.SIGKILL)
        eventually(lambda: server.get("/healthz") == 200, 60)
    server.process.send_signal(signal.SIGHUP)
    for thread in threads:
        thread.join()

    assert len(answers) == MESSAGES
    assert all(b"999" in answer for answer in answers.values())
    eventually(lambda: len(server.rows()) >= MESSAGES)
    assert sorted(server.rows()) == sorted(answers), "one row for each, whoever was killed"

    [late] = TEN_THOUSAND[MESSAGES : MESSAGES + 1]
    server.text(late, new_message_id())
    server.process.terminate()
    server.process.wait(30)
    assert server.waiting() == 0, "what is left is moved at the end"
    assert len(server.rows()) == MESSAGES + 1
