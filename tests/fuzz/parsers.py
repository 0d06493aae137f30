"""Every place where bytes from outside become something else, as functions that take any bytes.

Each raises only what it promises to raise; anything else is a finding. ``test_parsers.py`` replays the kept seeds and
draws new bytes; ``scripts/fuzz`` lets a coverage-guided fuzzer loose on one of them for as long as you like.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from sms_service.core.conversation import Conversation
from sms_service.core.errors import LineError, RequestRefused
from sms_service.core.normalisation import normalise, readable
from sms_service.core.segments import count_segments
from sms_service.core.understanding.service_words import service_word
from sms_service.service.ports import LineLog
from sms_service.settings import VARIABLES, BadSettings, read_settings
from sms_service.storage.event_text import from_json, plain, to_json
from sms_service.storage.hot_state_scripts import read_claim, read_settled
from sms_service.storage.hot_state_values import read_conversation
from sms_service.storage.redis_address import read_redis_url
from sms_service.storage.redis_connection import NotRedis
from sms_service.webhooks.form_parsing import parse_form
from sms_service.webhooks.request_verification import RequestVerifier
from sms_service.webhooks.sms import SmsWebhook
from sms_service.webhooks.sms_parsing import OwnAccount, parse_message
from sms_service.webhooks.status_address import answered_message, status_address
from sms_service.webhooks.twiml import message_twiml

_XML_DECLARED: Final = b'<?xml version="1.0" encoding="UTF-8"?>'


def form(data: bytes) -> None:
    """The body of a request, up to the message in it."""
    with suppress(RequestRefused):
        message = parse_message(parse_form(data), OwnAccount())
        assert len(message.sender) <= 120
        assert 0 <= message.media_count <= 10


def signed_request(data: bytes) -> None:
    """The signature, the body and the address of a request; nobody here knows the token."""
    signature, _, rest = data.partition(b"\n")
    path, _, body = rest.partition(b"\n")
    webhook = SmsWebhook(RequestVerifier("https://line.example.org", ["t"]), OwnAccount(), _Nobody(), _Silent())
    answer = webhook.handle(body, signature.decode("latin-1"), path.decode("latin-1"))
    assert answer.status in {400, 403, 413}
    assert answer.body.startswith(_XML_DECLARED)


def status_report(data: bytes) -> None:
    """The address of a delivery report."""
    found = answered_message(data.decode("latin-1"))
    assert found is None or answered_message(status_address("https://a.example", found)) == found


def text_message(data: bytes) -> None:
    """What somebody typed, up to its plain words and what it would cost to send."""
    text = data.decode("utf-8", "replace")
    read = normalise(readable(text))
    assert all(word.isascii() and word.isalnum() for word in read.words)
    assert len(read.words) == len(read.shouted)
    service_word(read.words)
    count_segments(text)


def understood(data: bytes) -> None:
    """What somebody typed, up to a reply that the book has."""
    book, understand = _understander()
    found = understand(data.decode("utf-8", "replace"))
    assert found.reply in book or found.reply == "no_match"  # type: ignore[attr-defined]


def answer(data: bytes) -> None:
    """A reply on its way into TwiML: well-formed whatever staff wrote."""
    with suppress(ValueError):
        address = status_address("https://a.example", data.decode("latin-1"))
        ET.fromstring(message_twiml(data.decode("utf-8", "surrogateescape"), address))


def conversation(data: bytes) -> None:
    """What a store gives back about a sender."""
    kept = read_conversation(data)
    assert Conversation.from_json(kept.to_json()) == kept


def event(data: bytes) -> None:
    """What an outbox gives back."""
    with suppress(ValueError):
        found = from_json(data.decode("utf-8", "replace"))
        assert from_json(to_json(found)).kind is found.kind
    assert plain(data.decode("latin-1")).isascii()


def redis_answer(data: bytes) -> None:
    """What a stranger in Redis's place could say."""
    for said in (data, [data, data, len(data)], [None, data, 1], [0, data], [1], [data] * 4, len(data), None):
        with suppress(NotRedis):
            read_claim(said)
        with suppress(NotRedis):
            read_settled(said)


def redis_address(data: bytes) -> None:
    """REDIS_URL."""
    with suppress(LineError):
        read_redis_url(data.decode("latin-1"))


CANARY = "c4n4ry0f4s3cr3t"


def settings(data: bytes) -> None:
    """Every environment variable at once."""
    value = data.decode("latin-1").replace("\0", "")
    for variable in VARIABLES:
        for written in (value, value + CANARY, CANARY + value):
            said = ""
            try:
                read_settings({variable.name: written})
            except BadSettings as bad:
                said = str(bad)
            # A sentence that repeats the value would repeat a secret.
            assert CANARY not in said


def reply_file(data: bytes) -> None:
    """A file that staff have edited."""
    from sms_service.storage.response_files import load_book

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "help.yaml").write_bytes(data)
        (Path(folder) / "contacts.yaml").write_bytes(data)
        load_book(Path(folder))


PARSERS: Final[dict[str, Callable[[bytes], None]]] = {
    parser.__name__: parser
    for parser in (
        form, signed_request, status_report, text_message, understood, answer, conversation, event, redis_answer,
        redis_address, settings, reply_file,
    )
}  # fmt: skip


@cache
def _understander() -> tuple[frozenset[str], Callable[[str], object]]:
    from sms_service.core.understanding.pipeline import Understander
    from sms_service.storage.response_files import load_book
    from sms_service.storage.word_list import english_words

    book = load_book(Path(__file__).resolve().parents[2] / "responses").book
    assert book is not None
    return frozenset(book.replies), Understander(book, english_words()).understand


class _Nobody:
    def answer(self, message: object) -> bytes:
        raise AssertionError("nobody knows the token")

    def last_resort(self, error: BaseException, message_id: str | None = None) -> bytes:
        raise AssertionError("nobody knows the token") from error


class _Silent(LineLog):
    def event(self, event: object) -> None: ...
    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None: ...
    def refusal(self, code: str) -> None: ...
