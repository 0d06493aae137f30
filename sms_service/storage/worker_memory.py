"""What the workers of all hosts share: who leads, how tasks went, which alerts are open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from sms_service.core.alerts import OpenAlert
from sms_service.service.worker_ports import JobRun, WorkerMemoryFailed
from sms_service.storage import delivery_states
from sms_service.storage.database import Database
from sms_service.storage.event_text import plain
from sms_service.storage.tables import alert_state, job_run, worker_lease

_LEADER: Final = "leader"


class SqlWorkerMemory:
    """The :class:`~sms_service.service.worker_ports.WorkerMemory` of the SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lead(self, holder: str, seconds: float) -> bool:
        """Become or stay the leader for so long."""
        with self._write() as connection:
            # The database's clock: hosts need not agree on the time.
            now = _now(connection)
            until = now + dt.timedelta(seconds=seconds)
            # None was given for so long: the clock was put back, and whoever had it may be dead.
            of_another_time = worker_lease.c.until > now + 2 * dt.timedelta(seconds=seconds)
            kind = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            statement = kind(worker_lease).values(name=_LEADER, holder=holder, until=until)
            statement = statement.on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": holder, "until": until},
                where=(worker_lease.c.holder == holder) | (worker_lease.c.until < now) | of_another_time,
            )
            connection.execute(statement)
            leads = select(worker_lease.c.holder).where(worker_lease.c.name == _LEADER)
            return connection.execute(leads).scalar() == holder

    def step_down(self, holder: str) -> None:
        """Let another one lead at once."""
        with self._write() as connection:
            connection.execute(delete(worker_lease).where(worker_lease.c.holder == holder))

    def note_run(self, name: str, at: dt.datetime, trouble: str | None) -> None:
        """Remember how a task went."""
        with self._write() as connection:
            known = connection.execute(select(job_run).where(job_run.c.name == name)).one_or_none()
            values = {
                "at": at,
                "trouble": None if trouble is None else plain(trouble),
                "good_at": at if trouble is None else (known.good_at if known is not None else None),
                "failures": 0 if trouble is None else (known.failures if known is not None else 0) + 1,
            }
            if known is None:
                connection.execute(insert(job_run).values(name=name, **values))
            else:
                connection.execute(update(job_run).where(job_run.c.name == name).values(**values))

    def runs(self) -> Mapping[str, JobRun]:
        """Give how each task went last."""
        with self._read() as connection:
            rows = connection.execute(select(job_run))
            return {row.name: JobRun(row.at, row.trouble, row.good_at, row.failures) for row in rows}

    def open_alerts(self) -> Mapping[str, OpenAlert]:
        """Give what is open, by rule."""
        with self._read() as connection:
            rows = connection.execute(select(alert_state))
            return {row.rule: OpenAlert(row.since, row.seen_at, row.told_at, row.sentence) for row in rows}

    def remember_alerts(self, alerts: Mapping[str, OpenAlert]) -> None:
        """Replace what is open."""
        rows = [
            {
                "rule": rule,
                "since": alert.since,
                "seen_at": alert.seen_at,
                "told_at": alert.told_at,
                "sentence": plain(alert.sentence),
            }
            for rule, alert in alerts.items()
        ]
        with self._write() as connection:
            connection.execute(delete(alert_state))
            if rows:
                connection.execute(insert(alert_state), rows)

    def settle_deliveries(self, since: dt.datetime) -> int:
        """Bring messages up to the delivery reports since a moment."""
        with self._write() as connection:
            return delivery_states.settle_since(connection, since)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with _told(), self._database.read() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with _told(), self._database.write() as connection:
            yield connection


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        raise WorkerMemoryFailed(f"The worker's tables cannot be used now ({kind}).") from error


def _now(connection: Connection) -> dt.datetime:
    if connection.dialect.name == "sqlite":
        return dt.datetime.now(dt.UTC)  # one host, one clock
    now: dt.datetime = connection.execute(select(func.clock_timestamp(type_=worker_lease.c.until.type))).scalar_one()
    return now
