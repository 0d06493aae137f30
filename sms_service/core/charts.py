"""Charts and tables of a period from the hourly counters. What is small is hidden here, not on the page."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sms_service.core.data_register import SMALLEST_SHOWN
from sms_service.core.delivery import DeliveryStatus, error_words
from sms_service.core.opening_hours import UK
from sms_service.core.traffic import HourlyCell, Measure, percentile, shown

PERIODS: Final = {"day": 1, "week": 7, "month": 28}
"""Days by name; a month is shown by days, the others by hours."""

_HOUR: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)
_BY_DAY_FROM: Final = 14
_PENCE: Final = 100

Counts = Mapping[Measure, Mapping[str, int]]
"""Counters of one point in time, by measure and name."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number as somebody may see it.

    Attributes:
        number: None: hidden, or there is none.
        hidden: Whether it is one of the small ones.
    """

    number: float | None
    hidden: bool = False

    @property
    def words(self) -> str:
        """As people read it."""
        if self.hidden:
            return f"fewer than {SMALLEST_SHOWN}"
        return "none" if self.number is None else f"{self.number:,.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over time, and the table of the same numbers.

    Attributes:
        name: For addresses and ids.
        title: A few words with the unit.
        lines: Names of the lines.
        points: For each moment a value of each line.
    """

    name: str
    title: str
    lines: Sequence[str]
    points: Sequence[tuple[dt.datetime, Sequence[Value]]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value.number or value.hidden for _, values in self.points for value in values)


