"""Refused requests are counted without filling the disk."""

from __future__ import annotations

import datetime as dt
import threading

from sms_service.core.events import EventKind
from sms_service.service.ports import Recorded
from sms_service.service.refusals import CountedRefusals
from sms_service.storage.in_memory import InMemoryRecorder
from tests.conftest import CapturedLog
from tests.waiting import eventually

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def test_thousands_of_one_kind_are_one_row() -> None:
    log, recorder = CapturedLog(), InMemoryRecorder()
    counted = CountedRefusals(log, recorder, lambda: NOON, window_seconds=60)

    def refuse() -> None:
        for _ in range(500):
            counted.refusal("forged")

    threads = [threading.Thread(target=refuse) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted.refusal("unsigned")
    assert recorder.events == [], "gathered for a minute"
    counted.flush()
    assert {(row.kind, row.refusal, row.count, row.at) for row in recorder.events} == {
        (EventKind.REFUSAL, "forged", 2000, NOON),
        (EventKind.REFUSAL, "unsigned", 1, NOON),
    }
    assert len(log.refusals) == 2001, "each has its line"
    counted.flush()
    assert len(recorder.events) == 2


def test_rows_come_by_themselves_and_windows_do_not_share_an_id() -> None:
    recorder = InMemoryRecorder()
    counted = CountedRefusals(CapturedLog(), recorder, lambda: NOON, window_seconds=0.01)
    for expected in (1, 2):
        counted.refusal("forged")
        eventually(lambda: len(recorder.events) >= expected)  # noqa: B023 - asked within the turn
    assert len({row.event_id for row in recorder.events}) == 2


def test_what_breaks_the_recorder_reaches_nobody() -> None:
    class Broken:
        def record(self, event: object) -> Recorded:
            raise OSError("disk")

    log = CapturedLog()
    counted = CountedRefusals(log, Broken(), lambda: NOON)
    counted.refusal("forged")
    counted.flush()
    assert [code for code, _ in log.troubles] == ["outbox_failed"]
