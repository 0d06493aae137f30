"""What moves which counter, and what is shown of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from sms_service.core.events import Event, EventKind
from sms_service.core.traffic import LATENCY_BOUNDS_MS, HourlyCell, Measure, counted, hour_of, percentile, shown

AT = dt.datetime(2026, 11, 22, 12, 34, 56, tzinfo=dt.UTC)
HOUR = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def event(kind: EventKind = EventKind.MESSAGE, **fields: object) -> Event:
    return Event(event_id="x", kind=kind, at=AT, **fields)  # type: ignore[arg-type]  # a table of cases


@pytest.mark.parametrize(
    ("happened", "moves"),
    [
        (
            event(
                outcome="answered", channel="sms", stage="keyword", reply="help", segments=2, latency_ms=3.4, release=7
            ),
            {
                (Measure.OUTCOME, "answered"): 1,
                (Measure.CHANNEL, "sms"): 1,
                (Measure.STAGE, "keyword"): 1,
                (Measure.REPLY, "help"): 1,
                (Measure.SEGMENTS, "sms"): 2,
                (Measure.LATENCY, "5"): 1,
            },
        ),
        (
            event(outcome="answered", channel="whatsapp", media_count=3, degraded=("hot_state", "outbox")),
            {
                (Measure.OUTCOME, "answered"): 1,
                (Measure.CHANNEL, "whatsapp"): 1,
                (Measure.PICTURES, "whatsapp"): 1,
                (Measure.DEGRADED, "hot_state"): 1,
                (Measure.DEGRADED, "outbox"): 1,
            },
        ),
        (event(EventKind.DELIVERY, delivery_status="delivered"), {(Measure.DELIVERY, "delivered"): 1}),
        (
            event(EventKind.DELIVERY, delivery_status="failed", error_code=30003),
            {(Measure.DELIVERY, "failed"): 1, (Measure.ERROR_CODE, "30003"): 1},
        ),
        (event(EventKind.REFUSAL, refusal="forged", count=40), {(Measure.REFUSAL, "forged"): 40}),
        (event(EventKind.CALL_STEP, outcome="greeted"), {(Measure.CALL, "greeted"): 1}),
        (
            event(EventKind.CANARY, outcome="answered", channel="sms", reply="help", segments=2),
            {(Measure.CANARY, "answered"): 1},
        ),
    ],
)
def test_what_moves_which_counter(happened: Event, moves: dict[tuple[Measure, str], int]) -> None:
    assert counted([happened]) == Counter({HourlyCell(HOUR, *cell): count for cell, count in moves.items()})


def test_an_hour_begins_in_utc() -> None:
    kathmandu = dt.timezone(dt.timedelta(hours=5, minutes=45))
    assert hour_of(AT.astimezone(kathmandu)) == HOUR


def test_percentiles_are_bounds_that_hold() -> None:
    latencies = {"3": 50, "10": 45, "1000": 4, "longer": 1}
    assert [percentile(latencies, share) for share in (0.5, 0.95, 0.99, 1.0)] == [3, 10, 1000, None]
    assert percentile({}, 0.5) is None
    assert tuple(sorted(LATENCY_BOUNDS_MS)) == LATENCY_BOUNDS_MS


@pytest.mark.parametrize(("count", "outside", "inside"), [(0, 0, 0), (1, None, 1), (4, None, 4), (5, 5, 5)])
def test_small_counts_are_for_operators_only(count: int, outside: int | None, inside: int) -> None:
    assert shown(count, to_operator=False) == outside
    assert shown(count, to_operator=True) == inside
