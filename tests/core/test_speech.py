from __future__ import annotations

import pytest

from sms_service.core.reply_book import Contact, KnownHours
from sms_service.core.speech import say_addresses, say_contact, say_lines, say_numbers


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0116 454 1004", "0 1 1 6, 4 5 4, 1 0 0 4"),
        ("999", "9 9 9"),
        ("Call 0800 1111, now", "Call 0 8 0 0, 1 1 1 1, now"),
        ("press 55 if under 18", "press 55 if under 18"),
        ("9 9 9. 0 1 1 6, 4 5 4, 1 0 0 4", "9 9 9. 0 1 1 6, 4 5 4, 1 0 0 4"),
    ],
)
def test_numbers_are_said_in_groups(written, said):
    assert say_numbers(written, twice=False) == said


def test_numbers_are_said_twice_for_a_caller_without_a_pen():
    assert say_numbers("Call 116 123.", twice=True) == "Call 1 1 6, 1 2 3, again, 1 1 6, 1 2 3."
    assert say_numbers("Ffonia 101.", twice=True, language="cy") == "Ffonia 1 0 1, eto, 1 0 1."


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("iwf.org.uk/report", "iwf dot org dot uk slash report"),
        ("See childline.org.uk.", "See childline dot org dot uk."),
        ("Wait. Then call.", "Wait. Then call."),
    ],
)
def test_addresses_are_said_with_their_dots(written, said):
    assert say_addresses(written) == said


def test_a_contact_is_said_as_its_directory_entry_wants():
    address = Contact(name="IWF", address="iwf.org.uk", spoken="I W F dot org dot U K", hours=KnownHours.ALWAYS)
    assert say_contact(address, twice=True) == "I W F dot org dot U K"
    number = Contact(name="Police", number="101", hours=KnownHours.ALWAYS)
    assert say_contact(number, twice=False) == "1 0 1"


def test_lines_become_sentences():
    assert say_lines("You are safe\n\n  Call now.\nWho:  me") == "You are safe. Call now. Who: me."
