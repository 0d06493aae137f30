"""Phones of staff that may try a draft: they text the line, and get the draft's replies for some hours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sms_service.core.people import Person

MOST_PHONES: Final = 10
"""For one draft at a time."""

HOURS: Final = (1, 4, 24)
"""For how long a phone may be allowed."""


@dataclass(frozen=True, slots=True)
class TryingPhone:
    """One phone. Its number is nowhere: only what stands for it in the message log as well.

    Attributes:
        phone_id: Its own.
        pseudonym: Of its number, by the key that was current when it was allowed.
        draft_id: The draft whose replies it gets.
        added_by: Who allowed it.
        added_at: When, aware.
        until: When that ends, aware.
    """

    phone_id: str
    pseudonym: str
    draft_id: int
    added_by: Person
    added_at: dt.datetime
    until: dt.datetime
