from __future__ import annotations

import pytest

from sms_service.core.checks import Severity

NUMBERS = "In danger: {contact.emergency}\nDay or night: {contact.duty_and_advice}"
START = f"You are not in trouble.\n{NUMBERS}\n"
TALK = "replies.talk.text.en"
ERROR, WARNING = Severity.ERROR, Severity.WARNING

FAULTS: list[tuple[str, dict[str, object], Severity, str, str]] = [
    # what is tried, the change, how bad it is, a part of what is said, a part of the mend
    ("curly quote", {TALK: f"{START}It\u2019s OK"}, ERROR, "\u2019 (RIGHT SINGLE QUOTATION MARK)", "Write ' instead"),
    ("no-break space", {TALK: f"{START}a\u00a0b"}, ERROR, "(NO-BREAK SPACE)", "plain space"),
    ("zero-width space", {TALK: f"{START}a\u200bb"}, ERROR, "(ZERO WIDTH SPACE)", "delete it"),
    ("emoji", {TALK: f"{START}\U0001f642"}, ERROR, "SLIGHTLY SMILING FACE", "Leave it out"),
    ("Welsh accent", {"replies.talk.text.cy": f"{NUMBERS}\nd\u0175r"}, ERROR, "W WITH CIRCUMFLEX", "Write w instead"),
    ("control character", {TALK: f"{START}a\x07b"}, ERROR, "unseen character here: U+0007", "Delete it"),
    ("tab", {TALK: f"{START}a\tb"}, ERROR, "unseen character here: U+0009", "Delete it"),
    (
        "direction mark in another language",
        {"replies.talk.text.ar": f"{NUMBERS}\n\u202eabc"},
        ERROR,
        "RIGHT-TO-LEFT",
        "Delete",
    ),
]


@pytest.mark.parametrize(
    ("changes", "severity", "what", "mend"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_named_with_its_mend(complaints_of, changes, severity, what, mend):
    complaints = complaints_of(changes)
    assert any(one[0] is severity and what in one[1] and mend in one[2] for one in complaints), complaints
