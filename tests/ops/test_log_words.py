"""What the message log says in words."""

from __future__ import annotations

from sms_service.core.senders import SenderKind
from sms_service.ops.pages.log_words import SENDER_WORDS, why
from tests.sql_databases import an_event


def test_a_message_that_was_not_answered_says_whose_phone_it_came_from() -> None:
    row = an_event(outcome="silent_sender", reply=None, refusal="landline", danger_likely=True)
    told = dict(why(row))
    assert "read aloud" in told["Not answered because it came from"]
    assert told["Danger"] == "was likely"


def test_an_answered_message_says_that_the_numbers_were_added() -> None:
    told = dict(why(an_event(danger_likely=True)))
    assert told["Danger"] == "was likely, so the emergency numbers were added"
    assert "Not answered because it came from" not in told


def test_every_sender_that_is_not_answered_has_words() -> None:
    assert SENDER_WORDS.keys() == {kind for kind in SenderKind if not kind.can_be_answered}
