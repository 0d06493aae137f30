from __future__ import annotations

import pytest
from pydantic import ValidationError

from sms_service.core.reply_book import SYSTEM_REPLIES, Contact, Reply, ReplyBook


def contact(**fields: object) -> Contact:
    return Contact.model_validate({"name": "x", "number": "999", "hours": "always"} | fields)


@pytest.mark.parametrize(
    ("days", "what"),
    [
        ({"mon": ["17:00-09:00"]}, "ends before it starts"),
        ({"mon": ["09:00-09:00"]}, "ends before it starts"),
        ({"mon": ["09:00-13:00", "12:00-17:00"]}, "starts before the span above it ends"),
        ({"mon": ["9-5"]}, "pattern"),
        ({"monday": ["09:00-17:00"]}, "mon"),
    ],
)
def test_opening_hours_that_make_no_sense_are_refused(days, what):
    with pytest.raises(ValidationError, match=what):
        contact(hours={"days": days})


def test_opening_hours_may_touch():
    contact(hours={"days": {"mon": ["09:00-12:00", "12:00-24:00"]}})


def test_bad_hours_are_complained_about_once():
    with pytest.raises(ValidationError) as caught:
        contact(hours={"days": {"mon": ["9-5"]}})
    assert caught.value.error_count() == 1


@pytest.mark.parametrize("fields", [{"number": None}, {"address": "x.uk"}])
def test_a_contact_is_reached_in_exactly_one_way(fields):
    with pytest.raises(ValidationError, match="either a number or an address"):
        contact(**fields)


def test_a_reply_needs_english():
    with pytest.raises(ValidationError, match="'en'"):
        Reply.model_validate({"title": "x", "text": {"cy": "x"}})


def test_the_book_survives_being_written_and_read(make_book):
    book = make_book()
    assert ReplyBook.model_validate_json(book.model_dump_json()) == book


def test_menu_numbers_count_from_one(make_book):
    book = make_book()
    assert [book.menu_number(number) for number in (0, 1, 2, 3)] == [None, "talk", "pictures", None]


def test_danger_is_what_the_reply_says(make_book):
    book = make_book()
    assert book.is_danger("urgent")
    assert not book.is_danger("talk")
    assert not book.is_danger("no_such_reply")


def test_the_service_has_a_reply_for_each_thing_it_does_by_itself():
    assert {"no_match", "fallback", "stop", "start", "forget_me"} <= SYSTEM_REPLIES
