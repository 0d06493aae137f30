"""The stores whose rows grow old, with the days the data register gives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Connection, delete, select

from sms_service.core.data_register import OUTBOX, table
from sms_service.core.stored_tables import SQL
from sms_service.service.retention_ports import AgeingStore
from sms_service.storage import erasures, hourly_counts, message_log
from sms_service.storage.database import Database
from sms_service.storage.outbox_queue import OutboxQueue
from sms_service.storage.publishing import sql_contents, sql_drafts, unmatched_rows
from sms_service.storage.publishing.tables import trying_phone
from sms_service.storage.steps import Step, no_step
from sms_service.storage.tables import audit_entry, login_attempt, staff_link, staff_session


@dataclass(frozen=True)
class AgeingTable:
    """A table of the SQL database; a batch is one transaction."""

    name: str
    days: int
    database: Database
    delete: Callable[[Connection, dt.datetime, int], int]
    step: Step = no_step

    def delete_older_than(self, moment: dt.datetime, most: int) -> int:
        """Delete at most so many rows from before a moment."""
        with self.database.write() as connection:
            deleted = self.delete(connection, moment, most)
            self.step("purge.deleted")
        self.step("purge.committed")
        return deleted


@dataclass(frozen=True)
class AgeingOutbox:
    """Events that could not be moved for as long as they may be kept at all, and erasures that nothing is left of."""

    name: str
    days: int
    path: Path

    def delete_older_than(self, moment: dt.datetime, most: int) -> int:
        """Delete at most so many from before a moment."""
        with OutboxQueue(self.path) as queue:
            queue.drop_erasures_before(moment.timestamp())
            return queue.drop_older_than(moment.astimezone(dt.UTC).isoformat(), most)


def ageing_stores(
    database: Database, outbox: Path, step: Step = no_step, keep_unmatched_days: int = 0
) -> Sequence[AgeingStore]:
    """Give every store that a purge goes through; with ``keep_unmatched_days`` 0 every such message goes."""

    def of(
        name: str, delete_rows: Callable[[Connection, dt.datetime, int], int], days: int | None = None
    ) -> AgeingTable:
        return AgeingTable(name, _days(SQL, name) if days is None else days, database, delete_rows, step)

    return (
        of("message_log", message_log.delete_older_than),
        of("hourly_count", hourly_counts.delete_older_than),
        of("erasure", lambda connection, moment, _most: erasures.drop_before(connection, moment)),
        of("audit_entry", _rows_before(audit_entry.c.at)),
        of("staff_session", _rows_before(staff_session.c.seen_at)),
        of("login_attempt", _rows_before(login_attempt.c.since)),
        of("staff_link", _rows_before(staff_link.c.until), days=0),  # its own end is in the row
        of("unmatched_message", unmatched_rows.delete_older_than, keep_unmatched_days),
        of("trying_phone", _rows_before(trying_phone.c.until)),
        of("draft", sql_drafts.delete_over),
        of("content", lambda connection, moment, _most: sql_contents.delete_unused(connection, moment), days=1),
        AgeingOutbox("outbox", _days(OUTBOX, "event"), outbox),
    )


def _days(store: str, name: str) -> int:
    days = table(store, name).days
    if days is None:
        raise ValueError(f"{name} is kept without limit")
    return days


def _rows_before(column: Column[dt.datetime]) -> Callable[[Connection, dt.datetime, int], int]:
    """Give what deletes the oldest rows of a column's table, which has a primary key of one column."""
    of_table = column.table
    [key] = of_table.primary_key.columns

    def delete_older_than(connection: Connection, moment: dt.datetime, most: int) -> int:
        old = select(key).where(column < moment).order_by(column).limit(most)
        return connection.execute(delete(of_table).where(key.in_(old))).rowcount

    return delete_older_than
