"""People's rows in SQL: found, erased, held.

The adapter of :class:`~sms_service.service.retention_ports.PersonRecords`. Every change is one transaction with its
entry in the history: there is no hold, release or erasure without one.
"""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from sms_service.core.events import Event
from sms_service.core.people import without_account
from sms_service.service.history import new_entry
from sms_service.service.retention_ports import Erased
from sms_service.storage import erasures, history, message_log
from sms_service.storage.database import Database
from sms_service.storage.outbox_queue import AskedErasure, OutboxQueue
from sms_service.storage.tables import hold
from sms_service.storage.tables import message_log as log_table

_HOLD_ID_CHARACTERS: Final = 8


class SqlPersonRecords:
    """People's rows.

    Args:
        database: With the message log.
        outbox: Path of this host's outbox, which keeps the erasures for a restore of the database.
    """

    def __init__(self, database: Database, outbox: Path) -> None:
        self._database = database
        self._outbox = outbox

    def rows_of(self, pseudonyms: tuple[str, ...]) -> tuple[Event, ...]:
        """Give every row about a person, oldest first."""
        with self._database.read() as connection:
            return tuple(message_log.events_of_person(connection, pseudonyms))

    def erase(self, pseudonyms: tuple[str, ...], at: dt.datetime, actor: str) -> Erased:
        """Unlink every row up to a moment; first noted in the outbox, so that it is done even if SQL fails now."""
        asked = [AskedErasure(pseudonym, at.timestamp()) for pseudonym in pseudonyms]
        with OutboxQueue(self._outbox) as queue:
            queue.ask_erasure(pseudonyms, at.timestamp())
            with self._database.write() as connection:
                erasures.note(connection, asked)
                rows = erasures.unlink(connection)
                erased = Erased(rows, _linked_rows(connection, pseudonyms, at))
                _note(connection, actor, "erased", at, f"unlinked: {erased.rows}; held: {erased.held_rows}")
            queue.mark_applied(asked)
        return erased

    def erase_again(self) -> int:
        """Say every erasure that this host knows of again."""
        with OutboxQueue(self._outbox) as queue:
            asked = queue.asked_erasures(also_applied=True)
            with self._database.write() as connection:
                erasures.note(connection, asked)
                rows = erasures.unlink(connection)
            queue.mark_applied(asked)
        return rows

    def place_hold(self, pseudonyms: tuple[str, ...], at: dt.datetime, actor: str) -> str:
        """Hold a person's rows under every pseudonym; a second hold of the same person changes nothing."""
        with self._database.write() as connection:
            held = _holds(connection, pseudonyms)
            hold_id = next(iter(held.values()), None) or uuid.uuid4().hex[:_HOLD_ID_CHARACTERS]
            missing = [pseudonym for pseudonym in pseudonyms if pseudonym not in held]
            if missing:
                rows = [{"pseudonym": pseudonym, "hold_id": hold_id, "at": at} for pseudonym in missing]
                connection.execute(insert(hold), rows)
                _note(connection, actor, "held", at, f"hold {hold_id}")
        return hold_id

    def release_hold(self, pseudonyms: tuple[str, ...], at: dt.datetime, actor: str) -> str | None:
        """End a person's hold."""
        with self._database.write() as connection:
            hold_id = next(iter(_holds(connection, pseudonyms).values()), None)
            if hold_id is not None:
                connection.execute(delete(hold).where(hold.c.hold_id == hold_id))
                _note(connection, actor, "hold_released", at, f"hold {hold_id}")
        return hold_id


def _note(connection: Connection, actor: str, action: str, at: dt.datetime, detail: str) -> None:
    entry = new_entry(at, without_account(actor), action, "rows about one person", detail)
    history.add(connection, entry)


def _holds(connection: Connection, pseudonyms: tuple[str, ...]) -> dict[str, str]:
    query = select(hold.c.pseudonym, hold.c.hold_id).where(hold.c.pseudonym.in_(pseudonyms))
    return {row.pseudonym: row.hold_id for row in connection.execute(query)}


def _linked_rows(connection: Connection, pseudonyms: tuple[str, ...], at: dt.datetime) -> int:
    query = (
        select(func.count()).select_from(log_table).where(log_table.c.pseudonym.in_(pseudonyms), log_table.c.at <= at)
    )
    return connection.execute(query).scalar_one()
