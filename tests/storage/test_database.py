from __future__ import annotations

import datetime as dt
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sms_service.storage import message_log, migrate
from sms_service.storage.database import Database
from sms_service.storage.tables import message_log as log_table
from tests.postgres_process import PostgresProcess
from tests.sql_databases import an_event

GIVEN_UP_SECONDS = 20
"""On any machine, however busy; without a limit of ours it would be for ever."""

OpenDatabase = Callable[..., Database]


def test_moments_come_back_aware_and_in_utc(database: Database) -> None:
    summer = dt.datetime(2026, 7, 1, 13, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    with database.write() as connection:
        message_log.add_events(connection, [an_event(at=summer)])
    with database.read() as connection:
        [at] = connection.execute(select(log_table.c.at)).scalars()
    assert at == summer
    assert at.utcoffset() == dt.timedelta(0)


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises((StatementError, ValueError), match="naive"), database.write() as connection:
        message_log.add_events(connection, [an_event(at=dt.datetime(2026, 1, 1))])  # noqa: DTZ001


def test_what_raises_changes_nothing(database: Database) -> None:
    with pytest.raises(KeyboardInterrupt), database.write() as connection:  # noqa: PT012 - what happens in it is the point
        message_log.add_events(connection, [an_event()])
        raise KeyboardInterrupt
    with database.read() as connection:
        assert connection.execute(select(log_table)).fetchall() == []


def test_sessions_share_the_engine(database: Database) -> None:
    with database.sessions.begin() as session:
        message_log.add_events(session.connection(), [an_event()])
    with database.sessions() as session:
        assert session.execute(select(log_table.c.event_id)).scalar_one() == an_event().event_id


class TestSqlite:
    def test_a_missing_file_is_never_made(self, tmp_path: Path, open_database: OpenDatabase) -> None:
        database = open_database(f"sqlite:///{tmp_path / 'line.sqlite3'}")
        assert database.check() == (
            "The SQL database does not answer, or was never set up by `migrate` (OperationalError)."
        )
        with pytest.raises(OperationalError, match="unable to open"), database.write():
            pass
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
    def test_memory_is_no_database(self, url: str) -> None:
        with pytest.raises(ValueError, match="needs a file"):
            Database(url)

    def test_a_restored_file_is_noticed_at_once(
        self, sqlite_url: str, tmp_path: Path, open_database: OpenDatabase
    ) -> None:
        """What is open is still the old file, which nobody will ever read again."""
        database = open_database(sqlite_url)
        assert database.file is not None
        with database.write() as connection:
            message_log.add_events(connection, [an_event(1)])
        database.file.unlink()
        assert database.check() is not None
        for beside in tmp_path.glob("line.sqlite3*"):
            beside.unlink()
        migrate.upgrade(sqlite_url)
        with database.write() as connection:
            assert message_log.add_events(connection, [an_event(1)]) == 1
        assert open_database(sqlite_url).check() is None
        with open_database(sqlite_url).read() as connection:
            assert len(connection.execute(select(log_table)).fetchall()) == 1

    def test_readers_do_not_wait_for_a_writer(self, sqlite_url: str, open_database: OpenDatabase) -> None:
        database = open_database(sqlite_url)
        with database.write() as writing:
            message_log.add_events(writing, [an_event()])
            with database.read() as reading:  # it would fail, if it waited for the lock
                assert reading.execute(select(log_table)).fetchall() == []

    def test_a_locked_file_is_given_up_within_seconds(self, sqlite_url: str, open_database: OpenDatabase) -> None:
        database = open_database(sqlite_url)
        assert database.file is not None
        other = sqlite3.connect(database.file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with pytest.raises(OperationalError, match="locked"), database.write():
            pass
        assert 1.5 < time.monotonic() - started < GIVEN_UP_SECONDS
        other.close()

    def test_what_is_erased_is_overwritten(self, sqlite_url: str, open_database: OpenDatabase) -> None:
        database = open_database(sqlite_url)
        with database.read() as connection:
            assert connection.execute(text("PRAGMA secure_delete")).scalar_one() == 1


class TestPostgres:
    def test_a_frozen_server_is_given_up_on_our_side(
        self, postgres: PostgresProcess, postgres_url: str, open_database: OpenDatabase
    ) -> None:
        """It does not enforce its own statement_timeout, so nothing but our deadline ends the wait."""
        database = open_database(postgres_url, deadline_seconds=0.6)
        with database.write() as connection:
            message_log.add_events(connection, [an_event(1)])
        postgres.freeze()
        try:
            started = time.monotonic()
            with pytest.raises(SQLAlchemyError), database.write() as connection:
                message_log.add_events(connection, [an_event(2)])
            assert time.monotonic() - started < GIVEN_UP_SECONDS
            assert database.check() is not None
        finally:
            postgres.thaw()
        with database.write() as connection:
            assert message_log.add_events(connection, [an_event(2)]) == 1
        assert database.check() is None

    def test_frozen_within_a_transaction(
        self, postgres: PostgresProcess, postgres_url: str, open_database: OpenDatabase
    ) -> None:
        database = open_database(postgres_url, deadline_seconds=0.6)
        try:
            with pytest.raises(SQLAlchemyError), database.write() as connection:  # noqa: PT012 - frozen in between
                message_log.add_events(connection, [an_event(1)])
                postgres.freeze()
                message_log.add_events(connection, [an_event(2)])
        finally:
            postgres.thaw()
        with database.write() as connection:
            assert message_log.add_events(connection, [an_event(1), an_event(2)]) == 2

    def test_a_locked_table_is_given_up_within_seconds(
        self, postgres: PostgresProcess, postgres_url: str, open_database: OpenDatabase
    ) -> None:
        database = open_database(postgres_url)
        with postgres.connect(postgres_url.rpartition("/")[2]) as other:
            other.autocommit = False
            other.execute("LOCK TABLE message_log")
            started = time.monotonic()
            with pytest.raises(OperationalError, match="lock timeout"), database.write() as connection:
                message_log.add_events(connection, [an_event()])
            assert time.monotonic() - started < GIVEN_UP_SECONDS

    def test_a_used_up_pool_is_an_error_within_seconds(self, postgres_url: str, open_database: OpenDatabase) -> None:
        database = open_database(postgres_url)
        release = threading.Event()
        ready = threading.Barrier(9)

        def hold_one() -> None:
            with database.read():
                ready.wait(30)
                release.wait(30)

        threads = [threading.Thread(target=hold_one) for _ in range(8)]
        for thread in threads:
            thread.start()
        ready.wait(30)
        started = time.monotonic()
        with pytest.raises(PoolTimeout), database.read():
            pass
        assert time.monotonic() - started < GIVEN_UP_SECONDS
        release.set()
        for thread in threads:
            thread.join()

    def test_no_secret_is_shown(self, open_database: OpenDatabase) -> None:
        database = open_database("postgresql+psycopg://someone:very-secret@127.0.0.1:9/line")
        assert "very-secret" not in f"{database.engine!r} {database.engine.url}"
        assert "very-secret" not in str(database.check())

    def test_options_of_the_address_win(self, postgres_url: str, open_database: OpenDatabase) -> None:
        database = open_database(f"{postgres_url}?application_name=line&connect_timeout=3")
        with database.read() as connection:
            assert connection.execute(text("SHOW application_name")).scalar_one() == "line"
