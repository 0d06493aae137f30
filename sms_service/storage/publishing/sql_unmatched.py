"""Messages that were not understood: from memory to SQL in the background, sealed; deleted by days and by wish.

A message waits in memory for a second or two at most. A process that is killed meanwhile loses what waits, and nobody
misses it: learning needs no message in particular, and the row of the message itself is in the outbox.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import and_, delete, insert, or_, select

from sms_service.core.redaction import redacted
from sms_service.service.ports import LineLog
from sms_service.service.unmatched_ports import UnmatchedMessage
from sms_service.storage.per_process import PerProcess
from sms_service.storage.publishing import unmatched_rows
from sms_service.storage.publishing.link import SqlLink
from sms_service.storage.publishing.sealing import TextSeal
from sms_service.storage.publishing.tables import unmatched_message

_MOST_WAITING: Final = 500
_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 60.0

_Row = dict[str, Any]


@dataclass(slots=True)
class _Waiting:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rows: deque[_Row] = field(default_factory=lambda: deque(maxlen=_MOST_WAITING))
    thread: threading.Thread | None = None


class SqlUnmatchedKeeper:
    """The :class:`~sms_service.service.unmatched_ports.UnmatchedKeeper`.

    Args:
        link: Into the database.
        seal: Encrypts.
        log: Told when SQL refuses.
        start: Starts the thread; tests flush by hand.
    """

    def __init__(self, link: SqlLink, seal: TextSeal, log: LineLog, *, start: bool = True) -> None:
        self._link = link
        self._seal = seal
        self._log = log
        self._start = start
        self._processes = PerProcess(_Waiting)

    def keep(self, at: dt.datetime, pseudonym: str, text: str) -> None:
        """Redact, seal, and let it wait for SQL. Never raises."""
        try:
            name = uuid.uuid4().hex
            row = {"unmatched_id": name, "at": at, "pseudonym": pseudonym}
            row["sealed"] = self._seal.seal(name, redacted(text))
            waiting = self._processes.get()
            with waiting.lock:
                waiting.rows.append(row)
                if self._start and waiting.thread is None:
                    waiting.thread = threading.Thread(target=self._run, name="keep-unmatched", daemon=True)
                    waiting.thread.start()
        except Exception as error:  # noqa: BLE001 - nothing that is only kept to learn from may cost an answer
            self._log.trouble("unmatched_not_kept", error=error)

    def forget(self, pseudonyms: tuple[str, ...]) -> None:
        """Drop what still waits of these senders."""
        waiting = self._processes.get()
        with waiting.lock:
            kept = [row for row in waiting.rows if row["pseudonym"] not in pseudonyms]
            waiting.rows.clear()
            waiting.rows.extend(kept)

    def flush(self) -> int:
        """Bring what waits to SQL; give how many. May raise, and then everything still waits."""
        waiting = self._processes.get()
        with waiting.lock:
            rows = list(waiting.rows)
        if not rows:
            return 0
        with self._link.write() as connection:
            connection.execute(insert(unmatched_message), rows)
            unmatched_rows.delete_erased(connection)
        names = {row["unmatched_id"] for row in rows}
        with waiting.lock:
            left = [row for row in waiting.rows if row["unmatched_id"] not in names]
            waiting.rows.clear()
            waiting.rows.extend(left)
        return len(rows)

    def _run(self) -> None:
        pause, resting = _PAUSE_SECONDS, threading.Event()
        while True:
            resting.wait(pause)
            try:
                self.flush()
                pause = _PAUSE_SECONDS
            except Exception as error:  # noqa: BLE001 - the thread is the only way to SQL
                if pause == _PAUSE_SECONDS:
                    self._log.trouble("unmatched_not_kept", error=error)
                pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)


class SqlUnmatchedStore:
    """The :class:`~sms_service.service.unmatched_ports.UnmatchedStore`."""

    def __init__(self, link: SqlLink, seal: TextSeal) -> None:
        self._link = link
        self._seal = seal

    def messages(self, before: UnmatchedMessage | None, most: int) -> tuple[UnmatchedMessage, ...]:
        """Give messages, newest first; those sealed with another key are left out."""
        at, name = unmatched_message.c.at, unmatched_message.c.unmatched_id
        query = select(unmatched_message).order_by(at.desc(), name.desc()).limit(most)
        if before is not None:
            query = query.where(or_(at < before.at, and_(at == before.at, name < before.unmatched_id)))
        with self._link.read() as connection:
            rows = connection.execute(query).fetchall()
        opened = ((row, self._seal.opened(row.unmatched_id, row.sealed)) for row in rows)
        return tuple(UnmatchedMessage(row.unmatched_id, row.at, text) for row, text in opened if text is not None)

    def message(self, unmatched_id: str) -> UnmatchedMessage | None:
        """Give one."""
        query = select(unmatched_message).where(unmatched_message.c.unmatched_id == unmatched_id)
        with self._link.read() as connection:
            row = connection.execute(query).fetchone()
        text = None if row is None else self._seal.opened(unmatched_id, row.sealed)
        return None if row is None or text is None else UnmatchedMessage(unmatched_id, row.at, text)

    def remove(self, unmatched_id: str) -> None:
        """Delete one for good."""
        with self._link.write() as connection:
            connection.execute(delete(unmatched_message).where(unmatched_message.c.unmatched_id == unmatched_id))
