"""Whether the contacts of a book are looked after: each was rung or opened lately, and will be again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from sms_service.core.reply_book import Contact, ContactKey

CHECK_AGAIN_DAYS: Final = 182
"""Half a year: how long a contact may go without being rung."""

SOON_DAYS: Final = 14


class Upkeep(IntEnum):
    """How urgent it is to look at a contact, most urgent first."""

    OVERDUE = 0
    NEVER_CHECKED = 1
    SOON = 2
    NO_DATE = 3
    FINE = 4

    @property
    def is_loud(self) -> bool:
        """Whether somebody has to act now: a wrong number may be going out."""
        return self <= Upkeep.NEVER_CHECKED


@dataclass(frozen=True, slots=True)
class ContactUpkeep:
    """One contact and how urgent it is to look at it."""

    key: ContactKey
    contact: Contact
    upkeep: Upkeep


def upkeep_of(contact: Contact, today: dt.date) -> Upkeep:
    """Say how urgent it is to look at a contact; on its date itself it is not overdue yet."""
    if contact.checked_on is None:
        return Upkeep.NEVER_CHECKED
    if contact.check_again_by is None:
        return Upkeep.NO_DATE
    if contact.check_again_by < today:
        return Upkeep.OVERDUE
    return Upkeep.SOON if contact.check_again_by <= today + dt.timedelta(days=SOON_DAYS) else Upkeep.FINE


def upkeep(contacts: Mapping[ContactKey, Contact], today: dt.date) -> tuple[ContactUpkeep, ...]:
    """Give every contact, the most urgent first, otherwise in the order of the directory."""
    rows = (ContactUpkeep(key, contact, upkeep_of(contact, today)) for key, contact in contacts.items())
    return tuple(sorted(rows, key=lambda row: row.upkeep))
