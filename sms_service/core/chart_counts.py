"""Hourly counters of a period, gathered by hour or day, and what is read out of each point."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

from sms_service.core.delivery import DeliveryStatus
from sms_service.core.opening_hours import UK
from sms_service.core.traffic import HourlyCell, Measure

BY_DAY_FROM: Final = 14
"""Days from which on a period is shown by days; shorter ones are by hours."""

_HOUR: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)

Counts = Mapping[Measure, Mapping[str, int]]
"""Counters of one point in time, by measure and name."""


def first_moment(now: dt.datetime, days: int) -> dt.datetime:
    """Give the beginning of a period that ends with the hour, or the day, that now lies in."""
    if days >= BY_DAY_FROM:
        today = now.astimezone(UK).replace(hour=0, minute=0, second=0, microsecond=0)
        return (today - (days - 1) * _DAY).astimezone(dt.UTC)
    return now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0) - (days * 24 - 1) * _HOUR


def points_of(counters: Mapping[HourlyCell, int], now: dt.datetime, days: int) -> dict[dt.datetime, Counts]:
    """Give a point for each hour or day, empty ones too."""
    begin, by_day = first_moment(now, days), days >= BY_DAY_FROM
    found: dict[dt.datetime, dict[Measure, Counter[str]]] = {}
    at = begin
    while at <= now:
        found[_beginning(at) if by_day else at] = {}
        at += _HOUR
    for cell, count in counters.items():
        point = found.get(_beginning(cell.hour) if by_day else cell.hour)
        if point is not None:
            point.setdefault(cell.measure, Counter())[cell.name] += count
    return dict(found)


def _beginning(at: dt.datetime) -> dt.datetime:
    return at.astimezone(UK).replace(hour=0, minute=0, second=0, microsecond=0)


def summed(points: Collection[Counts]) -> Counts:
    """Add the points of a period up."""
    total: dict[Measure, Counter[str]] = {}
    for point in points:
        for measure, names in point.items():
            total.setdefault(measure, Counter()).update(names)
    return total


def _all_of(counts: Counts, measure: Measure) -> int:
    return sum(counts.get(measure, {}).values())


def messages(counts: Counts) -> int:
    """Count messages."""
    return _all_of(counts, Measure.OUTCOME)


def refused(counts: Counts) -> int:
    """Count refused requests."""
    return _all_of(counts, Measure.REFUSAL)


def segments(counts: Counts) -> int:
    """Count segments sent."""
    return _all_of(counts, Measure.SEGMENTS)


def understood(counts: Counts, danger: Collection[str]) -> dict[str, int]:
    """Split messages into understood, menu and emergency; ``danger`` are the keys of replies with emergency numbers."""
    emergency = sum(count for reply, count in counts.get(Measure.REPLY, {}).items() if reply in danger)
    menu = counts.get(Measure.STAGE, {}).get("no_match", 0)
    return {"Understood": max(0, messages(counts) - emergency - menu), "Menu": menu, "Emergency": emergency}


def arrived(counts: Counts) -> int:
    """Count reports that a reply arrived."""
    return sum(count for name, count in counts.get(Measure.DELIVERY, {}).items() if DeliveryStatus.of(name).arrived)


def lost(counts: Counts) -> int:
    """Count reports that a reply will not arrive."""
    return sum(count for name, count in counts.get(Measure.DELIVERY, {}).items() if DeliveryStatus.of(name).is_lost)
