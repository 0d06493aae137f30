"""Spaces that were left out are put back, spaces that were typed between letters taken out; other words stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.understanding.run_together import WordSplitter

COMMON = dict.fromkeys(
    "i im being blackmailed he is outside my house want to die the cant wont let me go a in".split(), 90
)
KNOWN = frozenset("outside houseboat walking thousand".split())
SPLITTER = WordSplitter({**COMMON, "rare": 1, "xq": 30}, KNOWN)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("imbeingblackmailed", "im being blackmailed"),
        ("heisoutside my house", "he is outside my house"),
        ("iwanttodie", "i want to die"),
        ("iwannadie", "i wanna die"),
        ("i want to d i e", "i want to die"),
        ("outside m y h o u s e", "outside my house"),
    ],
)
def test_spaces_are_put_where_they_belong(words, meant):
    assert SPLITTER.respaced(tuple(words.split())) == tuple(meant.split())


@pytest.mark.parametrize(
    "words",
    [
        "he is outside",
        "houseboat",  # a real word
        "walkin",  # a dropped g, which text-speak mends
        "u r i c",  # text-speak
        "zzyzxqqwerty",  # nothing that words make up
        "hisdie",  # too short to be looked at
        "iiaaiia",  # crumbs
        "therarehouse",  # a word that hardly anybody writes
        "123456789",
    ],
)
def test_other_words_stay(words):
    assert SPLITTER.respaced(tuple(words.split())) == tuple(words.split())


@given(st.lists(st.text(alphabet="abcdehiosty", min_size=1, max_size=60), max_size=6))
def test_no_letter_is_lost_or_moved(words):
    assert "".join(SPLITTER.respaced(words)) == "".join(words)


def test_a_splitter_that_has_learned_nothing_changes_nothing():
    assert WordSplitter({}, frozenset()).respaced(("imbeingblackmailed",)) == ("imbeingblackmailed",)
