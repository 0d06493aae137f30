"""Moves events from the outbox to the message log, in batches. Loses none and doubles none, wherever it is killed.

The order is: read, insert, commit, acknowledge. Killed before the commit, nothing has happened; killed after it, the
same events come again and are left out, because their ids are there. So any number of drains may run at once; a lock
only saves them the same work twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError, StatementError

from sms_service.core.events import Event
from sms_service.storage import erasures, message_log
from sms_service.storage.database import Database
from sms_service.storage.event_text import from_json
from sms_service.storage.outbox_queue import AskedErasure, OutboxQueue, Waiting
from sms_service.storage.steps import Step, no_step
from sms_service.storage.turn_lock import TurnLock

BATCH: Final = 500
_SMALLEST_BATCH: Final = 10
"""A database that is too slow for a whole batch within its deadline gets smaller ones, until it takes them."""


@dataclass(frozen=True, slots=True)
class DrainTurn:
    """What one turn did.

    Attributes:
        moved: Events taken out of the outbox.
        new: How many of them SQL did not have yet.
        more: Whether more wait.
    """

    moved: int = 0
    new: int = 0
    more: bool = False


class Drain:
    """Drains one outbox into one database. For one thread; everything may raise and is then simply tried again.

    Args:
        outbox: Path of the outbox.
        database: Where to.
        before_turn: Called first: writes what recorders could not write at once.
        step: Called at ``drain.read``, ``drain.inserted``, ``drain.committed``, ``drain.acknowledged``.
    """

    def __init__(
        self,
        outbox: Path,
        database: Database,
        *,
        before_turn: Callable[[], None] = lambda: None,
        step: Step = no_step,
    ) -> None:
        self._outbox = outbox
        self._before_turn = before_turn
        self._database = database
        self._step = step
        self._lock = TurnLock(outbox.with_name(f"{outbox.name}.turn"))
        self._queue: OutboxQueue | None = None
        self._batch = BATCH

    def turn(self) -> DrainTurn:
        """Move one batch.

        Raises:
            sqlite3.Error: When the outbox cannot be read.
            sqlalchemy.exc.SQLAlchemyError: When SQL does not take it.
        """
        self._before_turn()
        with self._lock.turn() as ours:
            if not ours:
                return DrainTurn()
            try:
                done = self._turn()
            except Exception:
                self._batch = max(_SMALLEST_BATCH, self._batch // 4)
                raise
            self._batch = min(BATCH, self._batch * 2)
            return done

    def empty(self) -> int:
        """Move everything; give how many events were moved."""
        moved = 0
        while (turn := self.turn()).more:
            moved += turn.moved
        return moved + turn.moved

    def close(self) -> None:
        """Close the outbox and the database."""
        if self._queue is not None:
            self._queue.close()
            self._queue = None
        self._database.close()

    def _turn(self) -> DrainTurn:
        queue = self._current_queue()
        asked, waiting = queue.asked_erasures(), queue.oldest(self._batch)
        self._step("drain.read")
        if not asked and not waiting:
            return DrainTurn()
        events = self._readable(queue, waiting)
        try:
            new = self._store(asked, list(events.values()))
        except (SQLAlchemyError, ValueError, OverflowError) as error:
            if not _is_refusal(error):
                raise
            new = self._store(asked, [])
            for one, event in list(events.items()):
                new += self._store_or_set_aside(queue, one, event)
        self._step("drain.committed")
        queue.acknowledge(waiting)
        queue.mark_applied(asked)
        self._step("drain.acknowledged")
        queue.checkpoint()
        return DrainTurn(len(waiting), new, more=len(waiting) == self._batch)

    def _store(self, asked: Sequence[AskedErasure], events: Sequence[Event]) -> int:
        with self._database.write() as connection:
            erasures.note(connection, asked)
            new = message_log.add_events(connection, events)
            erasures.unlink(connection)
            self._step("drain.inserted")
        return new

    def _store_or_set_aside(self, queue: OutboxQueue, one: Waiting, event: Event) -> int:
        try:
            return self._store((), [event])
        except (SQLAlchemyError, ValueError, OverflowError) as error:
            if not _is_refusal(error):
                raise
            queue.set_aside(one, type(error).__name__)
            return 0

    @staticmethod
    def _readable(queue: OutboxQueue, waiting: Sequence[Waiting]) -> dict[Waiting, Event]:
        events = {}
        for one in waiting:
            try:
                events[one] = from_json(one.body)
            except ValueError:
                queue.set_aside(one, "unreadable")
        return events

    def _current_queue(self) -> OutboxQueue:
        if self._queue is not None and not self._queue.is_current:
            self._queue.close()
            self._queue = None
        if self._queue is None:
            self._queue = OutboxQueue(self._outbox)
        return self._queue


def _is_refusal(error: Exception) -> bool:
    """Whether SQL will never take these values; anything else (down, frozen, locked, not migrated yet) will pass."""
    if isinstance(error, StatementError):
        return isinstance(error, DataError | IntegrityError) or type(error) is StatementError
    return isinstance(error, ValueError | OverflowError)
