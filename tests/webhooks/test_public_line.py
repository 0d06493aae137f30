"""The canary's phone, against a server that does what servers do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from sms_service.service.canary import LineUnreachable
from sms_service.webhooks.public_line import SignedPhone
from sms_service.webhooks.twiml import message_twiml
from tests.conftest import ACCOUNT_SID, TOKEN


class Answering(BaseHTTPRequestHandler):
    answer: tuple[int, str, bytes] = (200, "text/xml; charset=utf-8", message_twiml("Fish & chips < 9"))
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_POST(self) -> None:
        self.seen.append((self.path, dict(self.headers.items())))
        self.rfile.read(int(self.headers["Content-Length"]))
        status, kind, body = self.answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[tuple[type[Answering], str]]:
    handler = type("Handler", (Answering,), {"seen": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield handler, f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def phone(url: str, wait_seconds: float = 5.0) -> SignedPhone:
    return SignedPhone(url, TOKEN, ACCOUNT_SID, "+447700900000", wait_seconds=wait_seconds)


def text(url: str, **options: float) -> tuple[str, ...]:
    return phone(url, **options).text("HELP", sender="canary-1", message_id="SM" + 32 * "1")


def test_texts_come_back(server: tuple[type[Answering], str]) -> None:
    handler, url = server
    assert text(url) == ("Fish & chips < 9",)
    path, headers = handler.seen[0]
    assert path == "/sms"
    assert headers["X-Twilio-Signature".title()]


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        (403, "text/xml", "refuses its own signature"),
        (302, "text/html", "redirects (302)"),
        (404, "text/html", "leads somewhere else"),
        (502, "text/html", "status 502"),
        (200, "text/html", "in front of the line"),
    ],
)
def test_what_the_provider_could_not_use_is_told(
    server: tuple[type[Answering], str], status: int, kind: str, says: str
) -> None:
    handler, url = server
    handler.answer = (status, kind, b"<p>canary-secret</p>")
    with pytest.raises(LineUnreachable) as told:
        text(url)
    assert says in told.value.sentence
    assert "canary-secret" not in told.value.sentence


def test_nobody_there_is_told(server: tuple[type[Answering], str]) -> None:
    with pytest.raises(LineUnreachable, match="Nobody listens"):
        text("http://127.0.0.1:9")


def test_silence_is_told(server: tuple[type[Answering], str]) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(LineUnreachable, match="not answer in time"),
    ):
        text(f"http://127.0.0.1:{silent.getsockname()[1]}", wait_seconds=0.2)
