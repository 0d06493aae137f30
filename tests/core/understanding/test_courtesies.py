"""What stands before and after what somebody has to say is taken off; where it is all they say, it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.understanding.courtesies import core_of


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("hi sorry to bother you i didnt know who to text but he has my pics", "he has my pics"),
        ("hello is anyone there he is outside", "he is outside"),
        ("idk how to say this but i want to die", "i want to die"),
        ("this might sound weird but he gives me presents", "he gives me presents"),
        ("my teacher gave me this number urgent", "urgent"),
        ("he locked the door pls reply asap thank you so much x", "he locked the door"),
        ("she posted my picture what should i do now pls", "she posted my picture"),
        ("advice kind regards mrs p", "advice"),
        ("stop texting me thanks", "stop texting me"),
    ],
)
def test_courtesies_round_a_message_are_taken_off(text, core):
    words = text.split()
    assert " ".join(words[core_of(words)]) == core


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "thanks so much for your help x",
        "hello is anyone there",
        "sorry wrong number",
        "im scared what do i do",
        "can you help me please",
        "er gent",
        "he said thanks for the pics",
        "",
    ],
)
def test_what_is_all_that_somebody_says_stays(text):
    words = text.split()
    assert words[core_of(words)] == words


@given(st.lists(st.sampled_from("hi sorry to bother you but thanks x pls reply asap he is here what do i".split())))
def test_something_is_always_left_of_something(words):
    assert bool(words[core_of(words)]) == bool(words)
