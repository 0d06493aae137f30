"""What could point at a person is gone before anybody reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.redaction import MOST_CHARACTERS, redacted


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("call me on 07700 900123", "900123"),
        ("its +44 (0) 7700-900.123 ok", "900"),
        ("0 7 7 0 0 9 0 0 1 2 3", "7 7"),
        ("oh seven seven double oh nine one two three", "seven"),
        ("٠٧٧٠٠ ٩٠٠١٢٣", "٧"),
        ("077\u200b00900123", "00900"),
        ("im sarah and he wont stop", "sarah"),
        ("I'm Zoe", "Zoe"),
        ("hi my name is jake smith", "jake"),
        ("my names Mohammed", "Mohammed"),
        ("his name is Dave Jones", "Jones"),
        ("a man called kevin", "kevin"),
        ("mail me at sam.smith@example.org", "smith"),
        ("sam at gmail dot com", "sam"),
        ("look https://example.org/u/sam", "example"),
        ("its on example.co.uk/sam", "example"),
        ("hes @sam_smith99 on there", "sam"),
        ("my snap is sarahxo", "sarahxo"),
        ("insta: sarah.xo", "sarah"),
        ("i live at LE1 4ZZ", "4ZZ"),
        ("le14zz", "le14zz"),
        ("24 acacia avenue", "acacia"),
        ("i go to beaumont leys school", "beaumont"),
        ("user xx_sam_xx2009", "sam"),
        ("then Sarah said no", "Sarah"),
    ],
)
def test_is_taken_out(text: str, gone: str) -> None:
    assert gone.casefold() not in redacted(text).casefold()


@pytest.mark.parametrize(
    "text",
    [
        "im scared he wont leave me alone",
        "im being asked for pics and i dont know what to do",
        "my friend is in trouble can u help",
        "they said i have to pay",
        "is it ok if somebody is 15",
    ],
)
def test_how_young_people_put_things_stays(text: str) -> None:
    assert redacted(text) == text


@given(st.text(max_size=2000))
def test_any_text_becomes_one_short_line(text: str) -> None:
    short = redacted(text)
    assert len(short) <= MOST_CHARACTERS
    assert "\n" not in short
    assert not any(len(run) > 2 for run in "".join(c if c.isdigit() else " " for c in short).split())
