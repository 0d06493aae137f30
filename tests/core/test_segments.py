from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.segments import (
    GSM7,
    GSM7_BASIC,
    GSM7_EXTENSION,
    Encoding,
    count_segments,
    is_gsm7,
    split_segments,
)

BITS_PER_UNIT = {Encoding.GSM_7: 7, Encoding.UCS_2: 16}

gsm7_texts = st.text(st.sampled_from(sorted(GSM7)), max_size=700)
any_texts = st.text(max_size=300)


def test_every_shared_case_agrees_with_the_providers_calculator(shared_data):
    cases = json.loads(shared_data("segment_vectors.json").read_text(encoding="utf-8"))["cases"]
    assert len(cases) >= 54
    for case in cases:
        text, name = case["text"], case["name"]
        count = count_segments(text)
        if "encoding" in case:
            assert count.encoding.value == case["encoding"], name
        if "segments" in case:
            assert count.segments == case["segments"], name
        if "message_bits" in case:
            assert count.length_units * BITS_PER_UNIT[count.encoding] == case["message_bits"], name
        if "last_segment_text" in case:
            assert split_segments(text)[-1] == case["last_segment_text"], name
        if "non_gsm_characters" in case:
            assert [character for character in text if character not in GSM7] == case["non_gsm_characters"], name


def test_the_tables_hold_what_the_standard_lists():
    # 128 codes less the escape; ten extension characters, form feed among them.
    assert len(GSM7_BASIC) == 127
    assert len(GSM7_EXTENSION) == 10
    assert GSM7_BASIC.isdisjoint(GSM7_EXTENSION)


@pytest.mark.parametrize(
    ("text", "encoding", "length", "segments", "left"),
    [
        ("", "GSM-7", 0, 1, 160),
        ("a" * 159, "GSM-7", 159, 1, 1),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("a" * 306, "GSM-7", 306, 2, 0),
        ("a" * 307, "GSM-7", 307, 3, 152),
        ("€", "GSM-7", 2, 1, 158),
        ("€" * 80, "GSM-7", 160, 1, 0),
        # The 77th euro would be torn at septet 153, so it moves on whole: 76 euros and one septet lost.
        ("€" * 81, "GSM-7", 162, 2, 143),
        ("a" * 152 + "€" + "a" * 10, "GSM-7", 164, 2, 141),
        ("ç", "UCS-2", 1, 1, 69),
        ("ç" * 70, "UCS-2", 70, 1, 0),
        ("ç" * 71, "UCS-2", 71, 2, 63),
        # A family is eight code units in one grapheme: three whole ones in 67 after 47 letters would be 71.
        ("ç" * 60 + "👨‍👩‍👧" * 2, "UCS-2", 76, 2, 51),
    ],
)
def test_lengths_at_the_edges(text, encoding, length, segments, left):
    count = count_segments(text)
    assert (count.encoding.value, count.length_units, count.segments, count.units_left) == (
        encoding,
        length,
        segments,
        left,
    )


def test_a_grapheme_is_never_cut():
    assert split_segments("ç" * 66 + "🇮🇹" + "ç" * 10) == ("ç" * 66, "🇮🇹" + "ç" * 10)


def test_a_stack_of_accents_longer_than_a_segment_is_cut_and_counted():
    stack = "e" + "\u0301" * 200
    assert count_segments(stack).segments == 3
    assert "".join(split_segments(stack)) == stack


@given(gsm7_texts | any_texts)
def test_segments_joined_are_the_text(text):
    pieces = split_segments(text)
    assert "".join(pieces) == text
    assert len(pieces) == count_segments(text).segments


@given(gsm7_texts | any_texts)
def test_no_segment_is_fuller_than_it_can_be(text):
    count = count_segments(text)
    pieces = split_segments(text)
    room = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}[count.encoding][len(pieces) > 1]
    sizes = [
        sum(2 if c in GSM7_EXTENSION else 1 for c in piece)
        if count.encoding is Encoding.GSM_7
        else len(piece.encode("utf-16-le", "surrogatepass")) // 2
        for piece in pieces
    ]
    assert all(size <= room for size in sizes)
    assert count.units_left == room - sizes[-1]
    assert count.length_units == sum(sizes)


@given(any_texts)
def test_a_text_is_gsm7_exactly_when_all_its_characters_are(text):
    assert is_gsm7(text) == all(character in GSM7 for character in text)
