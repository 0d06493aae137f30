from __future__ import annotations

import pytest

from sms_service.core.checks import Severity, check_book

NUMBERS = "In danger: {contact.emergency}\nDay or night: {contact.duty_and_advice}"
START = f"You are not in trouble.\n{NUMBERS}\n"
TALK = "replies.talk.text.en"
ERROR, WARNING = Severity.ERROR, Severity.WARNING

FAULTS: list[tuple[str, dict[str, object], Severity, str, str]] = [
    # what is tried, the change, how bad it is, a part of what is said, a part of the mend
    ("missing system reply", {"replies.thanks": None}, ERROR, "'thanks' is missing", "thanks.yaml"),
    (
        "unknown reply in the menu",
        {"service.menu": ["talk", "picturs"], "replies.pictures.keywords": ["PICS"]},
        ERROR,
        "no reply 'picturs'",
        "Did you mean pictures?",
    ),
    (
        "reply twice in the menu",
        {"service.menu": ["talk", "pictures", "talk"]},
        ERROR,
        "'talk' stands here twice",
        "Delete",
    ),
    ("unknown reply to follow", {"replies.talk.follow": ["tlk"]}, ERROR, "no reply 'tlk'", "Did you mean talk?"),
    ("reply follows itself", {"replies.talk.follow": ["talk"]}, ERROR, "leads to itself", "Delete"),
    (
        "reply nobody gets",
        {"replies.lost": {"title": "Lost", "text": {"en": START}}},
        ERROR,
        "nobody can get this",
        "keyword",
    ),
    (
        "menu in another order",
        {"service.menu": ["pictures", "talk"]},
        ERROR,
        "1 leads to 'pictures'; 'talk' was meant",
        "order",
    ),
    (
        "menu number too high",
        {"replies.help.text.en": f"{START}1 TALK\n2 pictures\n3 URGENT"},
        ERROR,
        "shows 3, but",
        "service.yaml",
    ),
    ("half a menu", {"replies.help.text.en": f"{START}1 TALK"}, WARNING, "not shown in full: 2 missing", "or none"),
    ("no menu", {"replies.help.text.en": START}, WARNING, "The menu is not shown", "Show the menu"),
    (
        "menu entry says nothing",
        {"replies.help.text.en": f"{START}1 chat\n2 pictures"},
        WARNING,
        "no word of 'talk'",
        "order",
    ),
    ("more without an offer", {"replies.talk.more": {"en": START}}, WARNING, "does not offer it", "MORE"),
    ("an offer without more", {TALK: f"{START}Text MORE"}, ERROR, "there is no second part", "leave the offer out"),
    (
        "live language without texts",
        {"service.languages": ["en", "cy"], "service.emergency_line.cy": "{contact.emergency}"},
        WARNING,
        "no text in 'cy'",
        "Add 'cy'",
    ),
    (
        "live language without the emergency line",
        {"service.languages": ["en", "pl"]},
        ERROR,
        "no emergency line in 'pl'",
        "Add",
    ),
]


@pytest.mark.parametrize(
    ("changes", "severity", "what", "mend"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_named_with_its_mend(complaints_of, changes, severity, what, mend):
    complaints = complaints_of(changes)
    assert any(one[0] is severity and what in one[1] and mend in one[2] for one in complaints), complaints


@pytest.mark.parametrize("danger", ["none", "high"])
def test_a_reply_for_danger_says_so(make_book, danger):
    complaints = check_book(make_book({"replies.crisis.danger": danger}))
    assert ["'crisis' has danger" in complaint.what for complaint in complaints if complaint.is_error] == [True]


def test_the_replies_that_danger_leads_to_are_there(make_book):
    complaints = check_book(make_book({"replies.crisis": None}))
    assert any("'crisis' is missing" in complaint.what for complaint in complaints)
