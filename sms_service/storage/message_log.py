"""The message log: one row per event, whoever brings it and however often.

Every function takes an open transaction, so that what belongs together is committed together, and may raise
``sqlalchemy.exc.SQLAlchemyError``; nothing has then been changed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    TypeDecorator,
    and_,
    delete,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import sqlite

from sms_service.core.delivery import DeliveryReport, DeliveryState, DeliveryStatus, final_state
from sms_service.core.events import Event, EventKind
from sms_service.core.traffic import counted
from sms_service.storage import daily_counts, delivery_states, hourly_counts
from sms_service.storage.tables import hold, message_log

_FIELDS: Final = tuple(field.name for field in fields(Event))
_IDS_AT_ONCE: Final = 500


def add_events(connection: Connection, events: Sequence[Event]) -> int:
    """Add the events that are not there yet, count them by the hour, and bring messages up to their reports.

    Gives how many were new.

    In the order of their ids, so that two drains with the same events wait for each other instead of blocking each
    other.
    """
    if not events:
        return 0
    rows = [_row_of(event) for event in sorted(events, key=lambda event: event.event_id)]
    new_ids = _insert(connection, rows)
    new = {event.event_id: event for event in events if event.event_id in new_ids}.values()
    hourly_counts.add(connection, counted(new))
    delivery_states.settle(connection, (event.message_id for event in new if event.message_id is not None))
    return len(new_ids)


def events_of_messages(connection: Connection, message_ids: Iterable[str]) -> list[Event]:
    """Give everything that is known of some messages, oldest first: the message, its delivery reports."""
    wanted = list(dict.fromkeys(message_ids))
    found: list[Event] = []
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        chunk = wanted[start : start + _IDS_AT_ONCE]
        query = select(message_log).where(message_log.c.message_id.in_(chunk))
        found += _events(connection, query)
    return sorted(found, key=lambda event: (event.at, event.event_id))


def deliveries_of(connection: Connection, message_ids: Iterable[str]) -> dict[str, DeliveryState]:
    """Give what became of the replies to some messages; a message without a report is not in it."""
    reports: dict[str, list[DeliveryReport]] = {}
    for event in events_of_messages(connection, message_ids):
        if event.kind is EventKind.DELIVERY and event.message_id is not None:
            report = DeliveryReport(DeliveryStatus.of(event.delivery_status), event.error_code)
            reports.setdefault(event.message_id, []).append(report)
    return {message_id: final_state(of_message) for message_id, of_message in reports.items()}


def events_of_person(connection: Connection, pseudonyms: Sequence[str]) -> list[Event]:
    """Give everything that is stored about a person, oldest first: their rows, and reports about replies to them."""
    own = _events(connection, select(message_log).where(message_log.c.pseudonym.in_(pseudonyms)))
    of_messages = events_of_messages(connection, (event.message_id for event in own if event.message_id is not None))
    by_id = {event.event_id: event for event in (*own, *of_messages)}
    return sorted(by_id.values(), key=lambda event: (event.at, event.event_id))


def delete_older_than(connection: Connection, moment: dt.datetime, most: int) -> int:
    """Delete rows from before a moment, oldest first, and count them by day; rows under a hold stay.

    Counted is what this very statement deleted, in the same transaction: run twice, by two programs, or killed at any
    point, every row is counted once.
    """
    candidates = (
        select(message_log.c.event_id)
        .where(message_log.c.at < moment, ~is_held())
        .order_by(message_log.c.at)
        .limit(most)
    )
    deleted = connection.execute(
        delete(message_log)
        .where(message_log.c.event_id.in_(candidates))
        .returning(
            message_log.c.at,
            message_log.c.kind,
            message_log.c.channel,
            message_log.c.outcome,
            message_log.c.reply,
            message_log.c["count"].label("times"),
        )
    ).fetchall()
    counts: Counter[daily_counts.Cell] = Counter()
    for row in deleted:
        if row.kind not in (EventKind.CANARY.value, EventKind.TRIAL.value):
            day = daily_counts.Cell(row.at.date(), row.kind, row.channel or "", row.outcome or "", row.reply or "")
            counts[day] += row.times
    daily_counts.add(connection, counts)
    return len(deleted)


def is_held() -> ColumnElement[bool]:
    """Give the condition that a row of the message log belongs to a sender, or to a message of one, under a hold."""
    other = message_log.alias("of_held")
    held_messages = select(other.c.message_id).where(
        other.c.pseudonym.in_(select(hold.c.pseudonym)), other.c.message_id.is_not(None)
    )
    # NOT over a comparison with NULL would be neither true nor false, so NULL is taken care of first.
    return or_(
        and_(message_log.c.pseudonym.is_not(None), message_log.c.pseudonym.in_(select(hold.c.pseudonym))),
        and_(message_log.c.message_id.is_not(None), message_log.c.message_id.in_(held_messages)),
    )


def _insert(connection: Connection, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Insert the rows that are not there yet; give their ids."""
    # RETURNING, because the row count of a row left out is 0 on SQLite and -1 on PostgreSQL.
    if connection.dialect.name == "sqlite":
        statement = sqlite.insert(message_log).on_conflict_do_nothing(index_elements=["event_id"])
        found = connection.execute(statement.returning(message_log.c.event_id), rows)
    else:
        # As one parameter: 500 rows would be a statement of 14,500, which takes twenty times as long to read.
        stored = [
            row | {name: kind.process_bind_param(row[name], connection.dialect) for name, kind in _CONVERTED.items()}
            for row in rows
        ]
        found = connection.execute(_INSERT_ON_POSTGRESQL, {"rows": json.dumps(stored, default=str)})
    return {row.event_id for row in found}


_CONVERTED: Final = {name: kind for name in _FIELDS if isinstance(kind := message_log.c[name].type, TypeDecorator)}
_COLUMNS: Final = ", ".join(f'"{name}"' for name in _FIELDS)
_INSERT_ON_POSTGRESQL: Final = text(
    f"INSERT INTO message_log ({_COLUMNS}) SELECT {_COLUMNS} "  # noqa: S608 - our own names
    "FROM jsonb_populate_recordset(CAST(NULL AS message_log), CAST(:rows AS jsonb)) "
    "ON CONFLICT (event_id) DO NOTHING RETURNING event_id"
)


def _row_of(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in _FIELDS}


def _events(connection: Connection, query: Select[Any]) -> list[Event]:
    return [event_of(row) for row in connection.execute(query).mappings()]


def event_of(row: RowMapping) -> Event:
    """Give the event that a row holds."""
    return Event(**{**row, "kind": EventKind(row["kind"])})
