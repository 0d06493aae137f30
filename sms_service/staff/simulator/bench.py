"""What is tried: which book, at which moment, as the forms of the simulator say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sms_service.core.opening_hours import UK
from sms_service.core.publishing.records import Draft
from sms_service.service.publishing.publishing import Publishing
from sms_service.service.release import CurrentRelease, Release
from sms_service.service.simulator import Simulator
from sms_service.staff.kit.row_numbers import row_number

LIVE: Final = "live"
_YEARS: Final = range(2000, 2100)


@dataclass(slots=True)
class Setting:
    """Book and moment as chosen in the form.

    Attributes:
        book: ``live``, or the number of a draft.
        date: As typed, ``2026-12-25``; empty is today.
        time: As typed, ``09:30``; empty is now, or noon on another day.
        errors: Sentences by field.
    """

    book: str
    date: str
    time: str
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """What is set, for links and hidden fields."""
        pairs = {"book": self.book, "date": self.date, "time": self.time}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The simulator with the books that can be tried on it.

    Attributes:
        simulator: Texts and rings.
        publishing: Has the drafts; None on a line whose book is files alone.
        releases: What is live in this process.
    """

    simulator: Simulator
    publishing: Publishing | None
    releases: CurrentRelease

    def drafts(self) -> tuple[Draft, ...]:
        """Give the drafts that can be tried."""
        return () if self.publishing is None else self.publishing.drafts.list()

    def release(self, setting: Setting) -> Release | None:
        """Give what answers; None on a host without a book.

        Raises:
            NotFound: For a draft that is not there.
            Blocked: For one that nobody could be answered from.
        """
        number = row_number(setting.book)
        if number is None or self.publishing is None:
            setting.book = LIVE
            return self.releases.current
        return self.publishing.trials.release_of(self.publishing.drafts.get(number))


def setting_of(sent: Mapping[str, str]) -> Setting:
    """Read the choice of book and moment."""
    return Setting(sent.get("book", LIVE), sent.get("date", "").strip(), sent.get("time", "").strip())


def moment_of(setting: Setting, now: dt.datetime) -> dt.datetime:
    """Give the moment that is tried; where it cannot be read, now, with an error in the setting.

    Args:
        setting: As chosen.
        now: Aware.
    """
    here = now.astimezone(UK)
    day, time = here.date(), here.time()
    if setting.date:
        try:
            day = dt.date.fromisoformat(setting.date)
        except ValueError:
            day = dt.date.min
        time = time if day == here.date() else dt.time(12)
    if day.year not in _YEARS:
        setting.errors["date"] = ["Enter a real date, such as 2026-12-25"]
        setting.date = ""
        return now
    if setting.time:
        try:
            time = dt.time.fromisoformat(setting.time).replace(tzinfo=None)
        except ValueError:
            setting.errors["time"] = ["Enter a time, such as 09:30"]
            setting.time = ""
            return now
    return dt.datetime.combine(day, time, UK).astimezone(dt.UTC)
