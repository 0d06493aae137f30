"""Acts on accounts, in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select

from sms_service.core.people import Person, without_account
from sms_service.service.history import new_entry
from sms_service.storage import history
from sms_service.storage.accounts.access import AccountDatabase
from sms_service.storage.tables import staff_account


class SqlAccountHistory:
    """The :class:`~sms_service.service.accounts.accounts.History`: it adds the names that people have now."""

    def __init__(self, database: AccountDatabase, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._clock = clock

    def note(self, actor: str, action: str, subject: str, detail: str) -> None:
        """Write an entry."""
        column = staff_account.c
        with self._database.write() as connection:
            found = connection.execute(
                select(column.person_id, column.name).where(column.person_id.in_([actor, subject]))
            )
            names = {row.person_id: row.name for row in found}
            person = Person(actor, names[actor]) if actor in names else without_account(actor)
            history.add(connection, new_entry(self._clock(), person, action, names.get(subject, subject), detail))
