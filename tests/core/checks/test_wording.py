from __future__ import annotations

import pytest

from sms_service.core.checks import Severity
from sms_service.core.rendering import Part

NUMBERS = "In danger: {contact.emergency}\nDay or night: {contact.duty_and_advice}"
START = f"You are not in trouble.\n{NUMBERS}\n"
TALK = "replies.talk.text.en"
ERROR, WARNING = Severity.ERROR, Severity.WARNING

FAULTS: list[tuple[str, dict[str, object], Severity, str, str]] = [
    # what is tried, the change, how bad it is, a part of what is said, a part of the mend
    ("telling word", {TALK: f"About nudes.\n{START}"}, ERROR, "'nudes' shows on a locked phone", "Begin with"),
    (
        "telling word in again",
        {"replies.talk.again": {"en": f"Grooming is wrong.\n{START}"}},
        ERROR,
        "'Grooming' shows",
        "Begin",
    ),
    ("name of a service", {TALK: f"This is Duty and Advice.\n{START}"}, ERROR, "'Duty and Advice' shows", "Begin with"),
    (
        "telling emergency line",
        {"service.emergency_line": {"en": "Police: {contact.emergency}"}},
        ERROR,
        "'Police' shows",
        "Begin",
    ),
    (
        "exclamation mark in danger",
        {"replies.urgent.text.en": f"{NUMBERS}\nGo now!"},
        ERROR,
        "exclamation mark",
        "full stop",
    ),
    ("exclamation mark", {TALK: f"{START}Great!"}, WARNING, "exclamation mark", "full stop"),
    ("13 words", {TALK: f"{START}{'so ' * 12}what."}, WARNING, "'so so so so ...' has 13 words", "two of it"),
    ("21 words", {TALK: f"{START}{'so ' * 20}what."}, ERROR, "has 21 words", "two of it"),
    ("adults' word", {TALK: f"{START}You can disclose it."}, WARNING, "'disclose' is a hard word", "Say: tell"),
    ("long word", {TALK: f"{START}It is a complicated situation."}, WARNING, "'complicated' is a hard", "shorter word"),
]


@pytest.mark.parametrize(
    ("changes", "severity", "what", "mend"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_named_with_its_mend(complaints_of, changes, severity, what, mend):
    complaints = complaints_of(changes)
    assert any(one[0] is severity and what in one[1] and mend in one[2] for one in complaints), complaints


@pytest.mark.parametrize(
    "text",
    [
        f"{START}It is not your fault.",
        f"{START}They ask you to keep secrets.",
        f"{START}You can ask Louise Wylie or Leicestershire staff.",
        f"{START}Press 55 when asked. Under 18? Aged 13-17?",
        f"{START}Never send us the picture.",
        f"{START}Text TALK or URGENT. Or text STOP, START, FORGET ME or HELP.",
        f"{START}Call {{contact.emergency}} and listen. When asked, press 55.",
        # Begins at character 39: two letters show on a locked phone.
        "You are not in trouble. Here we are now. \nPictures can hurt.\n" + NUMBERS,
    ],
)
def test_what_only_looks_like_a_fault_is_left_alone(complaints_of, text):
    assert complaints_of({TALK: text}) == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Why did you send it?", "blames"),
        ("You put yourself at risk.", "blames"),
        ("You shouldn\u2019t have done that.", "blames"),
        ("It was your fault.", "blames"),
        ("That was silly.", "blames"),
        ("It is illegal.", "threat"),
        ("You could be arrested.", "threat"),
        ("Nobody will know.", "promises"),
        ("They will never find out.", "promises"),
        ("We keep it secret.", "promises"),
        ("This is confidential.", "promises"),
        ("We promise to help.", "promises"),
        ("They'll answer soon.", "promises"),
        ("Someone will reply.", "promises"),
        ("We answer you straight away.", "promises"),
        ("You will be fine.", "promises"),
        ("Text 999 for help.", "registered before"),
        ("You can text {contact.emergency} too.", "registered before"),
        ("Dial 55.", "operator asks"),
        ("Send us the picture.", "nobody may hold"),
        ("Is it sexting?", "adults"),
        ("It is child porn.", "not what it is"),
    ],
)
def test_words_that_may_not_reach_a_child_are_refused(complaints_of, words, why):
    errors = [what for severity, what, _ in complaints_of({TALK: START + words}) if severity is ERROR]
    assert any(why in what for what in errors), errors


def test_words_of_other_languages_are_not_judged_by_english_rules(complaints_of):
    welsh = f"{NUMBERS}\nillegal secret {'x ' * 30}"
    waiting = {"cy": "Needs a native reader."}
    assert complaints_of({"replies.talk.text.cy": welsh, "service.waiting_languages": waiting}) == []


def test_every_part_of_a_reply_is_looked_at(complaints_of):
    for part in Part:
        changes = {
            "replies.talk." + part.value: {"en": f"{START}It is illegal.\nText MORE"},
            "replies.talk.more": {"en": START},
        }
        if part is Part.MORE:
            changes["replies.talk.more"] = {"en": f"{START}It is illegal."}
        assert any("'illegal'" in what for _, what, _ in complaints_of(changes)), part
