"""The way into the SQL database: SQLite in a file (default) or PostgreSQL. Not on the way of an answer, ever.

What happens when it fails: every call may raise ``sqlalchemy.exc.SQLAlchemyError`` and does so within seconds. A server
that is frozen does not enforce its own ``statement_timeout``, so PostgreSQL connections carry a deadline on our side. A
missing SQLite file is never made by the way (``mode=rw``); only ``migrate`` makes one.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

DEADLINE_SECONDS: Final = 5.0
"""For one statement, waiting for locks included."""

_WAIT_FOR_CONNECTION_SECONDS: Final = 2.0
_SQLITE_WAIT_SECONDS: Final = 2.0
_LOCK_WAIT: Final = "3s"
_WAKE_UP_SECONDS: Final = 0.1

_FILE: Final = "file"
"""Where a pooled connection notes which file it has open."""

_POSTGRES: Final[dict[str, Any]] = {
    "connect_timeout": 2,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "prepare_threshold": None,  # prepared statements do not survive a connection pooler
}


class Database:
    """An engine with its pool.

    Args:
        url: ``sqlite:///path`` or ``postgresql+psycopg://...``. Never shown.
        deadline_seconds: Longest wait for one answer of PostgreSQL; None for migrations, which take what they take.

    Raises:
        ValueError: For a URL that names no database.
    """

    def __init__(self, url: str, *, deadline_seconds: float | None = DEADLINE_SECONDS) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.file = Path(parsed.database) if self.is_sqlite and parsed.database else None
        if self.is_sqlite:
            self.engine = _sqlite_engine(self.file)
        else:
            self.engine = _postgres_engine(parsed, deadline_seconds)
        self.sessions = sessionmaker(self.engine, class_=Session, expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection in a transaction that only reads: on SQLite it waits for no writer."""
        with self.engine.connect().execution_options(only_reads=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction, committed at the end, rolled back when something is raised."""
        with self.engine.begin() as connection:
            if not self.is_sqlite:
                # Only for this transaction, so that a pooler may hand the connection on.
                connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'"))
            yield connection

    def check(self) -> str | None:
        """Give None when the database answers, otherwise one sentence without a secret."""
        try:
            with self.read() as connection:
                if not connection.execute(text("SELECT version_num FROM alembic_version")).fetchall():
                    return "The SQL database is empty: run `python -m sms_service migrate`."
        except SQLAlchemyError as error:
            kind = type(getattr(error, "orig", None) or error).__name__
            return f"The SQL database does not answer, or was never set up by `migrate` ({kind})."
        return None

    def persistence(self) -> str | None:
        """Say what a PostgreSQL server would lose with the power; None when nothing, or when it cannot be asked."""
        if self.is_sqlite:
            return None
        with self.read() as connection:
            off = [
                name
                for name in ("fsync", "synchronous_commit", "full_page_writes")
                if connection.execute(text(f"SHOW {name}")).scalar() == "off"
            ]
        return f"PostgreSQL may lose rows with the power ({', '.join(off)} off)." if off else None

    def close(self) -> None:
        """Close the pool's connections."""
        self.engine.dispose()


def _sqlite_engine(file: Path | None) -> Engine:
    if file is None or str(file) == ":memory:":
        raise ValueError("a SQLite database needs a file")
    address = URL.create("sqlite", database=file.absolute().as_uri(), query={"mode": "rw", "uri": "true"})
    engine = create_engine(
        address,
        pool_timeout=_WAIT_FOR_CONNECTION_SECONDS,
        pool_size=2,
        max_overflow=6,
        connect_args={"timeout": _SQLITE_WAIT_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", lambda connection, record: _prepare_sqlite(connection, record, file))
    event.listen(engine, "checkout", lambda _connection, record, _proxy: _refuse_a_file_that_was_replaced(record, file))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, record: ConnectionPoolEntry, file: Path) -> None:
    record.info[_FILE] = _identity(file)
    # Python's own transactions do not cover DDL; _begin_sqlite begins them (SQLAlchemy docs, "pysqlite", transactions).
    connection.isolation_level = None
    # FULL: what the drain takes out of the outbox must not be lost with the power.
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _refuse_a_file_that_was_replaced(record: ConnectionPoolEntry, file: Path) -> None:
    """Make the pool open the file anew after a restore: what was open would write to nowhere, without an error."""
    if record.info.get(_FILE) != _identity(file):
        raise DisconnectionError("another file of that name")


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later could not get the lock any more once another has written.
    reads = connection.get_execution_options().get("only_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


class _ImpatientConnection(psycopg.Connection[Any]):
    """A connection that gives a silent server up. All blocking work of psycopg's connection goes through ``wait``."""

    deadline_seconds: float = DEADLINE_SECONDS

    def wait(self, gen: PQGen[RV], interval: float = _WAKE_UP_SECONDS, timeout: float | None = None) -> RV:
        """Wait for an answer; close the connection when none comes in time, because nobody knows what state it is in.

        Raises:
            psycopg.OperationalError: When the time is up.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        started = time.monotonic()
        try:
            return super().wait(gen, interval, self.deadline_seconds)
        except psycopg.OperationalError:
            if time.monotonic() - started >= self.deadline_seconds:
                self.pgconn.finish()
            raise


def _postgres_engine(url: URL, deadline_seconds: float | None) -> Engine:
    # Each of _POSTGRES can be said otherwise in the URL.
    defaults = {name: value for name, value in _POSTGRES.items() if name not in url.query}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_timeout=_WAIT_FOR_CONNECTION_SECONDS,
        pool_size=2,
        max_overflow=6,
        pool_recycle=300,
        pool_pre_ping=True,
        connect_args=defaults,
    )
    if deadline_seconds is not None:

        class Connection(_ImpatientConnection):
            pass

        Connection.deadline_seconds = deadline_seconds
        event.listen(
            engine, "do_connect", lambda _dialect, _record, args, options: Connection.connect(*args, **options)
        )
    return engine
