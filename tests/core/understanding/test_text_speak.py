"""Text-speak is written out as what it means where it stands."""

from __future__ import annotations

import pytest

from sms_service.core.understanding.text_speak import expand_text_speak


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ive been sh again", "ive been self harm again"),
        ("sh dont wake them", "sh dont wake them"),
        ("my new bike sh be here by now", "my new bike sh be here by now"),
        ("he keeps askin", "he keeps asking"),
        ("fav singer is justin", "fav singer is justin"),
    ],
)
def test_an_abbreviation_is_read_by_the_words_before_it(written, meant):
    assert " ".join(expand_text_speak(tuple(written.split()))) == meant
