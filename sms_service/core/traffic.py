"""What is counted by the hour: of each event, which counters it moves. Charts, alerts and percentiles come from these.

Counted when an event is new in SQL, in the transaction that adds it, so nothing is counted twice and nothing is missed.
A canary moves none of the counters of messages.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sms_service.core.data_register import SMALLEST_SHOWN
from sms_service.core.events import Event, EventKind

LATENCY_BOUNDS_MS: Final = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000, 4000)
_LONGER: Final = "longer"


class Measure(StrEnum):
    """What a counter counts; its names are values of that column unless said otherwise."""

    OUTCOME = "outcome"
    STAGE = "stage"
    REPLY = "reply"
    CHANNEL = "channel"
    SEGMENTS = "segments"
    """Sum of segments sent, by channel."""
    LATENCY = "latency"
    """Messages by the smallest of :data:`LATENCY_BOUNDS_MS` that is not below."""
    DEGRADED = "degraded"
    """Messages by part that did not work."""
    PICTURES = "pictures"
    """Messages with pictures, by channel."""
    DELIVERY = "delivery"
    """Reports by status."""
    ERROR_CODE = "error_code"
    """Reports by the provider's code."""
    REFUSAL = "refusal"
    """Refused requests by code."""
    CALL = "call"
    """Steps of calls, by outcome."""
    CANARY = "canary"
    """Canaries that reached the line, by outcome."""


@dataclass(frozen=True, slots=True, order=True)
class HourlyCell:
    """One counter.

    Attributes:
        hour: Beginning of the hour, UTC, aware.
        measure: What is counted.
        name: Which of them.
    """

    hour: dt.datetime
    measure: Measure
    name: str


def hour_of(moment: dt.datetime) -> dt.datetime:
    """Give the beginning of a moment's hour, in UTC."""
    return moment.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)


def counted(events: Iterable[Event]) -> Counter[HourlyCell]:
    """Give by how much each counter moves for some events."""
    # Most events of a batch are of one hour and much alike: counted as plain tuples, and made into cells at the end.
    counts: Counter[tuple[dt.datetime, Measure, str]] = Counter()
    hours: dict[tuple[dt.date, int, dt.tzinfo | None], dt.datetime] = {}
    for event in events:
        written = (event.at.date(), event.at.hour, event.at.tzinfo)
        hour = hours.get(written) or hours.setdefault(written, hour_of(event.at))
        for measure, name, count in _moves(event):
            counts[hour, measure, name] += count
    return Counter({HourlyCell(*cell): count for cell, count in counts.items()})


def _moves(event: Event) -> Iterable[tuple[Measure, str, int]]:
    if event.kind is EventKind.MESSAGE:
        yield from _moves_of_message(event)
    elif event.kind is EventKind.DELIVERY:
        yield Measure.DELIVERY, event.delivery_status or "unknown", 1
        if event.error_code is not None:
            yield Measure.ERROR_CODE, str(event.error_code), 1
    elif event.kind is EventKind.REFUSAL:
        yield Measure.REFUSAL, event.refusal or "unknown", event.count
    elif event.kind is EventKind.CALL_STEP:
        yield Measure.CALL, event.outcome or event.stage or "", 1
    elif event.kind is EventKind.CANARY:
        yield Measure.CANARY, event.outcome or "", 1


def _moves_of_message(event: Event) -> Iterable[tuple[Measure, str, int]]:
    channel = event.channel or ""
    yield Measure.OUTCOME, event.outcome or "", 1
    yield Measure.CHANNEL, channel, 1
    if event.stage is not None:
        yield Measure.STAGE, event.stage, 1
    if event.reply is not None:
        yield Measure.REPLY, event.reply, 1
    if event.segments:
        yield Measure.SEGMENTS, channel, event.segments
    if event.latency_ms is not None:
        yield Measure.LATENCY, latency_name(event.latency_ms), 1
    if event.media_count:
        yield Measure.PICTURES, channel, 1
    for part in event.degraded:
        yield Measure.DEGRADED, part, 1


def latency_name(latency_ms: float) -> str:
    """Give the name of the counter that a latency belongs to."""
    place = bisect_left(LATENCY_BOUNDS_MS, latency_ms)
    return str(LATENCY_BOUNDS_MS[place]) if place < len(LATENCY_BOUNDS_MS) else _LONGER


def percentile(latencies: Mapping[str, int], share: float) -> int | None:
    """Give the bound in milliseconds that so large a share of the messages stayed within.

    Args:
        latencies: Messages by name of the latency counter.
        share: From 0 to 1.

    Returns:
        None without a message, and where the share took longer than the last bound.
    """
    total = sum(latencies.values())
    within = 0
    for bound in LATENCY_BOUNDS_MS:
        within += latencies.get(str(bound), 0)
        if total and within >= share * total:
            return bound
    return None


def shown(count: int, *, to_operator: bool) -> int | None:
    """Give a count as somebody may see it: small ones (1 to 4) are None outside the ops role."""
    return count if to_operator or not 0 < count < SMALLEST_SHOWN else None
