"""Charts and tables of a period from the hourly counters. What is small is hidden here, not on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sms_service.core import chart_counts
from sms_service.core.chart_counts import BY_DAY_FROM, Counts
from sms_service.core.data_register import SMALLEST_SHOWN
from sms_service.core.delivery import error_words
from sms_service.core.traffic import HourlyCell, Measure, percentile, shown

PERIODS: Final = {"day": 1, "week": 7, "month": 28}
"""Days by name; a month is shown by days, the others by hours."""

_PENCE: Final = 100


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
    points = chart_counts.points_of(counters, now, days)
    total = chart_counts.summed(points.values())

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

    per = "day" if days >= BY_DAY_FROM else "hour"
    charts = [
        line(f"Messages in each {per}", "messages", {"Messages": counted(chart_counts.messages)}),
        line(
            f"How messages were understood, in each {per}",
            "understood",
            {
                "Understood": counted(lambda counts: chart_counts.understood(counts, danger)["Understood"]),
                "Menu": counted(lambda counts: chart_counts.understood(counts, danger)["Menu"]),
                "Emergency": counted(lambda counts: chart_counts.understood(counts, danger)["Emergency"]),
            },
        ),
        line(
            f"Delivery reports in each {per}",
            "deliveries",
            {"Arrived": counted(chart_counts.arrived), "Did not arrive": counted(chart_counts.lost)},
        ),
        line(
            "Time to an answer, milliseconds that so many messages stayed within",
            "latency",
            {f"{share} of 100": _stayed_within(share) for share in (50, 95, 99)},
        ),
        line(
            f"Cost of replies in each {per}, pounds",
            "cost",
            {"Pounds": lambda counts: _pounds(value(chart_counts.segments(counts)), pence_per_segment)},
        ),
        line(f"Refused requests in each {per}", "refused", {"Refused": counted(chart_counts.refused)}),
    ]
    latencies = total.get(Measure.LATENCY, {})
    return Picture(
        charts=charts,
        messages=value(chart_counts.messages(total)),
        understood=shares(chart_counts.understood(total, danger)),
        replies=shares(total.get(Measure.REPLY, {})),
        deliveries=shares(
            {status.replace("_", " "): count for status, count in total.get(Measure.DELIVERY, {}).items()}
        ),
        errors=shares({_error(code): count for code, count in total.get(Measure.ERROR_CODE, {}).items()}),
        refusals=shares({code.replace("_", " "): count for code, count in total.get(Measure.REFUSAL, {}).items()}),
        channels=shares(total.get(Measure.CHANNEL, {})),
        releases=releases,
        segments=value(chart_counts.segments(total)),
        pounds=_pounds(value(chart_counts.segments(total)), pence_per_segment),
        latency={share: percentile(latencies, share / 100) for share in (50, 95, 99)} if latencies else {},
    )


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
