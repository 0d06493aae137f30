from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.phone_numbers import find_phone_numbers


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("Call 999 now", ["999"]),
        ("0116 454 1004", ["01164541004"]),
        ("(0116) 454-1004.", ["01164541004"]),
        ("+44 116 454 1004", ["441164541004"]),
        ("text SHOUT to 85258", ["85258"]),
        ("116 123 or 0800 1111", ["116123", "08001111"]),
        ("0 1 1 6, 4 5 4, 1 0 0 4", ["01164541004"]),
        ("9 9 9", ["999"]),
        ("call 101, or 999", ["101", "999"]),
    ],
)
def test_what_a_reader_takes_for_a_number_is_found(text, digits):
    assert [number.digits for number in find_phone_numbers(text)] == digits


@pytest.mark.parametrize(
    "text",
    [
        "press 55",
        "under 18",
        "13-17",
        "in 2026",
        "£200",
        "100%",
        "at 9:30",
        "24/7",
        "1, 2, 3",
        "1 2 3 4",
        "a1234b",
        "24 hours",
    ],
)
def test_ages_prices_times_and_lists_are_left_alone(text):
    assert find_phone_numbers(text) == []


@given(st.text(st.sampled_from("0123456789 .,-()+a"), max_size=60))
def test_what_is_found_stands_where_it_is_said_to(text):
    for number in find_phone_numbers(text):
        assert text[number.position :].startswith(number.written)
        assert number.digits.isdecimal()
