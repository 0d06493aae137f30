from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.events import Event, EventKind
from sms_service.storage.event_text import LONGEST_TEXT, from_json, plain, to_json
from tests.sql_databases import NOON, an_event

WORDS = st.none() | st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=LONGEST_TEXT)
COUNTS = st.integers(min_value=0, max_value=2**31 - 1)


@given(
    words=st.fixed_dictionaries(
        {
            field.name: WORDS
            for field in dataclasses.fields(Event)
            if field.type == "str | None"  # the module writes its types as text
        }
    ),
    media_count=COUNTS,
    error_code=st.none() | COUNTS,
    score=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    danger_likely=st.booleans(),
    degraded=st.lists(st.sampled_from(["hot_state", "outbox", "answer"])).map(tuple),
    at=st.datetimes(timezones=st.just(dt.UTC)),
    kind=st.sampled_from(EventKind),
)
def test_an_event_comes_back_as_it_was(words, **fields) -> None:
    event = Event(event_id="message:SM1", **words, **fields)
    assert from_json(to_json(event)) == event


def test_what_says_nothing_is_left_out() -> None:
    bare = Event(event_id="x", kind=EventKind.MESSAGE, at=NOON)
    assert json.loads(to_json(bare)) == {"event_id": "x", "kind": "message", "at": "2026-11-22T12:00:00+00:00"}


def test_the_moment_is_written_in_utc() -> None:
    summer = dt.datetime(2026, 7, 1, 13, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert '"at":"2026-07-01T12:00:00+00:00"' in to_json(an_event(at=summer))


@pytest.mark.parametrize("text", ["a\0b", "a\nb", "\x1b[31mred", "a\u2028b", "café", "\ud800", "\ufffe", "x" * 5000])
def test_a_text_that_a_store_could_refuse_is_made_plain(text: str) -> None:
    made = plain(text)
    assert made.isascii()
    assert made.isprintable()
    assert len(made) <= LONGEST_TEXT
    assert from_json(to_json(an_event(reply=text))).reply == made


def test_texts_that_are_too_long_stay_different() -> None:
    assert plain("x" * 500 + "a") != plain("x" * 500 + "b")
    assert plain("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT


def test_a_huge_number_is_cut_to_what_a_column_takes() -> None:
    assert from_json(to_json(an_event(error_code=10**30))).error_code == 2**31 - 1


def test_names_of_a_newer_program_are_passed_over() -> None:
    body = json.dumps({**json.loads(to_json(an_event())), "from_the_future": 1})
    assert from_json(body) == an_event()


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "7", '"x"', "{}", '{"event_id":"x","kind":"other","at":"now"}']
)
def test_anything_else_is_no_event(body: str) -> None:
    with pytest.raises(ValueError, match="not an event"):
        from_json(body)
