"""Claims about every message there can be."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sms_service.core.decisions import Outcome
from sms_service.webhooks.signed_request import new_message_id, sign

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

any_case = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
words = st.sampled_from(
    "help URGENT stop he wants a pic 1 9 more forget me thanks ok iwf \N{SQUARED SOS} kill myself x".split()
)
senders = (f"+447700900{1 + number % 900:03d}" for number in count())
"""Mobiles, one after the other, our own (000) left out: any digits are a landline now and then, which gets no text."""
texts = st.one_of(
    st.text(max_size=400), st.lists(words, max_size=12).map(" ".join), st.sampled_from(["", " ", "\0", "\u202e"])
)


def is_known_answer(line: Line, status: int, body: bytes, message_id: str) -> bool:
    """200, well-formed, one text of a known reply, and a row that says which."""
    assert status == 200
    [message] = ET.fromstring(body)
    assert (message.tag, (message.text or "").strip() != "") == ("Message", True)
    [event] = [event for event in line.recorder.events if event.message_id == message_id]
    assert event.outcome == Outcome.ANSWERED
    assert event.reply in line.release.book.replies
    assert event.degraded == ()
    return line.log.troubles == []


@any_case
@given(text=texts)
@example(text="\N{ZERO WIDTH SPACE}" * 100)
@example(text="%00%ff&Body=x")
@example(text="{{7*7}} {0.__class__} ${x}")
@example(text="a" * 1600)
def test_any_text_gets_a_known_reply(line: Line, text: str) -> None:
    message_id = new_message_id()
    answer = line.handle(text, next(senders), message_id)
    assert is_known_answer(line, answer.status, answer.body, message_id)


@any_case
@given(raw=st.binary(max_size=200))
@example(raw=b"\xff\xfe\x00")
@example(raw=b"\xed\xa0\x80 \xc0\xaf")
def test_any_bytes_that_were_signed_get_a_known_reply(line: Line, raw: bytes) -> None:
    message_id = new_message_id()
    fields = line.fields("PLACE", next(senders), message_id)
    read_back = raw.decode("utf-8", "replace")
    signed = sign("https://line.example.org/sms", {**fields, "Body": read_back}, "token-of-the-tests")
    raw_body = sign("", fields, "t").raw_body.replace(b"Body=PLACE", b"Body=" + quote_from_bytes(raw).encode())
    answer = line.webhook.handle(raw_body, signed.signature)
    assert is_known_answer(line, answer.status, answer.body, message_id)


@any_case
@given(
    fields=st.dictionaries(
        st.sampled_from(["Body", "From", "NumMedia", "OptOutType", "ButtonPayload", "To", "Extra"]),
        st.text(max_size=60),
    )
)
def test_any_other_field_is_harmless(line: Line, fields: dict[str, str]) -> None:
    answer = line.handle(message_id=new_message_id(), **fields)
    assert answer.status == 200
    assert ET.fromstring(answer.body).tag == "Response"
    assert line.log.troubles == []


@pytest.mark.parametrize("text", ["URGENT", "help", "hi", "forget me", "MORE", "stop"])
def test_fifty_at_once_with_one_id_get_the_same_bytes_and_one_row(line: Line, text: str) -> None:
    message_id = new_message_id()
    together = threading.Barrier(50)

    def ask() -> bytes:
        together.wait()
        return bytes(line.handle(text, message_id=message_id).body)

    with ThreadPoolExecutor(50) as pool:
        answers = {future.result() for future in [pool.submit(ask) for _ in range(50)]}
    assert len(answers) == 1
    assert b"<Message " in answers.pop()
    assert [event.message_id for event in line.recorder.events] == [message_id]
    assert [event.message_id for event in line.log.events] == [message_id], "and one line"


def test_a_repeat_gets_the_same_bytes_however_the_conversation_went_on(line: Line) -> None:
    message_id = new_message_id()
    first = line.handle("help", message_id=message_id)
    assert line.handle("help") != first
    line.handle("URGENT")
    assert line.handle("help", message_id=message_id) == first
    assert len(line.recorder.events) == 3
