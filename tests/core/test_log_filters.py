"""What operators type becomes a filter, or a complaint at its field."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from sms_service.core.delivery import DeliveryStatus
from sms_service.core.events import EventKind
from sms_service.core.log_filters import LogFilter, LogPlace, read_filter

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({}, LogFilter()),
        ({"reply": "  ", "unheard_of": "x"}, LogFilter()),
        ({"kind": "all"}, LogFilter(kinds=())),
        ({"kind": "canary"}, LogFilter(kinds=(EventKind.CANARY,))),
        ({"first": "2026-07-01"}, LogFilter(first=dt.datetime(2026, 6, 30, 23, tzinfo=dt.UTC))),
        ({"before": "2026-11-22T14:30"}, LogFilter(before=dt.datetime(2026, 11, 22, 14, 30, tzinfo=dt.UTC))),
        ({"before": "2026-11-22T14:30:00+01:00"}, LogFilter(before=dt.datetime(2026, 11, 22, 13, 30, tzinfo=dt.UTC))),
        ({"error_code": "30003", "delivery": "failed"}, LogFilter(error_code=30003, delivery=DeliveryStatus.FAILED)),
        ({"outcome": "slowed", "stage": "typo", "reply": "talk", "channel": "sms", "refusal": "forged"},
         LogFilter(outcome="slowed", stage="typo", reply="talk", channel="sms", refusal="forged")),
        ({"pseudonym": 32 * "a", "message_id": "SM1"}, LogFilter(pseudonym=32 * "a", message_id="SM1")),
    ],
)  # fmt: skip
def test_what_is_typed_combines(typed: dict[str, str], wanted: LogFilter) -> None:
    assert read_filter(typed, LONDON) == (wanted, [])


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("kind", "nonsense"),
        ("first", "yesterday"),
        ("before", "9999-12-31T23:59:59-23:00"),
        ("error_code", "30003x"),
        ("error_code", "9" * 30),
        ("delivery", "gone"),
        ("reply", "a b"),
        ("pseudonym", "+447700900123"),
        ("message_id", "SM1' OR 1=1"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_told(field: str, text: str) -> None:
    wanted, complaints = read_filter({field: text, "stage": "typo"}, LONDON)
    assert wanted == LogFilter(stage="typo")
    assert [complaint.field for complaint in complaints] == [field]
    assert text not in complaints[0].sentence


def test_a_place_comes_back_from_an_address() -> None:
    place = LogPlace(dt.datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=dt.UTC), "message:SM1 x")
    assert LogPlace.read(place.written()) == place
    assert place.written().replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("written", ["", "x", "é", "!!!!", "MjAyNi0xMS0yMg", "MjAyNi0xMS0yMlQxMjowMDowMCB4"])
def test_a_place_that_nobody_gave_is_none(written: str) -> None:
    assert LogPlace.read(written) is None
