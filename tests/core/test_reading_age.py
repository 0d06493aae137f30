"""Reading age: a documented formula, so its numbers can be worked out by hand."""

from __future__ import annotations

import pytest

from sms_service.core.reading_age import reading_ease


def test_the_formula_is_flesch_kincaid_and_five_years() -> None:
    # 8 words in one sentence, 15 syllables by the count: 0.39 * 8 + 11.8 * 15 / 8 - 15.59 = 9.655; and 5 years.
    ease = reading_ease("Professional counsellors understand complicated family situations very well.")
    assert ease is not None
    assert (ease.words, ease.longest_sentence) == (8, 8)
    assert ease.age_years > 14
    assert not ease.is_easy


@pytest.mark.parametrize("text", ["", "Call {contact.childline}", "999", "Yes. No."])
def test_too_few_words_say_nothing(text: str) -> None:
    assert reading_ease(text) is None


def test_a_line_ends_a_sentence_and_numbers_are_not_words() -> None:
    ease = reading_ease("You are not in trouble\nCall {contact.emergency} or 0116 now\nTell an adult you trust")
    assert ease is not None
    assert (ease.words, ease.longest_sentence) == (13, 5)


def test_harder_words_are_for_older_people() -> None:
    easy, hard = (
        reading_ease("Go to a safe place now, or to a friend."),
        reading_ease("Relocate immediately towards a secure environment, accompanied by a responsible individual."),
    )
    assert easy is not None
    assert hard is not None
    assert easy.age_years < 9 < hard.age_years
