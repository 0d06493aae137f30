"""A flood of repeats slows repeats; whoever texts for the first time, or in danger, notices nothing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sms_service.core.decisions import MOST_REPEATS_IN_30_SECONDS, Outcome
from sms_service.service.flood import Flood

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
NOW = NOON.timestamp()
PERSON = "+447700900555"


def flooded() -> Flood:
    flood = Flood()
    for _ in range(MOST_REPEATS_IN_30_SECONDS + 1):
        flood.note(2, NOW)
    return flood


def test_ten_thousand_people_are_no_flood() -> None:
    flood = Flood()
    assert not any(flood.note(1, NOW) for _ in range(10_000))


def test_the_601st_repeat_in_30_seconds_is_one_and_it_ends() -> None:
    flood = Flood()
    assert [flood.note(2, NOW) for _ in range(MOST_REPEATS_IN_30_SECONDS + 1)][-2:] == [False, True]
    assert flood.note(1, NOW + 30)
    assert not flood.note(1, NOW + 31)


def test_a_clock_that_is_put_back_makes_no_flood() -> None:
    assert not flooded().note(2, NOW - 3600)


def test_in_a_flood_a_person_gets_two_answers_then_slow_down_and_danger_always(line: LineUnderTest) -> None:
    line = line.with_parts(flood=flooded(), clock=lambda: NOON)
    replies = [line.reply(text, PERSON) for text in ("talk", "help", "exam", "about", "urgent", "kill me", "nudes")]
    outcomes = [event.outcome for event in line.recorder.events]
    assert outcomes[:4] == [Outcome.ANSWERED, Outcome.ANSWERED, Outcome.SLOWED, Outcome.SILENT_LOOP]
    assert (replies[2], replies[4]) == ("slow_down", "urgent")
    dangers = [event for event in line.recorder.events if line.release.book.is_danger(event.reply or "")]
    assert dangers
    assert {event.outcome for event in dangers} == {Outcome.ANSWERED}
    assert line.reply("talk", "+447700900556") == "talk"


def test_without_a_flood_the_same_texts_are_answered(line: LineUnderTest) -> None:
    line = line.with_parts(clock=lambda: NOON)
    for text in ("talk", "help", "exam", "about"):
        line.reply(text, PERSON)
    assert {event.outcome for event in line.recorder.events} == {Outcome.ANSWERED}
