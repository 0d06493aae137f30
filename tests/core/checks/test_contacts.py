from __future__ import annotations

import pytest

from sms_service.core.checks import Severity, check_book

NUMBERS = "In danger: {contact.emergency}\nDay or night: {contact.duty_and_advice}"
START = f"You are not in trouble.\n{NUMBERS}\n"
TALK = "replies.talk.text.en"
ERROR, WARNING = Severity.ERROR, Severity.WARNING

FAULTS: list[tuple[str, dict[str, object], Severity, str, str]] = [
    # what is tried, the change, how bad it is, a part of what is said, a part of the mend
    ("unknown contact", {TALK: f"{START}{{contact.tema}}"}, ERROR, "no contact 'tema'", "Did you mean team?"),
    ("other placeholder", {TALK: f"{START}{{name}}"}, ERROR, "{name} is not a placeholder", "{contact.key}"),
    ("lone bracket", {TALK: START + "a } b"}, ERROR, "} is not a placeholder", "leave the brackets out"),
    (
        "placeholder in the fallback",
        {"replies.fallback.text.en": "{contact.emergency} 999 0116 454 1004"},
        ERROR,
        "stands in the fallback",
        "Type the number",
    ),
    ("typed number we know", {TALK: f"{START}Or 0116-277-9190"}, ERROR, "0116-277-9190 is typed in", "{contact.team}"),
    (
        "typed number nobody knows",
        {TALK: f"{START}Or 0300 123 4567"},
        ERROR,
        "0300 123 4567",
        "Add it to contacts.yaml",
    ),
    ("typed short number", {TALK: f"{START}Or 999"}, ERROR, "999 is typed in", "{contact.emergency}"),
    (
        "typed number in speech",
        {"replies.talk.spoken": {"en": "Call 9 9 9. {contact.team}"}},
        ERROR,
        "9 9 9",
        "{contact.emer",
    ),
    ("typed address we know", {TALK: f"{START}See https://www.iwf.org.uk/report"}, ERROR, "typed in", "{contact.iwf}"),
    ("typed tracking link", {TALK: f"{START}See bit.ly/x1"}, ERROR, "bit.ly/x1 is typed in", "Add it"),
    (
        "wrong number in the fallback",
        {"replies.fallback.text.en": "999 or 0116 454 1004 or 0300 123 4567"},
        ERROR,
        "0300 123 4567 is not in the contact directory",
        "Copy the number",
    ),
    (
        "fallback without 999",
        {"replies.fallback.text.en": "Day or night: 0116 454 1004"},
        ERROR,
        "does not hold 999",
        "Type 999",
    ),
    ("nobody to ring", {TALK: "You are not in trouble. {contact.iwf}"}, ERROR, "Nobody to ring", "duty_and_advice"),
    (
        "nobody to ring in more",
        {"replies.talk.more": {"en": "More."}, TALK: f"{START}Text MORE"},
        WARNING,
        "Nobody to ring",
        "Add",
    ),
    ("no emergency contact", {"contacts.emergency": None}, ERROR, "'emergency' is missing", "Add it"),
    (
        "emergency contact is a page",
        {"contacts.emergency.number": None, "contacts.emergency.address": "x.uk"},
        ERROR,
        "'emergency' has no number",
        "number to ring",
    ),
    ("odd sign in a number", {"contacts.team.number": "0116\u2013277"}, ERROR, "EN DASH", "'-'"),
    (
        "unchecked contact",
        {"contacts.team.checked_on": None},
        WARNING,
        "Nobody has checked 'team' (0116 277 9190)",
        "ring it",
    ),
    ("unchecked page", {"contacts.iwf.checked_on": None}, WARNING, "Nobody has checked 'iwf'", "open it"),
    ("overdue contact", {"contacts.team.check_again_by": "2026-11-21"}, WARNING, "again by 2026-11-21", "new dates"),
    ("no date to check again", {"contacts.team.check_again_by": None}, WARNING, "no date", "check_again_by"),
    ("checked tomorrow", {"contacts.team.checked_on": "2026-11-23"}, ERROR, "in the future", "Correct"),
]


@pytest.mark.parametrize(
    ("changes", "severity", "what", "mend"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_named_with_its_mend(complaints_of, changes, severity, what, mend):
    complaints = complaints_of(changes)
    assert any(one[0] is severity and what in one[1] and mend in one[2] for one in complaints), complaints


@pytest.mark.parametrize(
    "number", ["O8O8 800 5000", "0808 80", "0116-277-9190", "0116  277 9190", "12", "9999 9999 9999 9"]
)
def test_a_number_that_cannot_be_dialled_is_refused(make_book, number):
    errors = [complaint for complaint in check_book(make_book({"contacts.team.number": number})) if complaint.is_error]
    assert any("no phone number" in error.what for error in errors)


@pytest.mark.parametrize("number", ["0116 277 9190", "0800 1111", "116 123", "85258", "101"])
def test_numbers_of_the_country_are_taken(make_book, number):
    assert not [error for error in check_book(make_book({"contacts.team.number": number})) if error.is_error]


@pytest.mark.parametrize("address", ["https://iwf.org.uk/report", "bit.ly/x", "iwf.org.uk/re port", "iwf"])
def test_an_address_that_cannot_be_typed_is_refused(make_book, address):
    errors = [error for error in check_book(make_book({"contacts.iwf.address": address})) if error.is_error]
    assert any("no web address" in error.what for error in errors)
