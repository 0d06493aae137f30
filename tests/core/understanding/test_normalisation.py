"""The same words come out, however they were typed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.normalisation import normalise, squeeze, unleet


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("HELP", "help"),
        ("help!!!", "help"),
        ("“help”", "help"),
        ("#help", "help"),
        ("ＨＥＬＰ", "help"),
        ("𝐇𝐄𝐋𝐏", "help"),
        ("НЕLР", "help"),  # the first two letters and the last are Cyrillic
        ("h\u200be\u200bl\u200bp", "help"),
        ("h\u0336e\u0336l\u0336p\u0336", "help"),
        ("hélp", "help"),
        ("🅷🅴🅻🅿", "help"),
        ("🆘", "sos"),
        ("help 😭😭", "help"),
        ("don’t", "dont"),
        ("DON'T", "dont"),
        ("he’s here", "hes here"),
        ("ŵyneb", "wyneb"),
        ("помогите", "pomogite"),
        ("I.W.F", "i w f"),
        ("", ""),
        ("🙏", ""),
    ],
)
def test_typed_text_becomes_plain_words(typed, form):
    assert normalise(typed).form == form


@pytest.mark.parametrize(
    "signature",
    ["Sent from my iPhone", "sent from my Galaxy", "Get Outlook for Android", "-- \nJo", "Sent via BT Email"],
)
def test_a_signature_below_the_text_is_not_read(signature):
    assert normalise(f"help\n{signature}").form == "help"


def test_a_message_that_speaks_of_sending_keeps_its_words():
    assert normalise("he sent from my account\nsent it to everyone").words[-3:] == ("it", "to", "everyone")


def test_capitals_are_noted_only_where_they_stand_out():
    assert normalise("my teacher said IWF").shouted == (False, False, False, True)
    assert normalise("MY TEACHER SAID").shouts_all_over


@pytest.mark.parametrize(("word", "squeezed"), [("heeelp", "help"), ("urgenttt", "urgent"), ("call", "call")])
def test_stretched_letters_are_shortened(word, squeezed):
    assert squeeze(word) == squeezed


NUMBERS = [(number, number) for number in ("999", "50s", "7pm")]


@pytest.mark.parametrize(("word", "read"), [("h3lp", "help"), ("n00ds", "noods"), ("1m", "im"), *NUMBERS])
def test_digits_are_read_as_the_letters_they_look_like(word, read):
    assert unleet(word) == read


@given(st.text())
def test_any_text_gives_lower_case_ascii_words(text):
    for word in normalise(text).words:
        assert word.isascii()
        assert word == word.lower()
        assert " " not in word


@pytest.mark.parametrize("part", ["sent from ", "a'", "é😭 ", "-- \n", "НЕLР ", "@a$"])
def test_a_hundred_thousand_characters_are_read_in_linear_time(part):
    text = (part * (100_000 // len(part)))[:100_000]
    started = time.thread_time()
    normalise(text)
    assert time.thread_time() - started < 0.5  # ten times the 50 ms of a quiet machine, a tenth of anything quadratic
