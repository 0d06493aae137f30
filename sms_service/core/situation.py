"""What is known of the line at one moment, for the rules of alerts to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

LOOK_BACK: Final = dt.timedelta(minutes=15)
"""How far back counts called 'lately' go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known when the rules are asked. Counts are of the last :data:`LOOK_BACK` unless said otherwise.

    Attributes:
        messages: Messages in the last two hours; None when the log cannot be read.
        usual_messages: The same hours of the same weekday in earlier weeks, on average.
        outcomes: Messages by outcome.
        canary_trouble: What the last canary met; None when it went well or there is none.
        canary_failures: How many in a row went wrong.
        refused: Refused requests by code.
        wrong_addresses: Refused requests that our own token had signed for another address, in the last hour.
        arrived: Replies that the handset has, in the last hour.
        lost: Replies that it will not get, by the provider's code (0: none given), in the last hour.
        outbox_waiting: Rows on their way to SQL on this host.
        outbox_seconds: Age of the oldest.
        overdue_contacts: Names of contacts that somebody had to look at by now.
        parts: What is wrong with a part, by its name; parts that work are not in it.
        emergencies: For each sender with several emergencies in the last hour: how many, and when last.
        pictures: Messages with pictures.
        unanswered_dangers: Messages of danger from landlines, which are never answered.
    """

    messages: int | None = None
    usual_messages: float = 0.0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    canary_trouble: str | None = None
    canary_failures: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    wrong_addresses: int = 0
    arrived: int = 0
    lost: Mapping[int, int] = field(default_factory=dict)
    outbox_waiting: int = 0
    outbox_seconds: float = 0.0
    overdue_contacts: Sequence[str] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    emergencies: Sequence[tuple[int, dt.datetime]] = ()
    pictures: int = 0
    unanswered_dangers: int = 0
