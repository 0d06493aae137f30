"""Reading the message log for operators: filters that combine, pages that cost the same at any depth, streams.

Paging is by keyset: a page begins after a row's moment and id, so no row is skipped or counted over, and rows that are
added or deleted meanwhile shift nothing. A search has :data:`DEADLINE_SECONDS`; what takes longer is given up with a
sentence, on SQLite too, which has no time limit of its own.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, case, func, or_, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from sms_service.core.delivery import DeliveryStatus
from sms_service.core.events import Event, EventKind
from sms_service.core.log_filters import LogFilter, LogPlace
from sms_service.core.senders import SenderKind
from sms_service.core.traffic import HourlyCell
from sms_service.service.monitoring_ports import LogNotReadable, LogPage, Recent, SearchTooLong
from sms_service.storage import hourly_counts
from sms_service.storage.database import Database
from sms_service.storage.message_log import event_of, events_of_messages
from sms_service.storage.tables import message_log

DEADLINE_SECONDS: Final = 4.0
STREAM_ROWS_AT_ONCE: Final = 2_000
STREAM_DEADLINE_SECONDS: Final = 60.0
"""On SQLite; a statement of PostgreSQL has five seconds whatever it is for (``database.py``)."""

_STEPS_BETWEEN_LOOKS: Final = 20_000
"""Of SQLite's virtual machine; about a millisecond."""

_QUERY_CANCELED: Final = "57014"
"""PostgreSQL's code (docs: Appendix A, Error Codes)."""

_SAME_NAME: Final = ("outcome", "stage", "reply", "channel", "error_code", "refusal", "pseudonym", "message_id")


class SqlLogReader:
    """The :class:`~sms_service.service.monitoring_ports.MessageLogReader` of the SQL database.

    Args:
        database: With the message log.
        deadline_seconds: Longest time for one search.
    """

    def __init__(self, database: Database, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._database = database
        self._deadline_seconds = deadline_seconds

    def page(
        self,
        wanted: LogFilter,
        *,
        older_than: LogPlace | None = None,
        newer_than: LogPlace | None = None,
        most: int = 50,
    ) -> LogPage:
        """Give a page, newest first; of rows newer than a place, those next to it."""
        upwards = newer_than is not None
        query = select(message_log).where(*_conditions(wanted)).limit(most + 1)
        if newer_than is not None:
            query = _oldest_first(query.where(_newer(newer_than)))
        else:
            query = _newest_first(query if older_than is None else query.where(_older(older_than)))
        with self._read() as connection:
            found = [event_of(row) for row in connection.execute(query).mappings()]
        more, rows = len(found) > most, found[:most]
        if upwards:
            return LogPage(tuple(reversed(rows)), newer=more, older=True)
        return LogPage(tuple(rows), newer=older_than is not None, older=more)

    def story(self, message_id: str) -> tuple[Event, ...]:
        """Give every row about a message, oldest first."""
        with self._read() as connection:
            return tuple(events_of_messages(connection, [message_id]))

    def stream(self, wanted: LogFilter) -> Iterator[Event]:
        """Give every row, oldest first. Each few thousand are a transaction of their own: nobody waits for a reader."""
        place: LogPlace | None = None
        while True:
            query = _oldest_first(select(message_log).where(*_conditions(wanted)).limit(STREAM_ROWS_AT_ONCE))
            if place is not None:
                query = query.where(_newer(place))
            # Longer than a page may take: nobody waits for one piece, and a busy host must not cut an export off.
            with self._read(STREAM_DEADLINE_SECONDS) as connection:
                found = connection.execute(query).mappings().all()
            yield from map(event_of, found)
            if len(found) < STREAM_ROWS_AT_ONCE:
                return
            place = LogPlace(found[-1]["at"], found[-1]["event_id"])

    def newest_of_sender(self, pseudonym: str) -> str | None:
        """Give the id of a sender's newest message."""
        columns = message_log.c
        query = _newest_first(
            select(columns.message_id).where(columns.pseudonym == pseudonym, columns.message_id.is_not(None)).limit(1)
        )
        with self._read() as connection:
            return connection.execute(query).scalar()

    def senders_with(self, replies: Sequence[str], since: dt.datetime, at_least: int) -> list[tuple[int, dt.datetime]]:
        """Give how often each sender got one of these replies, and when last; only from so many times on."""
        columns = message_log.c
        times = func.count().label("times")
        last = func.max(columns.at, type_=columns.at.type).label("last")
        query = (
            select(times, last)
            .where(
                columns.reply.in_(replies),
                columns.at >= since,
                columns.kind == EventKind.MESSAGE.value,
                columns.pseudonym.is_not(None),
            )
            .group_by(columns.pseudonym)
            .having(func.count() >= at_least)
            .order_by(times.desc())
        )
        with self._read() as connection:
            return [(int(row.times), row.last) for row in connection.execute(query)]

    def hourly(self, first: dt.datetime, before: dt.datetime) -> Mapping[HourlyCell, int]:
        """Give the counters of some hours."""
        with self._read() as connection:
            return hourly_counts.between(connection, first, before)

    def recent(self, since: dt.datetime) -> Recent:
        """Sum up what happened since a moment."""
        columns = message_log.c
        said = (columns.kind, columns.outcome, columns.refusal, columns.delivery_status, columns.error_code)
        query = (
            select(
                *said,
                func.sum(columns["count"]).label("times"),
                func.sum(case((columns.media_count > 0, 1), else_=0)).label("pictures"),
                func.sum(case((columns.danger_likely, 1), else_=0)).label("dangers"),
                func.count(columns.signed_url).label("addresses"),
            )
            .where(columns.at >= since)
            .group_by(*said)
        )
        with self._read() as connection:
            return _summed_up(connection.execute(query).mappings().all())

    @contextmanager
    def _read(self, deadline_seconds: float | None = None) -> Iterator[Connection]:
        seconds = deadline_seconds or self._deadline_seconds
        try:
            with self._database.read() as connection, self._within(seconds, connection):
                yield connection
        except SQLAlchemyError as error:
            raise _told(error) from error

    @contextmanager
    def _within(self, seconds: float, connection: Connection) -> Iterator[None]:
        if not self._database.is_sqlite:
            milliseconds = int(seconds * 1000)
            connection.execute(text(f"SET LOCAL statement_timeout = {milliseconds}"))
            yield
            return
        driver: Any = connection.connection.driver_connection
        until = time.monotonic() + seconds
        driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)
        try:
            yield
        finally:
            driver.set_progress_handler(None, 0)


