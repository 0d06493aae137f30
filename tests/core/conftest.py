"""A small reply book that no rule complains about, to change one thing at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from sms_service.core.reply_book import ReplyBook

BookFields = dict[str, Any]

_NUMBERS = "In danger: {contact.emergency}\nDay or night: {contact.duty_and_advice}"
_CHECKED = {"checked_by": "A Person", "checked_on": "2026-11-20", "check_again_by": "2027-05-20"}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def _contact(name: str, hours: object = "always", **fields: str) -> BookFields:
    return {"name": name, "hours": hours, **fields, **_CHECKED}


def _reply(title: str, text: str, **fields: object) -> BookFields:
    return {"title": title, "text": {"en": text}, **fields}


_BOOK: BookFields = {
    "contacts": {
        "emergency": _contact("Emergency services", number="999"),
        "duty_and_advice": _contact("Duty and Advice", number="0116 454 1004"),
        "team": _contact("Safeguarding team", "unknown", number="0116 277 9190"),
        "nspcc": _contact("NSPCC", {"days": {day: ["09:00-17:00"] for day in _WEEKDAYS}}, number="0808 800 5000"),
        "iwf": _contact("Internet Watch Foundation", address="iwf.org.uk/report"),
    },
    "service": {
        "name": "A text line",
        "menu": ["talk", "pictures"],
        "emergency_line": {"en": "If you are not safe, call {contact.emergency}."},
        "reserved_words": "line",
    },
    "replies": {
        "urgent": _reply(
            "In danger", f"{_NUMBERS}\nGo to a safe place.", danger="emergency", keywords=["URGENT"], follow=["talk"]
        ),
        "crisis": _reply(
            "Crisis", f"{_NUMBERS}\nYou matter.", danger="emergency", keywords=["CRISIS"], follow=["talk"]
        ),
        "talk": _reply("Talk", f"You are not in trouble.\n{_NUMBERS}\nOur team: {{contact.team}}", keywords=["TALK"]),
        "pictures": _reply("Pictures", f"You are not in trouble.\n{_NUMBERS}\nReport it: {{contact.iwf}}"),
        "help": _reply("Help", f"You are not in trouble.\n{_NUMBERS}\n1 TALK\n2 pictures", keywords=["HELP"]),
        "no_match": _reply("?", f"You are not in trouble.\n{_NUMBERS}\n1 TALK\n2 pictures"),
        "fallback": _reply("Fallback", "You are not in trouble.\nIn danger: 999\nDay or night: 0116 454 1004"),
        **{
            key: _reply(key, f"You are not in trouble.\n{_NUMBERS}")
            for key in ("picture", "thanks", "stop", "start", "slow_down", "forget_me")
        },
    },
}


@pytest.fixture
def book_fields() -> BookFields:
    """The fields of the small book, to change."""
    return copy.deepcopy(_BOOK)


@pytest.fixture
def make_book(book_fields: BookFields) -> Callable[..., ReplyBook]:
    """Make the small book, with values put in by dotted path: ``make_book({"replies.talk.text.en": "..."})``."""

    def make(changes: dict[str, object] | None = None) -> ReplyBook:
        for path, value in (changes or {}).items():
            *above, last = path.split(".")
            spot = book_fields
            for step in above:
                spot = spot.setdefault(step, {})
            if value is None:
                del spot[last]
            else:
                spot[last] = value
        return ReplyBook.model_validate(book_fields)

    return make
