"""What holds for all rules together. Each theme has its own file of faults."""

from __future__ import annotations

import datetime as dt

from sms_service.core.checks import RULES, Place, Places, check_book

TODAY = dt.date(2026, 11, 22)
NUMBERS = "In danger: {contact.emergency}\nDay or night: {contact.duty_and_advice}"
START = f"You are not in trouble.\n{NUMBERS}\n"
TALK = "replies.talk.text.en"


def test_a_good_book_has_no_complaint(complaints_of):
    assert complaints_of({}) == []


def test_every_complaint_comes_at_once_in_reading_order(make_book):
    changes = {
        TALK: f"{START}Great!\nIt\u2019s typed: 0300 123 4567",
        "replies.thanks": None,
        "service.menu": ["talk", "nope"],
    }
    complaints = check_book(make_book(changes), today=TODAY)
    assert {one.file for one in complaints} == {
        "pictures.yaml",
        "service.yaml",
        "talk.yaml",
        "thanks.yaml",
        "help.yaml",
        "no_match.yaml",
    }
    assert complaints == sorted(complaints, key=lambda one: (one.file, one.line or 0, not one.is_error))


def test_a_complaint_about_words_points_at_their_line(make_book):
    places = Places({("replies", "talk", "text", "en"): Place("talk.yaml", 5, 6)})
    book = make_book({TALK: f"{START}\nWhy did you?"})
    (complaint,) = check_book(book, places, today=TODAY)
    assert (complaint.file, complaint.line, complaint.path) == ("talk.yaml", 10, ("replies", "talk", "text", "en"))


def test_what_is_not_known_exactly_is_placed_by_what_is_around_it():
    places = Places(
        {("replies", "talk"): Place("talk.yaml", 1), ("replies", "talk", "keywords"): Place("talk.yaml", 3)}
    )
    assert places.at(("replies", "talk", "keywords", 4)).line == 3
    assert places.at(("replies", "talk", "title")).line == 1
    assert places.at(("replies", "other")) == Place("other.yaml", None)
    assert places.at(("service", "menu")) == Place("service.yaml", None)


def test_what_could_not_be_read_is_not_called_missing_as_well(make_book):
    changes: dict[str, object] = {"contacts.team": None, "replies.thanks": None}
    unread = frozenset({("contacts", "team"), ("replies", "thanks")})
    assert check_book(make_book(changes), today=TODAY, unread=unread) == []


def test_without_a_date_nothing_is_overdue(make_book):
    assert check_book(make_book({"contacts.team.check_again_by": "2020-01-01"})) == []


def test_every_rule_says_what_it_is():
    assert all(rule.__doc__ for rule in RULES)
    assert len(set(RULES)) == len(RULES)
