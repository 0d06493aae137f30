"""Phones of staff that try a draft, in SQL; each change in one transaction with its entry in the history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, delete, insert, select

from sms_service.core.history import HistoryEntry
from sms_service.core.people import Person
from sms_service.core.publishing.records import DraftStatus
from sms_service.core.publishing.trying_phones import TryingPhone
from sms_service.storage import history
from sms_service.storage.event_text import LONGEST_TEXT
from sms_service.storage.publishing.link import SqlLink, storable
from sms_service.storage.publishing.tables import draft, trying_phone

_UNDER_WAY = (DraftStatus.OPEN.value, DraftStatus.IN_REVIEW.value)


class SqlTryingPhones:
    """The :class:`~sms_service.service.publishing.trying_ports.TryingPhoneStore`."""

    def __init__(self, link: SqlLink) -> None:
        self._link = link

    def add(self, phone: TryingPhone, now: dt.datetime, entry: HistoryEntry) -> None:
        """Allow a phone."""
        row = {
            "phone_id": phone.phone_id,
            "pseudonym": phone.pseudonym,
            "draft_id": phone.draft_id,
            "person_id": phone.added_by.person_id,
            "person_name": storable(phone.added_by.name, LONGEST_TEXT),
            "at": phone.added_at,
            "until": phone.until,
        }
        with self._link.write() as connection:
            columns = trying_phone.c
            connection.execute(
                delete(trying_phone).where((columns.until < now) | (columns.pseudonym == phone.pseudonym))
            )
            connection.execute(insert(trying_phone), row)
            history.add(connection, entry)

    def remove(self, phone_id: str, entry: HistoryEntry) -> None:
        """Delete a phone."""
        with self._link.write() as connection:
            if connection.execute(delete(trying_phone).where(trying_phone.c.phone_id == phone_id)).rowcount:
                history.add(connection, entry)

    def current(self, now: dt.datetime) -> tuple[TryingPhone, ...]:
        """Give the phones that try something now."""
        query = (
            select(trying_phone)
            .join(draft, draft.c.draft_id == trying_phone.c.draft_id)
            .where(trying_phone.c.until > now, draft.c.status.in_(_UNDER_WAY))
            .order_by(trying_phone.c.until.desc(), trying_phone.c.phone_id)
        )
        with self._link.read() as connection:
            return tuple(map(_phone, connection.execute(query)))


def _phone(row: Row[Any]) -> TryingPhone:
    person = Person(row.person_id, row.person_name)
    return TryingPhone(row.phone_id, row.pseudonym, row.draft_id, person, row.at, row.until)
