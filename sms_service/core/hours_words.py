"""Opening hours in words, for staff: one line a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sms_service.core.reply_book import KnownHours, Weekday, WeeklyHours

DAY_NAMES: Final[Mapping[Weekday, str]] = {
    Weekday.MON: "Monday",
    Weekday.TUE: "Tuesday",
    Weekday.WED: "Wednesday",
    Weekday.THU: "Thursday",
    Weekday.FRI: "Friday",
    Weekday.SAT: "Saturday",
    Weekday.SUN: "Sunday",
}


def hours_words(hours: KnownHours | WeeklyHours) -> tuple[str, ...]:
    """Put hours into lines as people read them: 'Monday 09:00 to 12:00 and 13:00 to 17:00'."""
    if hours is KnownHours.ALWAYS:
        return ("Day and night",)
    if not isinstance(hours, WeeklyHours):
        return ("Not known: no reply may promise an answer",)
    lines = [
        f"{DAY_NAMES[day]} {' and '.join(span.replace('-', ' to ').replace('24:00', 'midnight') for span in spans)}"
        for day, spans in hours.days.items()
        if spans
    ]
    return (*lines, "Open on bank holidays" if hours.open_on_bank_holidays else "Shut on bank holidays")
