"""When a contact can be reached. Times are UK local time; the moment and the bank holidays come in as arguments.

A span of the table is read as a stretch of real time from its start to its end. In the night the clocks go forward, a
time that the clock skips (01:30) is read by the clock of before; in the night they go back, the first of the two 01:30s
counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sms_service.core.reply_book import Contact, KnownHours, OpenSpan, Weekday, WeeklyHours

UK: Final = ZoneInfo("Europe/London")

_WEEKDAYS: Final = tuple(Weekday)

_NOON: Final = 12

_SPOKEN_DAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SPOKEN_MONTHS: Final = "January February March April May June July August September October November December".split()

_LOOK_AHEAD_DAYS: Final = 35
"""A service open on Fridays only can miss two in a row (Christmas Day and New Year's Day); five weeks is beyond any."""


class Openness(IntEnum):
    """Whether a contact answers now, in the order in which contacts are named to somebody in need."""

    OPEN = 0
    UNKNOWN = 1
    SHUT = 2


def openness(contact: Contact, now: dt.datetime, bank_holidays: frozenset[dt.date]) -> Openness:
    """Say whether a contact is open at a moment.

    Args:
        contact: With its hours.
        now: Any aware moment.
        bank_holidays: Days off in England and Wales.

    Raises:
        ValueError: When ``now`` is naive: local time or UTC would be a guess.
    """
    _must_be_aware(now)
    if contact.hours is KnownHours.ALWAYS:
        return Openness.OPEN
    if contact.hours is KnownHours.UNKNOWN:
        return Openness.UNKNOWN
    moment = now.astimezone(dt.UTC)
    today = now.astimezone(UK).date()
    spans = open_stretches(contact.hours, today, bank_holidays)
    return Openness.OPEN if any(start <= moment < end for start, end in spans) else Openness.SHUT


def opens_at(contact: Contact, now: dt.datetime, bank_holidays: frozenset[dt.date]) -> dt.datetime | None:
    """Give the first moment, from ``now`` on, at which a contact is open.

    Returns:
        A moment in UTC (UK local times of the hour that comes twice in autumn equal nothing, by PEP 495); ``now`` when
        it is open already; None when its hours are unknown or it does not open in the next five weeks.

    Raises:
        ValueError: When ``now`` is naive.
    """
    _must_be_aware(now)
    moment = now.astimezone(dt.UTC)
    if contact.hours is KnownHours.ALWAYS:
        return moment
    if contact.hours is KnownHours.UNKNOWN:
        return None
    today = now.astimezone(UK).date()
    for day in range(_LOOK_AHEAD_DAYS):
        for start, end in open_stretches(contact.hours, today + dt.timedelta(days=day), bank_holidays):
            if moment < end:
                return max(start, moment)
    return None


def open_stretches(
    hours: WeeklyHours, day: dt.date, bank_holidays: frozenset[dt.date]
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Give the stretches of one local day, in UTC, first to last, ends not included."""
    if day in bank_holidays and not hours.open_on_bank_holidays:
        return []
    stretches = []
    for span in hours.days.get(_WEEKDAYS[day.weekday()], ()):
        start, end = span_minutes(span)
        opening, closing = _utc(day, start), _utc(day, end)
        # 01:00-02:00 does not exist in the night the clocks go forward.
        if opening < closing:
            stretches.append((opening, closing))
    return stretches


@lru_cache(maxsize=512)
def span_minutes(span: OpenSpan) -> tuple[int, int]:
    """Give start and end of ``09:00-17:00`` in minutes after midnight."""
    start, end = span.split("-")
    return _minutes(start), _minutes(end)


def opening_words(moment: dt.datetime, now: dt.datetime, language: str) -> str:
    """Say when a shut contact opens, short enough for a text: ``opens 9am``, ``opens Mon 9am``, ``opens 29 Dec 9am``.

    Args:
        moment: When it opens, aware.
        now: When the text is sent, aware.
        language: Languages without words of their own here get the English ones.
    """
    local = moment.astimezone(UK)
    words = _WORDS.get(language, _WORDS["en"])
    day = _day(local, now, words.days, words.months)
    minutes = f".{local.minute:02}" if local.minute else ""
    return f"{words.opens} {day}{local.hour % _NOON or _NOON}{minutes}{'am' if local.hour < _NOON else 'pm'}"


def spoken_opening_words(moment: dt.datetime, now: dt.datetime) -> str:
    """Say the same for the ear, in English: ``opens Monday at 9 a m``."""
    local = moment.astimezone(UK)
    day = _day(local, now, _SPOKEN_DAYS, _SPOKEN_MONTHS)
    minutes = f" {local.minute:02}" if local.minute else ""
    return f"opens {day}at {local.hour % _NOON or _NOON}{minutes} {'a m' if local.hour < _NOON else 'p m'}"


def _day(local: dt.datetime, now: dt.datetime, days: Sequence[str], months: Sequence[str]) -> str:
    """Name the day as far as it is needed: not for today, by weekday within a week, else by date."""
    ahead = (local.date() - now.astimezone(UK).date()).days
    if ahead == 0:
        return ""
    if ahead < len(days):
        return f"{days[local.weekday()]} "
    return f"{local.day} {months[local.month - 1]} "


class _Words:
    """A language's words for opening times, all within GSM-7."""

    def __init__(self, opens: str, days: str, months: str) -> None:
        self.opens = opens
        self.days = tuple(days.split())
        self.months = tuple(months.split())


_WORDS: Final = {
    "en": _Words("opens", "Mon Tue Wed Thu Fri Sat Sun", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    "cy": _Words("yn agor", "Llun Maw Mer Iau Gwe Sad Sul", "Ion Chwe Maw Ebr Mai Meh Gorff Awst Medi Hyd Tach Rhag"),
}

LONGEST_OPENING_WORDS: Final = {"en": "opens 29 Dec 10.30am", "cy": "yn agor 29 Gorff 10.30am"}
"""The longest that :func:`opening_words` can say; the checker counts segments with it."""


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _utc(day: dt.date, minutes: int) -> dt.datetime:
    """Turn minutes after local midnight (up to 24:00) into a moment."""
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minutes)
    return wall.replace(tzinfo=UK).astimezone(dt.UTC)


def _must_be_aware(now: dt.datetime) -> None:
    if now.utcoffset() is None:
        raise ValueError("now must be an aware moment: without an offset its time in the UK would be a guess")
