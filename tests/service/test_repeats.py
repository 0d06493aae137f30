"""Repeats: one row for the message, and a count beside it, a row a minute."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sms_service.core.events import EventKind
from sms_service.service.minute_counts import MOST_NAMES
from sms_service.service.repeats import CountedRepeats
from sms_service.storage.in_memory import InMemoryRecorder
from tests.conftest import CapturedLog

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
MESSAGE_ID = "SM" + 32 * "1"


def counted(recorder: InMemoryRecorder) -> CountedRepeats:
    return CountedRepeats(CapturedLog(), recorder, lambda: NOON)


def test_a_repeated_message_has_one_row_and_a_count(line: Line) -> None:
    repeats = counted(line.recorder)
    line = line.with_parts(repeats=repeats)
    for _ in range(4):
        line.handle("HELP", message_id=MESSAGE_ID)
    assert [row.kind for row in line.recorder.events] == [EventKind.MESSAGE]
    repeats.flush()
    row = line.recorder.events[-1]
    assert (row.kind, row.message_id, row.count, row.at) == (EventKind.REPEAT, MESSAGE_ID, 3, NOON)
    assert row.pseudonym is None


def test_a_repeated_step_of_a_call_counts_for_the_call(line: Line) -> None:
    repeats = counted(line.recorder)
    line = line.with_parts(repeats=repeats)
    call = line.call()
    call.ring()
    call.ring()
    call._next_path = "/voice"
    call.ring()
    repeats.flush()
    assert (line.recorder.events[-1].message_id, line.recorder.events[-1].count) == (call.call_id, 1)


def test_a_request_played_for_ever_costs_a_row_a_minute() -> None:
    recorder = InMemoryRecorder()
    repeats = counted(recorder)
    for _ in range(5_000):
        repeats.note(MESSAGE_ID)
    for number in range(2 * MOST_NAMES):
        repeats.note(f"SM{number:032x}")
    repeats.flush()
    assert len(recorder.events) == MOST_NAMES
    assert recorder.events[0].count == 5_000
