"""A slip is repaired towards one plausible word; a real word, a toss-up or a far one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.understanding.spelling import SpellingTable

TABLE = SpellingTable(
    {"picture": 90, "pictures": 80, "scared": 50, "scarred": 5, "threatening": 20, "meet": 9},
    frozenset({"scarce", "meat"}),
)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("pictire", "picture"),
        ("picutre", "picture"),
        ("pictres", "pictures"),
        ("scsred", "scared"),
        ("thretening", "threatening"),
    ],
)
def test_a_slip_becomes_the_word_that_was_meant(slip, meant):
    assert TABLE.repair(slip) == meant


@pytest.mark.parametrize("word", ["picture", "scarce", "meat", "xy", "banana", "1234", "p" * 60])
def test_other_words_stay(word):
    assert TABLE.repair(word) is None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=30))
def test_what_is_repaired_becomes_a_listed_word(word):
    assert TABLE.repair(word) in {None, "picture", "pictures", "scared", "scarred", "threatening", "meet"}


@pytest.mark.parametrize(
    ("by_ear", "meant"),
    [("sextorshun", "sextortion"), ("freatning", "threatening"), ("konfidenshal", None), ("sashimi", None)],
)
def test_a_longer_word_that_is_written_by_ear_becomes_the_one_that_sounds_alike(by_ear, meant):
    table = SpellingTable({"sextortion": 5, "threatening": 5, "scheme": 5, "confidentially": 5}, frozenset())
    assert table.repair(by_ear) == meant
