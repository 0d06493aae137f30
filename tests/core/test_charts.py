"""Charts say what the counters say, and hide what is small."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sms_service.core.chart_counts import first_moment
from sms_service.core.charts import PERIODS, Picture, Value, picture
from sms_service.core.traffic import HourlyCell, Measure

NOW = dt.datetime(2026, 11, 22, 12, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
NOON = NOW.replace(minute=0)


def cells(*rows: tuple[dt.datetime, Measure, str, int]) -> dict[HourlyCell, int]:
    return {HourlyCell(at, measure, name): count for at, measure, name, count in rows}


COUNTERS = cells(
    (NOON, Measure.OUTCOME, "answered", 20),
    (NOON, Measure.STAGE, "no_match", 6),
    (NOON, Measure.STAGE, "keyword", 14),
    (NOON, Measure.REPLY, "urgent", 5),
    (NOON, Measure.REPLY, "meet", 2),
    (NOON, Measure.SEGMENTS, "sms", 40),
    (NOON, Measure.LATENCY, "3", 19),
    (NOON, Measure.LATENCY, "100", 1),
    (NOON, Measure.DELIVERY, "delivered", 12),
    (NOON, Measure.DELIVERY, "failed", 3),
    (NOON, Measure.ERROR_CODE, "30003", 3),
    (NOON, Measure.REFUSAL, "other_number", 7),
    (NOON - 3 * HOUR, Measure.OUTCOME, "answered", 1),
)


def draw(days: int = 1, **more: Any) -> Picture:
    return picture(COUNTERS, NOW, days, ["urgent"], **{"pence_per_segment": 4.0, "to_operator": True, **more})


def chart(drawn: Picture, name: str) -> dict[dt.datetime, list[Value]]:
    found = next(one for one in drawn.charts if one.name == name)
    return {at: list(values) for at, values in found.points}


def test_a_day_is_24_hours_that_end_now() -> None:
    points = chart(draw(), "messages")
    assert len(points) == 24
    assert max(points) == NOON
    assert points[NOON] == [Value(20)]
    assert points[NOON - HOUR] == [Value(0)]


def test_understood_menu_and_emergency_make_the_whole() -> None:
    drawn = draw()
    assert [(share.name, share.count.number) for share in drawn.understood] == [
        ("Understood", 10),
        ("Menu", 6),
        ("Emergency", 5),
    ]
    assert drawn.messages == Value(21)


def test_cost_latency_and_errors() -> None:
    drawn = draw()
    assert (drawn.segments.number, drawn.pounds.number) == (40, 1.6)
    assert drawn.latency == {50: 3, 95: 3, 99: 100}
    assert [share.name for share in drawn.errors] == ["handset could not be reached (30003)"]
    assert [share.name for share in drawn.refusals] == ["other number"]
    assert [share.percent.words for share in drawn.deliveries] == ["80", "20"]


def test_hours_outside_the_period_are_left_out() -> None:
    long_ago = cells((NOON - 900 * HOUR, Measure.OUTCOME, "answered", 1000))
    assert picture({**COUNTERS, **long_ago}, NOW, 1, [], pence_per_segment=4.0, to_operator=True).messages == Value(21)


def test_small_counts_are_hidden_outside_operations() -> None:
    drawn = draw(to_operator=False)
    assert chart(drawn, "messages")[NOON - 3 * HOUR] == [Value(None, hidden=True)]
    replies = {share.name: (share.count.words, share.percent.hidden) for share in drawn.replies}
    assert replies == {"urgent": ("5", False), "meet": ("fewer than 5", True)}
    assert chart(drawn, "deliveries")[NOON] == [Value(12), Value(None, hidden=True)]


def test_a_month_goes_by_days_of_this_country_also_when_the_clock_changes() -> None:
    after = dt.datetime(2026, 10, 27, 12, tzinfo=dt.UTC)  # the clock went back on the 25th
    sunday = dt.datetime(2026, 10, 24, 23, tzinfo=dt.UTC)  # Sunday 25 October, 00:00 in London
    counters = cells((sunday, Measure.OUTCOME, "answered", 5), (sunday + 24 * HOUR, Measure.OUTCOME, "answered", 7))
    drawn = picture(counters, after, 28, [], pence_per_segment=4.0, to_operator=True)
    points = chart(drawn, "messages")
    assert len(points) == 28
    assert {at.day: value.number for at, [value] in points.items() if value.number} == {25: 12}


@pytest.mark.parametrize("days", PERIODS.values())
def test_every_period_begins_where_its_first_point_is(days: int) -> None:
    points = chart(draw(days), "messages")
    assert min(points).astimezone(dt.UTC) == first_moment(NOW, days)


def test_nothing_is_said_to_be_nothing() -> None:
    drawn = picture({}, NOW, 7, [], pence_per_segment=4.0, to_operator=True)
    assert all(one.is_empty for one in drawn.charts)
    assert drawn.replies == []
    assert (Value(None).words, Value(1234.5).words, Value(0).words) == ("none", "1,234.5", "0")