def _summed_up(rows: Sequence[RowMapping]) -> Recent:
    outcomes: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    lost: Counter[int] = Counter()
    pictures = arrived = wrong_addresses = unanswered_dangers = 0
    for row in rows:
        times = int(row["times"])
        if row["kind"] == EventKind.MESSAGE.value:
            outcomes[row["outcome"] or ""] += times
            pictures += int(row["pictures"])
            if row["refusal"] == SenderKind.LANDLINE.value:
                unanswered_dangers += int(row["dangers"])
        elif row["kind"] == EventKind.REFUSAL.value:
            refused[row["refusal"] or ""] += times
            wrong_addresses += int(row["addresses"])
        elif row["kind"] == EventKind.DELIVERY.value:
            status = DeliveryStatus.of(row["delivery_status"])
            arrived += times * (status is DeliveryStatus.DELIVERED)
            if status.is_lost:
                lost[row["error_code"] or 0] += times
    return Recent(outcomes, pictures, refused, wrong_addresses, arrived, lost, unanswered_dangers)


def _told(error: SQLAlchemyError) -> LogNotReadable | SearchTooLong:
    original = getattr(error, "orig", None)
    canceled = getattr(original, "sqlstate", "") == _QUERY_CANCELED
    interrupted = isinstance(error, OperationalError) and str(original) == "interrupted"
    if canceled or interrupted:
        return SearchTooLong("This search takes too long. Narrow it by time, or look for something rarer.")
    kind = type(original or error).__name__
    return LogNotReadable(f"The message log cannot be read now ({kind}). Messages are answered all the same.")


def _conditions(wanted: LogFilter) -> list[ColumnElement[bool]]:
    columns = message_log.c
    found: list[ColumnElement[bool]] = []
    if wanted.kinds:
        found.append(columns.kind.in_([kind.value for kind in wanted.kinds]))
    if wanted.first is not None:
        found.append(columns.at >= wanted.first)
    if wanted.before is not None:
        found.append(columns.at < wanted.before)
    if wanted.delivery is not None:
        found.append(columns.delivery_status == wanted.delivery.value)
    for name in _SAME_NAME:
        value = getattr(wanted, name)
        if value is not None:
            found.append(columns[name] == value)
    return found


def _older(place: LogPlace) -> ColumnElement[bool]:
    # Written so that an index on the moment alone bounds it; a comparison of pairs would need the id in the index.
    columns = message_log.c
    return and_(columns.at <= place.at, or_(columns.at < place.at, columns.event_id < place.event_id))


def _newer(place: LogPlace) -> ColumnElement[bool]:
    columns = message_log.c
    return and_(columns.at >= place.at, or_(columns.at > place.at, columns.event_id > place.event_id))


def _newest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(message_log.c.at.desc(), message_log.c.event_id.desc())


def _oldest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(message_log.c.at, message_log.c.event_id)
