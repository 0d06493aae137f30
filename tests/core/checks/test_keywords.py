from __future__ import annotations

import pytest

from sms_service.core.checks import Severity

NUMBERS = "In danger: {contact.emergency}\nDay or night: {contact.duty_and_advice}"
START = f"You are not in trouble.\n{NUMBERS}\n"
TALK = "replies.talk.text.en"
ERROR, WARNING = Severity.ERROR, Severity.WARNING

FAULTS: list[tuple[str, dict[str, object], Severity, str, str]] = [
    # what is tried, the change, how bad it is, a part of what is said, a part of the mend
    (
        "keyword without letters",
        {"replies.talk.keywords": ["TALK", "?!"]},
        ERROR,
        "no letter or number",
        "Write a word",
    ),
    ("keyword twice", {"replies.talk.keywords": ["TALK", "t\u00e0lk!"]}, ERROR, "stands here twice", "Delete one"),
    (
        "keyword of another reply",
        {"replies.pictures.keywords": ["urgent"]},
        ERROR,
        "also leads to 'urgent'",
        "one reply only",
    ),
    ("keyword is a menu number", {"replies.talk.keywords": ["TALK", "7"]}, ERROR, "is a menu number", "service.yaml"),
    ("stop word", {"replies.talk.keywords": ["TALK", "Quit"]}, ERROR, "Quit is a stop word", "another word"),
    ("start word", {"replies.talk.keywords": ["TALK", "YES"]}, ERROR, "YES is a word with which", "another word"),
    (
        "word of the service",
        {"replies.talk.keywords": ["TALK", "More"]},
        ERROR,
        "answered by the service",
        "another word",
    ),
    (
        "help word of the provider",
        {"service.reserved_words": "provider"},
        WARNING,
        "The provider answers HELP",
        "'line'",
    ),
    ("word nobody listens to", {TALK: f"{START}Text PARENTS"}, WARNING, "PARENTS looks like a word", "keyword"),
]


@pytest.mark.parametrize(
    ("changes", "severity", "what", "mend"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_named_with_its_mend(complaints_of, changes, severity, what, mend):
    complaints = complaints_of(changes)
    assert any(one[0] is severity and what in one[1] and mend in one[2] for one in complaints), complaints
