"""What is complained about in the words of a call."""

from __future__ import annotations

import pytest

from sms_service.core.checks import Severity

EMERGENCY = "If you are in danger now, call {contact.emergency}."


@pytest.mark.parametrize(
    ("change", "severity", "what"),
    [
        pytest.param({"words": {"welcome": {"en": "Hello."}}}, Severity.ERROR, "do not name 999", id="no 999"),
        pytest.param(
            {"words": {"welcome": {"en": f"You are not in trouble.\n{EMERGENCY}"}}},
            Severity.ERROR,
            "says other things before 999",
            id="999 in the second line",
        ),
        pytest.param(
            {"words": {"welcome": {"en": f"You are not in trouble. {EMERGENCY}"}}},
            Severity.ERROR,
            "says other things before 999",
            id="999 in the second sentence",
        ),
        pytest.param({"words": {"goodbye": {"en": "Bye."}}}, Severity.ERROR, "do not name 999", id="last words"),
        pytest.param({"put_through": ["emergency"]}, Severity.ERROR, "cannot be rung", id="999 cannot be rung"),
        pytest.param({"put_through": ["nobody"]}, Severity.WARNING, "no contact 'nobody'", id="unknown contact"),
        pytest.param(
            {"words": {"hello": {"en": "A long welcome. " * 120}}}, Severity.ERROR, "would not be said", id="too long"
        ),
    ],
)
def test_a_fault_in_the_words_of_a_call_is_named(complaints_of, change, severity, what):
    assert [one[0] for one in complaints_of({"service.call": change}) if what in one[1]] == [severity]


def test_a_welcome_that_begins_with_999_is_good(complaints_of):
    welcome = {"words": {"welcome": {"en": f"{EMERGENCY} You are not in trouble."}}}
    assert not [one for one in complaints_of({"service.call": welcome}) if "999" in one[1]]
