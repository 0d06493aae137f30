"""What is remembered survives storage; what is not ours in storage is a fresh conversation."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.conversation import FORGET_AFTER_SECONDS, Conversation, SeenText

KNOWN = Conversation(last_at=1000.0).heard("f1", now=1000.0, answered=True).sent("help")


def test_what_was_stored_is_read_again():
    assert Conversation.from_json(KNOWN.to_json()) == KNOWN


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "",
        b"\xff",
        "null",
        "[]",
        "{}",
        "7",
        "x" * 100_000,
        "[" * 100_000,
        KNOWN.to_json().replace('"repeats":1', '"repeats":Infinity'),
        KNOWN.to_json().replace('"last_at":1000.0', '"last_at":NaN'),
        KNOWN.to_json().replace('"at":1000.0', '"at":NaN'),
    ],
)
def test_anything_else_is_a_fresh_conversation(stored):
    assert Conversation.from_json(stored) == Conversation()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_value_in_storage_raises(value):
    Conversation.from_json(json.dumps(value))


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_clock_that_jumps_far_starts_afresh_but_keeps_the_wish_for_no_texts(hours):
    stopped = Conversation(last_reply="stop", last_at=1000.0, opted_out=True)
    later = stopped.as_of(1000.0 + hours * 3600)
    assert later == Conversation(opted_out=True)
    assert abs(hours) * 3600 > FORGET_AFTER_SECONDS


def test_the_text_for_the_store_holds_every_field() -> None:
    conversation = Conversation("urgent", 1.5, 2, "pl", True, (SeenText(1.0, "ab", True), SeenText(1.5, "cd", False)))
    assert json.loads(conversation.to_json()) == json.loads(json.dumps(asdict(conversation)))
