"""Phrases of other languages: found as people type them, in any order, and not where English or a 'not' stands."""

from __future__ import annotations

import pytest

from sms_service.core.language_phrases import LanguagePhrases
from sms_service.core.normalisation import normalise
from sms_service.core.understanding.other_languages import PhraseBook

POLISH = LanguagePhrases.model_validate(
    {
        "name": "Polish",
        "negators": ["nie"],
        "phrases": {
            "urgent": ["mnie śledzi", "zamknął/zamknęła mnie"],
            "crisis": ["nie chce żyć", "zabic sie"],
            "help": ["boje sie", "pomocy"],
        },
    }
)
URDU = LanguagePhrases.model_validate(
    {"name": "Urdu", "negators_after": ["nahi"], "phrases": {"crisis": ["marna chahti"], "help": ["meri madad"]}}
)
ARABIC = LanguagePhrases.model_validate({"name": "Arabic", "phrases": {"urgent": ["عم"], "help": ["ساعدوني"]}})
UKRAINIAN = LanguagePhrases.model_validate({"name": "Ukrainian", "phrases": {"help": ["допоможіть", "рятуй*"]}})
ENGLISH = frozenset("my he is me outside help are madad".split())

BOOK = PhraseBook({"pl": POLISH, "ur": URDU, "ar": ARABIC, "uk": UKRAINIAN}, {"urgent", "crisis", "help"}, ENGLISH)


@pytest.mark.parametrize(
    ("text", "reply", "language"),
    [
        ("Śledzi mnie jakiś facet", "urgent", "pl"),
        ("sledzi caly czas mnie", "urgent", "pl"),
        ("ZAMKNELA MNIE", "urgent", "pl"),
        ("pomocyyyy", "help", "pl"),
        ("zamknelaa mnie", "urgent", "pl"),
        ("zamknlea mnie", "urgent", "pl"),
        ("meri maddad karo", "help", "ur"),
        ("ساعدوني", "help", "ar"),
        ("Допоможіть будь ласка", "help", "uk"),
        ("рятуйте", "help", "uk"),
    ],
)
def test_a_phrase_is_found_however_it_is_typed(text, reply, language):
    found = BOOK.find(normalise(text))
    assert found is not None
    assert (found.reply, found.language) == (reply, language)


def test_the_most_dangerous_phrase_of_a_message_wins():
    found = BOOK.find(normalise("boje sie on mnie sledzi"))
    assert found is not None
    assert (found.reply, found.words) == ("urgent", ("mnie", "sledzi"))


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("on nie sledzi mnie", None),
        ("nie boje sie", None),
        ("nie chce zyc", "crisis"),
        ("chce sie zabic nie wiem co robic", "crisis"),
        ("main marna chahti nahi", None),
        ("main marna chahti hun", "crisis"),
    ],
)
def test_a_not_turns_a_phrase_round_unless_it_is_part_of_it(text, reply):
    found = BOOK.find(normalise(text))
    assert (found and found.reply) == reply


@pytest.mark.parametrize(
    "text",
    [
        "mmm xyz",  # the Arabic phrase in Latin letters is 'm'
        "he is outside me is my help sledzi mnie",  # too much English
        "sledzi a b c d e f g h mnie",  # too far apart
        "",
    ],
)
def test_what_is_no_phrase_is_not_found(text):
    assert BOOK.find(normalise(text)) is None


def test_a_message_that_is_hardly_english_is_known():
    assert BOOK.is_not_english(normalise("wczoraj bylo bardzo zimno"))
    assert not BOOK.is_not_english(normalise("he is outside my help"))
    assert not BOOK.is_not_english(normalise("qwerty asdf"))
