"""Whether somebody looked after the contacts."""

from __future__ import annotations

import datetime as dt

import pytest

from sms_service.core.contact_upkeep import Upkeep, upkeep, upkeep_of
from sms_service.core.reply_book import Contact, KnownHours

TODAY = dt.date(2026, 11, 22)


def contact(checked: str | None = None, again: str | None = None) -> Contact:
    return Contact(
        name="Team",
        number="01632 960001",
        hours=KnownHours.ALWAYS,
        checked_on=dt.date.fromisoformat(checked) if checked else None,
        check_again_by=dt.date.fromisoformat(again) if again else None,
    )


@pytest.mark.parametrize(
    ("checked", "again", "state", "loud"),
    [
        (None, None, Upkeep.NEVER_CHECKED, True),
        ("2026-01-01", None, Upkeep.NO_DATE, False),
        ("2026-01-01", "2026-11-21", Upkeep.OVERDUE, True),
        ("2026-01-01", "2026-11-22", Upkeep.SOON, False),
        ("2026-01-01", "2026-12-06", Upkeep.SOON, False),
        ("2026-01-01", "2026-12-07", Upkeep.FINE, False),
    ],
)
def test_each_state(checked: str | None, again: str | None, state: Upkeep, loud: bool) -> None:
    assert upkeep_of(contact(checked, again), TODAY) is state
    assert state.is_loud is loud


def test_the_most_urgent_comes_first() -> None:
    contacts = {
        "fine": contact("2026-01-01", "2027-01-01"),
        "new": contact(),
        "late": contact("2026-01-01", "2026-02-01"),
    }
    assert [row.key for row in upkeep(contacts, TODAY)] == ["late", "new", "fine"]
