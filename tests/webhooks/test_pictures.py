"""Pictures are never fetched, shown, linked or kept; a trap on this machine would see any attempt."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from sms_service.service.history import History
from sms_service.service.messaging import utc_now
from sms_service.service.provider_copies import ProviderCopies
from sms_service.storage.publishing.in_memory import InMemoryHistory

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line


class Trap:
    """A server that no request may ever come to."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        trap = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                trap.requests.append(self.path)
                self.send_response(200)
                self.end_headers()

            do_HEAD = do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/canary-picture"


@pytest.fixture
def trap() -> Iterator[Trap]:
    one = Trap()
    thread = threading.Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()


def with_pictures(trap: Trap, count: int = 3, kind: str = "image/jpeg") -> dict[str, str]:
    fields = {"NumMedia": str(count)}
    for index in range(count):
        fields |= {f"MediaUrl{index}": f"{trap.url}/{index}", f"MediaContentType{index}": kind}
    return fields


CAPTIONS = ["", "look", "HELP", "he wants to kill me", "STOP", "i want to kill myself"]


@pytest.mark.parametrize("caption", CAPTIONS)
@pytest.mark.parametrize("sender", ["+447700900123", "whatsapp:+447700900123", "rcs:+447700900123"])
def test_no_request_is_ever_made_and_no_address_kept(
    line: Line, trap: Trap, caption: str, sender: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fields = with_pictures(trap) | {"StatusCallback": trap.url, "ErrorUrl": trap.url, "Referral": trap.url}
    answer = line.handle(caption, sender, **fields)
    assert answer.status == 200
    assert trap.requests == []
    [row] = line.recorder.events
    assert row.media_count == 3
    kept = f"{answer.body!r}{row!r}{line.log.events!r}{line.log.troubles!r}{caplog.text}"
    assert "canary-picture" not in kept
    assert "127.0.0.1" not in kept


def test_the_trap_would_see_it(trap: Trap) -> None:
    with socket.create_connection(("127.0.0.1", trap.server.server_port)) as connection:
        connection.sendall(b"GET /canary-picture HTTP/1.0\r\n\r\n")
        assert b"200" in connection.recv(100)
    assert trap.requests


@pytest.mark.parametrize(
    ("caption", "reply"),
    [
        ("", "picture"),
        ("look at this", "picture"),
        ("MEET", "picture"),
        ("URGENT", "urgent"),
        ("he is going to kill me", "urgent"),
        ("BLACKMAIL", "blackmail"),
        ("STOP", "stop"),
        ("forget me", "forget_me"),
    ],
)
def test_the_captions_own_danger_is_understood_first(line: Line, trap: Trap, caption: str, reply: str) -> None:
    assert line.reply(caption, **with_pictures(trap, 1)) == reply


@pytest.mark.parametrize(("kind", "reply"), [("audio/ogg", "voice_note"), ("video/mp4", "picture"), ("", "picture")])
def test_a_voice_note_is_answered_kindly(line: Line, trap: Trap, kind: str, reply: str) -> None:
    assert line.reply("", sender="whatsapp:+447700900123", **with_pictures(trap, 1, kind)) == reply


class FakeProvider:
    def __init__(self, *ids: str) -> None:
        self.ids = list(ids)

    def media_ids(self, message_id: str) -> tuple[str, ...]:
        return tuple(self.ids)

    def delete_media(self, message_id: str, media_id: str) -> None:
        self.ids.remove(media_id)


def test_the_providers_copy_is_left_alone_until_somebody_decides() -> None:
    provider, history = FakeProvider("ME1", "ME2"), History(store=InMemoryHistory(), clock=utc_now)
    copies = ProviderCopies(media=provider, history=history)
    assert copies.count("SM1") == 2
    assert (provider.ids, history.search().entries) == (["ME1", "ME2"], ())
    assert copies.delete("SM1", actor="Lead", case="C-1") == 2
    assert provider.ids == []
    (entry,) = history.search().entries
    assert (entry.actor, entry.action, entry.subject) == ("Lead", "provider_copy_deleted", "message SM1")
    assert entry.detail == "case C-1: 2 to be deleted at the provider"
    assert copies.delete("SM1", actor="Lead", case="C-1") == 0
    assert len(history.search().entries) == 1
