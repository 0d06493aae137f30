"""The canary goes the whole way, and hears every kind of wrong answer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from sms_service.core.canaries import canary_key
from sms_service.core.events import EventKind
from sms_service.service.canary import Canary, LineUnreachable, probes_of
from sms_service.service.messaging import utc_now
from tests.conftest import ACCOUNT_SID, PUBLIC_URL, TOKEN

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER, message_fields, sign
from sms_service.webhooks.simulated_phone import texts_in

KEY = canary_key(32 * "s")


class PhoneToTheLine:
    """Reaches the line under test through its Flask application."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.texted: list[str] = []
        self.spoil: list[tuple[str, ...] | Exception] = []

    def text(self, text: str, *, sender: str, message_id: str) -> tuple[str, ...]:
        self.texted.append(text)
        fields = message_fields(text, sender, ACCOUNT_SID, to=SAMPLE_LINE_NUMBER, message_id=message_id)
        request = sign(f"{PUBLIC_URL}/sms", fields, TOKEN)
        headers = {"X-Twilio-Signature": request.signature}
        answer = self.line.client.post("/sms", data=request.raw_body, headers=headers)
        if self.spoil:
            spoilt = self.spoil.pop(0)
            if isinstance(spoilt, Exception):
                raise spoilt
            return spoilt
        return texts_in(answer.data)


@pytest.fixture
def phone(line: Line) -> PhoneToTheLine:
    return PhoneToTheLine(line)


@pytest.fixture
def canary(line: Line, phone: PhoneToTheLine) -> Canary:
    return Canary(releases=line.line.releases, phone=phone, key=KEY, clock=utc_now, pause=lambda seconds: None, turn=0)


def test_every_reply_is_heard_in_turn_and_right(canary: Canary, phone: PhoneToTheLine, line: Line) -> None:
    probes = probes_of(line.release.book)
    assert [canary.run() for _ in probes] == [None] * len(probes)
    assert phone.texted == list(probes)
    assert {event.kind for event in line.recorder.events} == {EventKind.CANARY}
    assert {event.outcome for event in line.recorder.events} == {"answered"}
    assert len({event.pseudonym for event in line.recorder.events}) == len(probes), "no conversation builds up"


def test_danger_is_heard_first_and_nothing_is_changed(line: Line) -> None:
    probes = probes_of(line.release.book)
    assert line.release.book.is_danger(line.reply(probes[0]) or "")
    assert not {"STOP", "START", "FORGET ME"} & {word.upper() for word in probes}


def test_one_bad_answer_is_tried_again(canary: Canary, phone: PhoneToTheLine) -> None:
    phone.spoil = [LineUnreachable("Nobody listens.")]
    assert canary.run() is None
    assert len(phone.texted) == 2


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        (LineUnreachable("Nobody listens."), "Nobody listens."),
        ((), "got no text"),
        (("Thank you for your message.",), "other words than the live release"),
    ],
)
def test_what_is_wrong_is_said(canary: Canary, phone: PhoneToTheLine, spoilt, says: str) -> None:
    phone.spoil = [spoilt, spoilt]
    assert says in (canary.run() or "")


def test_a_single_changed_character_is_heard(canary: Canary, phone: PhoneToTheLine, line: Line) -> None:
    word = probes_of(line.release.book)[0]
    (right,) = line.texts(word)
    phone.spoil = [(right + " ",), (right.replace("9", "8", 1),)]
    assert canary.run() is not None


def test_a_line_without_a_book_is_told(canary: Canary) -> None:
    canary.releases._release = None
    assert "no reply book" in (canary.run() or "")


def test_a_person_who_texts_is_counted_as_ever(line: Line) -> None:
    line.texts("HELP", sender="canary-0123456789abcdef")
    assert [event.kind for event in line.recorder.events] == [EventKind.MESSAGE]


def test_the_expected_words_follow_the_clock(canary: Canary, phone: PhoneToTheLine) -> None:
    # between the two looks at the clock an office may open: both texts are right then
    moments = iter([dt.datetime(2026, 11, 23, hour, tzinfo=dt.UTC) for hour in (3, 12, 3, 12)])
    canary.clock = lambda: next(moments)
    assert canary.run() is None
