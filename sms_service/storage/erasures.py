"""Erasing people: asked for at once and durably in the outbox, done in SQL by the drain, done again after a restore.

A young person who writes FORGET ME must not wait for SQL, which may be down. So the wish goes into the outbox's file,
and the drain brings it to SQL before any event. SQL keeps the list too: what another host's outbox brings late is
unlinked on arrival. Rows under a safeguarding hold stay linked until the hold is released.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sms_service.core.errors import LineError
from sms_service.storage.message_log import is_held
from sms_service.storage.outbox_queue import AskedErasure, OutboxQueue
from sms_service.storage.publishing import trying_phone_rows, unmatched_rows
from sms_service.storage.tables import erasure, message_log

_WAIT_SECONDS: Final = 0.1


class ErasureFailed(LineError):
    """An erasure could not be noted, so nothing may be promised. The outbox's check says what is wrong."""

    code = "erasure_failed"
    retry_helps = True


class QueuedErasure:
    """The :class:`~sms_service.service.ports.Erasure` on the way of a message: notes the wish, which the drain fulfils.

    Args:
        outbox: Path of the outbox.
        clock: Gives Unix seconds.
    """

    def __init__(self, outbox: Path, clock: Callable[[], float] = time.time) -> None:
        self._outbox = outbox
        self._clock = clock

    def forget(self, pseudonyms: tuple[str, ...]) -> int:
        """Note the wish; always gives 0, because rows are unlinked within seconds, after the answer.

        Raises:
            ErasureFailed: When it could not be noted; within a fifth of a second.
        """
        try:
            with OutboxQueue(self._outbox, wait_seconds=_WAIT_SECONDS) as queue:
                queue.ask_erasure(pseudonyms, self._clock())
        except sqlite3.Error as error:
            raise ErasureFailed("The wish to be forgotten could not be written to the outbox.") from error
        return 0


def note(connection: Connection, asked: Iterable[AskedErasure]) -> None:
    """Add erasures to SQL's list; the later moment counts."""
    rows = [
        {"pseudonym": one.pseudonym, "at": dt.datetime.fromtimestamp(one.at, dt.UTC)}
        for one in sorted(asked, key=lambda one: one.pseudonym)
    ]
    if not rows:
        return
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(erasure)
    later = func.max if connection.dialect.name == "sqlite" else func.greatest
    statement = statement.on_conflict_do_update(
        index_elements=["pseudonym"], set_={"at": later(erasure.c.at, statement.excluded.at)}
    )
    connection.execute(statement, rows)


def unlink(connection: Connection) -> int:
    """Take the pseudonym out of every row that SQL's list speaks of; give how many rows."""
    asked = exists().where(erasure.c.pseudonym == message_log.c.pseudonym, message_log.c.at <= erasure.c.at)
    statement = (
        update(message_log)
        .where(message_log.c.pseudonym.in_(select(erasure.c.pseudonym)), asked, ~is_held())
        .values(pseudonym=None, key_id=None)
    )
    unmatched_rows.delete_erased(connection)
    trying_phone_rows.delete_erased(connection)
    return connection.execute(statement).rowcount


def drop_before(connection: Connection, moment: dt.datetime) -> int:
    """Forget erasures that every row they could concern has outlived; give how many."""
    return connection.execute(delete(erasure).where(erasure.c.at < moment)).rowcount
