"""What the history noted, as people read it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sms_service.core.history import HistoryEntry, as_csv
from sms_service.core.people import Role
from sms_service.service.accounts.ports import LinkPurpose
from sms_service.service.release import Release
from sms_service.staff.publishing.history_words import HistoryWords
from sms_service.storage.ageing import ageing_stores


def noted_as(action: str, detail: str) -> HistoryEntry:
    at = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
    return HistoryEntry(entry_id="1", at=at, actor="Ann Example", action=action, detail=detail)


@pytest.mark.parametrize(
    ("action", "noted", "shown"),
    [
        ("invited", " ".join(sorted(Role)), "Administrator, Approver, Editor, Operations"),
        ("roles_changed", "approver ops", "Approver, Operations"),
        *(("link_made", purpose.value, None) for purpose in LinkPurpose),
        ("approved", "content 0a1b2c3d4e5f", ""),
        (
            "learned_from",
            "example of meet in draft 7",
            "It became a sentence of 'Meeting somebody from online', in draft 7",
        ),
        ("learned_from", "nothing to learn", "nothing to learn"),
        (
            "purged",
            "deleted: message_log 3, staff_link 1; unlinked: 2",
            "rows of the message log: 3, one-time links: 1, rows unlinked once more: 2",
        ),
        ("purged", "deleted: nothing; unlinked: 2", "rows unlinked once more: 2"),
        ("erased", "unlinked: 3; held: 0", "rows unlinked: 3, rows that a hold keeps: 0"),
        ("edited", "Childline: Phone number", "Childline: Phone number"),
        ("erased", "of an earlier version", "of an earlier version"),
    ],
)
def test_details_are_told_in_words_and_taken_out_as_noted(
    shipped_release: Release, action: str, noted: str, shown: str | None
) -> None:
    entry = noted_as(action, noted)
    told = HistoryWords(shipped_release.book).detail(entry)
    assert told == shown or (shown is None and "_" not in told)
    assert f'"{action}","","{noted}"' in "".join(as_csv([entry]))


def test_every_store_that_a_purge_goes_through_has_a_name() -> None:
    for store in ageing_stores(None, Path("outbox")):  # type: ignore[arg-type]  # nothing is read
        told = HistoryWords(None).detail(noted_as("purged", f"deleted: {store.name} 1; unlinked: 0"))
        assert told != f"{store.name}: 1"
