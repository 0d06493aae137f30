from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.gsm7_twins import TWINS, tidy_for_gsm7
from sms_service.core.segments import GSM7, is_gsm7


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("it\u2019s \u201cok\u201d", 'it\'s "ok"'),
        ("a \u2013 b \u2014 c", "a - b - c"),
        ("wait\u2026", "wait..."),
        ("0116\u00a0454\u202f1004", "0116 454 1004"),
        ("he\u200bl\ufefflo", "hello"),
        ("soft\u00adhyphen", "softhyphen"),
        ("dŵr a thŷ", "dwr a thy"),
        ("façade, naïve, Zoë", "facade, naive, Zoe"),
        ("cafe\u0301", "café"),
        ("e\u0301\u0301", "e"),
        ("Łódź", "Lodz"),
        ("`quoted`", "'quoted'"),
        ("\uff21\uff22\uff23", "ABC"),
        ("½ price", "1/2 price"),
        ("line\u2028line", "line\nline"),
        ("• one", "- one"),
        ("plain {text} €5 é\r\n", "plain {text} €5 é\r\n"),
    ],
)
def test_a_cheaper_twin_says_the_same(text, tidied):
    result = tidy_for_gsm7(text)
    assert result.text == tidied
    assert result.fits_gsm7
    assert is_gsm7(result.text)


@pytest.mark.parametrize("text", ["🙂", "👨‍👩‍👧", "привет", "\x07", "漢"])
def test_what_has_no_twin_is_left_and_reported(text):
    result = tidy_for_gsm7(text)
    assert result.text == text
    assert not result.fits_gsm7
    assert all(change.twin is None for change in result.changes)


def test_a_change_names_the_character_its_place_and_its_twin():
    (change,) = tidy_for_gsm7("it\u2019s").changes
    assert (change.position, change.character, change.name, change.twin) == (
        2,
        "\u2019",
        "RIGHT SINGLE QUOTATION MARK",
        "'",
    )


def test_a_character_without_a_name_is_named_by_its_code_point():
    (change,) = tidy_for_gsm7("\x07").changes
    assert change.name == "U+0007"


def test_every_twin_is_gsm7_and_no_gsm7_character_has_one():
    assert all(is_gsm7(twin) for twin in TWINS.values())
    assert not GSM7 & set(TWINS)


@given(st.text(max_size=80))
def test_tidying_any_text_reports_each_character_and_settles(text):
    result = tidy_for_gsm7(text)
    assert result.fits_gsm7 == is_gsm7(result.text)
    for change in result.changes:
        assert text[change.position :].startswith(change.character)
        assert change.character not in GSM7
    assert tidy_for_gsm7(result.text).text == unicodedata.normalize("NFC", result.text) or not result.fits_gsm7
