from __future__ import annotations

import pytest

from sms_service.core.checks.hard_words import count_syllables, find_hard_words


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("help", 1), ("asked", 1), ("wanted", 2), ("people", 2), ("picture", 2), ("police", 2), ("trouble", 2),
        ("video", 3), ("somebody", 3), ("safeguarding", 3), ("website", 2), ("livestream", 2), ("messages", 3),
        ("themselves", 3), ("conversation", 4), ("inappropriate", 5), ("opportunity", 5), ("situation", 4),
    ],
)  # fmt: skip
def test_syllables_are_counted_well_enough_to_warn(word, syllables):
    assert count_syllables(word) == syllables


@pytest.mark.parametrize(
    ("text", "hard"),
    [
        ("You can talk to somebody online.", []),
        ("Your conversation is inappropriate.", ["conversation", "inappropriate"]),
        ("Ask Leicestershire Police.", []),
        ("See {contact.duty_and_advice} or iwf.org.uk/immediately.", []),
        ("Immediately go.", ["Immediately"]),
        ("Call the emergency line.", []),
    ],
)
def test_hard_words_are_found_and_names_are_not(text, hard):
    assert [word.written for word in find_hard_words(text, known=set())] == hard


def test_an_easier_word_is_offered_where_there_is_one():
    (word,) = find_hard_words("Please disclose it.", known=set())
    assert (word.position, word.easier) == (7, "tell")


def test_words_of_the_directory_are_not_hard():
    assert list(find_hard_words("Ask a samaritanian", known={"samaritanian"})) == []
