"""What a text costs as it leaves, and which characters make it dear."""

from __future__ import annotations

import pytest

from sms_service.core.reply_book import Contact, KnownHours
from sms_service.core.segments import Encoding
from sms_service.core.text_costs import price_words, text_cost

CONTACTS = {"team": Contact(name="Team", number="01632 960001", hours=KnownHours.ALWAYS)}


def test_a_contact_counts_as_its_number() -> None:
    assert text_cost("Call {contact.team}", "en", CONTACTS).as_sent.length_units == len("Call 01632 960001")


def test_welsh_letters_outside_the_alphabet_are_named_with_their_twin_and_both_prices() -> None:
    cost = text_cost("dŵr a thŷ " * 10, "cy", CONTACTS)
    assert [(one.character, one.times, one.twin) for one in cost.characters] == [("ŵ", 10, "w"), ("ŷ", 10, "y")]
    assert cost.as_written.encoding is Encoding.UCS_2
    assert (cost.as_written.segments, cost.as_sent.segments) == (2, 1)
    assert cost.is_swapped


def test_other_languages_leave_as_they_are_typed() -> None:
    cost = text_cost("łódź", "pl", CONTACTS)
    assert not cost.is_swapped
    assert cost.as_sent.encoding is Encoding.UCS_2


def test_characters_that_take_two_places_are_named_too() -> None:
    (euro,) = text_cost("€5 or €6", "en", CONTACTS).characters
    assert (euro.character, euro.times, euro.is_outside) == ("€", 2, False)


def test_a_plain_text_names_nothing() -> None:
    assert text_cost("Plain words.", "en", CONTACTS).characters == ()


@pytest.mark.parametrize(
    ("segments", "pence", "words"), [(2, 4.0, "8p"), (1, 4.2, "4.2p"), (3, 40.0, "£1.20"), (1, 0, "0p")]
)
def test_prices_are_said_as_people_say_them(segments: int, pence: float, words: str) -> None:
    assert price_words(segments, pence) == words
