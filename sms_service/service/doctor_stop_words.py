"""Who answers STOP, START and HELP: the provider's API does not say, but our own log shows it after the first try."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from sms_service.core.decisions import Outcome
from sms_service.core.delivery import BLOCKED_AT_PROVIDER, DeliveryStatus
from sms_service.core.events import Event
from sms_service.core.findings import Finding, State
from sms_service.core.log_filters import LogFilter

NewestRow = Callable[[LogFilter], Event | None]
"""Gives the newest row of the message log that fits. May raise :class:`~sms_service.core.errors.LineError`."""

_LOOKED_BACK: Final = dt.timedelta(days=30)
_WHY: Final = (
    "With the provider's default handling a young person who texts HELP gets the provider's words, and one who texts "
    "STOP gets nothing any more."
)
_BEST: Final = (
    "Best: have the provider switch its handling off for this account and set reserved_words to line; else paste the "
    "texts below into Advanced Opt-Out."
)


def stop_words_finding(newest: NewestRow, now: dt.datetime, *, by_line: bool, area: str) -> Finding:
    """Say who answers these words, by what the last 30 days of the log show.

    Args:
        newest: Asks the log.
        now: Aware.
        by_line: Whether the book says that these words reach us alone.
        area: Of the check.
    """
    since = now - _LOOKED_BACK
    blocked = newest(LogFilter(error_code=BLOCKED_AT_PROVIDER, first=since))
    if blocked is not None:
        what = f"The provider blocks our replies after STOP (21610, last on {_day(blocked)})"
        return Finding(area, what, State.BAD, _WHY, _BEST)
    theirs = newest(LogFilter(outcome=Outcome.PROVIDER_ANSWERED.value, first=since))
    if theirs is not None:
        what = f"STOP, START and HELP are answered by the provider's Advanced Opt-Out (last on {_day(theirs)})"
        if by_line:
            return Finding(area, f"{what}, but the book says by us", State.WARNING, _WHY, _BEST)
        return Finding(area, what, State.GOOD, "Then it must say our words: compare them with those below.")
    ours = newest(LogFilter(reply="stop", delivery=DeliveryStatus.DELIVERED, first=since))
    if ours is not None:
        what = f"Our own words for STOP reached a phone (last on {_day(ours)})"
        return Finding(area, what, State.GOOD, "So the provider does not block whoever texts it.")
    what = f"STOP, START and HELP are answered by {'us' if by_line else 'the provider'}, says the book"
    how = f"Text STOP from a phone, wait for the delivery report, and check again: the log then shows it. {_BEST}"
    return Finding(area, what, State.LOOK, f"The provider's API does not say, and nobody has tried. {_WHY}", how)


def _day(row: Event) -> str:
    return f"{row.at.day} {row.at:%B}"
