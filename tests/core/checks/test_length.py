from __future__ import annotations

import pytest

from sms_service.core.checks import Severity

NUMBERS = "In danger: {contact.emergency}\nDay or night: {contact.duty_and_advice}"
START = f"You are not in trouble.\n{NUMBERS}\n"
TALK = "replies.talk.text.en"
ERROR, WARNING = Severity.ERROR, Severity.WARNING

FAULTS: list[tuple[str, dict[str, object], Severity, str, str]] = [
    # what is tried, the change, how bad it is, a part of what is said, a part of the mend
    ("three segments", {TALK: START + "We can help.\n" * 20}, WARNING, "3 segments long", "Shorten it to 2"),
    ("four segments", {TALK: START + "We can help.\n" * 35}, ERROR, "4 segments long", "Shorten it to 3"),
    (
        "long only when shut",
        {TALK: START + "We can help.\n" * 16 + "Adults: {contact.nspcc}"},
        WARNING,
        "3 segments",
        "Shorten",
    ),
    (
        "danger without 999",
        {"replies.urgent.text.en": "Day or night: {contact.duty_and_advice}"},
        ERROR,
        "needs {contact.emergency} in the first segment",
        "at the top",
    ),
    (
        "danger with a late number",
        {"replies.urgent.text.en": "Go.\n" * 40 + NUMBERS},
        ERROR,
        "{contact.emergency} and {contact.duty_and_advice}",
        "at the top",
    ),
    (
        "danger again without the number",
        {"replies.urgent.again": {"en": "Call {contact.emergency}"}},
        ERROR,
        "{contact.duty_and_advice} in the first segment",
        "at the top",
    ),
    (
        "danger spoken without the number",
        {"replies.urgent.spoken": {"en": "Call {contact.emergency}."}},
        ERROR,
        "in what is said",
        "at the top",
    ),
    (
        "emergency line without 999",
        {"service.emergency_line": {"en": "Call {contact.team}."}},
        ERROR,
        "does not name 999",
        "Write",
    ),
    (
        "emergency line not in English",
        {"service.emergency_line": {"cy": "{contact.emergency}"}},
        ERROR,
        "missing in English",
        "en",
    ),
]


@pytest.mark.parametrize(
    ("changes", "severity", "what", "mend"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_named_with_its_mend(complaints_of, changes, severity, what, mend):
    complaints = complaints_of(changes)
    assert any(one[0] is severity and what in one[1] and mend in one[2] for one in complaints), complaints


def test_the_emergency_line_must_have_room(complaints_of):
    changes = {TALK: START + "We can help.\n" * 28}
    complaints = complaints_of(changes)
    assert any("With the emergency line before it this is 4 segments" in what for _, what, _ in complaints), complaints