@dataclass(frozen=True, slots=True)
class Share:
    """A row of a table: what, how many, and how much of the whole."""

    name: str
    count: Value
    percent: Value


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that a page shows of a period.

    Attributes:
        charts: In their order.
        messages: Of the whole period.
        understood: Understood, menu and emergency.
        replies: How often each was sent.
        deliveries: Reports by state.
        errors: Reports by the provider's code, in words.
        refusals: Refused requests by code.
        channels: Messages by channel.
        releases: When each release of the period went live, and its number, oldest first.
        segments: Sent in the period.
        pounds: What they cost.
        latency: Bounds in milliseconds that 50, 95 and 99 of 100 messages stayed within; empty without messages.
    """

    charts: Sequence[Chart]
    messages: Value
    understood: Sequence[Share]
    replies: Sequence[Share]
    deliveries: Sequence[Share]
    errors: Sequence[Share]
    refusals: Sequence[Share]
    channels: Sequence[Share]
    releases: Sequence[tuple[dt.datetime, int]]
    segments: Value
    pounds: Value
    latency: Mapping[int, int | None]


def first_moment(now: dt.datetime, days: int) -> dt.datetime:
    """Give the beginning of a period that ends with the hour, or the day, that now lies in."""
    if days >= _BY_DAY_FROM:
        today = now.astimezone(UK).replace(hour=0, minute=0, second=0, microsecond=0)
        return (today - (days - 1) * _DAY).astimezone(dt.UTC)
    return now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0) - (days * 24 - 1) * _HOUR


def picture(
    counters: Mapping[HourlyCell, int],
    now: dt.datetime,
    days: int,
    danger: Collection[str],
    releases: Sequence[tuple[dt.datetime, int]] = (),
    *,
    pence_per_segment: float,
    to_operator: bool,
) -> Picture:
    """Draw a period.

    Args:
        counters: Of its hours.
        now: Its end.
        days: Its length; see :data:`PERIODS`.
        danger: Keys of the replies with emergency numbers.
        releases: When each release of the period went live, oldest first.
        pence_per_segment: What a segment costs.
        to_operator: Whether small counts may be seen.
    """
    points = _points(counters, now, days)
    total = _sum(points.values())

    def value(count: int) -> Value:
        seen = shown(count, to_operator=to_operator)
        return Value(seen, hidden=seen is None)

    def line(title: str, name: str, lines: Mapping[str, Callable[[Counts], Value]]) -> Chart:
        rows = [(at, [read(counts) for read in lines.values()]) for at, counts in points.items()]
        return Chart(name, title, list(lines), rows)

    def counted(read: Callable[[Counts], int]) -> Callable[[Counts], Value]:
        return lambda counts: value(read(counts))

    def shares(names: Mapping[str, int]) -> list[Share]:
        whole = sum(names.values())
        rows = sorted(((count, name) for name, count in names.items() if count), key=lambda row: (-row[0], row[1]))
        return [Share(name, value(count), _percent(value(count), whole)) for count, name in rows]

    per = "day" if days >= _BY_DAY_FROM else "hour"
    charts = [
        line(f"Messages in each {per}", "messages", {"Messages": counted(_messages)}),
        line(
            f"How messages were understood, in each {per}",
            "understood",
            {
                "Understood": counted(lambda counts: _understood(counts, danger)["Understood"]),
                "Menu": counted(lambda counts: _understood(counts, danger)["Menu"]),
                "Emergency": counted(lambda counts: _understood(counts, danger)["Emergency"]),
            },
        ),
        line(
            f"Delivery reports in each {per}",
            "deliveries",
            {"Arrived": counted(_arrived), "Did not arrive": counted(_lost)},
        ),
        line(
            "Time to an answer, milliseconds that so many messages stayed within",
            "latency",
            {f"{share} of 100": _stayed_within(share) for share in (50, 95, 99)},
        ),
        line(
            f"Cost of replies in each {per}, pounds",
            "cost",
            {"Pounds": lambda counts: _pounds(value(_segments(counts)), pence_per_segment)},
        ),
        line(f"Refused requests in each {per}", "refused", {"Refused": counted(_refused)}),
    ]
    latencies = total.get(Measure.LATENCY, {})
    return Picture(
        charts=charts,
        messages=value(_messages(total)),
        understood=shares(_understood(total, danger)),
        replies=shares(total.get(Measure.REPLY, {})),
        deliveries=shares(
            {status.replace("_", " "): count for status, count in total.get(Measure.DELIVERY, {}).items()}
        ),
        errors=shares({_error(code): count for code, count in total.get(Measure.ERROR_CODE, {}).items()}),
        refusals=shares({code.replace("_", " "): count for code, count in total.get(Measure.REFUSAL, {}).items()}),
        channels=shares(total.get(Measure.CHANNEL, {})),
        releases=releases,
        segments=value(_segments(total)),
        pounds=_pounds(value(_segments(total)), pence_per_segment),
        latency={share: percentile(latencies, share / 100) for share in (50, 95, 99)} if latencies else {},
    )


def _points(counters: Mapping[HourlyCell, int], now: dt.datetime, days: int) -> dict[dt.datetime, Counts]:
    """Give a point for each hour or day, empty ones too."""
    begin, by_day = first_moment(now, days), days >= _BY_DAY_FROM
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


def _sum(points: Collection[Counts]) -> Counts:
    total: dict[Measure, Counter[str]] = {}
    for point in points:
        for measure, names in point.items():
            total.setdefault(measure, Counter()).update(names)
    return total


def _all_of(counts: Counts, measure: Measure) -> int:
    return sum(counts.get(measure, {}).values())


def _messages(counts: Counts) -> int:
    return _all_of(counts, Measure.OUTCOME)


def _refused(counts: Counts) -> int:
    return _all_of(counts, Measure.REFUSAL)


def _segments(counts: Counts) -> int:
    return _all_of(counts, Measure.SEGMENTS)


def _understood(counts: Counts, danger: Collection[str]) -> dict[str, int]:
    emergency = sum(count for reply, count in counts.get(Measure.REPLY, {}).items() if reply in danger)
    menu = counts.get(Measure.STAGE, {}).get("no_match", 0)
    return {"Understood": max(0, _messages(counts) - emergency - menu), "Menu": menu, "Emergency": emergency}


def _arrived(counts: Counts) -> int:
    return sum(count for name, count in counts.get(Measure.DELIVERY, {}).items() if DeliveryStatus.of(name).arrived)


def _lost(counts: Counts) -> int:
    return sum(count for name, count in counts.get(Measure.DELIVERY, {}).items() if DeliveryStatus.of(name).is_lost)


def _stayed_within(share: int) -> Callable[[Counts], Value]:
    return lambda counts: Value(percentile(counts.get(Measure.LATENCY, {}), share / 100))


def _pounds(segments: Value, pence_per_segment: float) -> Value:
    if segments.number is None:
        return segments
    return Value(round(segments.number * pence_per_segment / _PENCE, 2))


def _percent(count: Value, whole: int) -> Value:
    return count if count.number is None else Value(round(100 * count.number / whole, 1))


def _error(code: str) -> str:
    return f"{error_words(int(code))} ({code})" if code.isdigit() else code
