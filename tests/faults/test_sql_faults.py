"""Faults rows 11-17: SQL absent, frozen, slow, locked, full, used up, damaged. Nobody who texts notices."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from sms_service.storage.database import Database
from sms_service.storage.drain import Drain
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_queue import OutboxQueue
from tests.faults.house import NUMBER, House, eventually
from tests.postgres_process import PostgresProcess
from tests.sql_databases import an_event

OpenHouse = Callable[..., House]

SLOW = """
CREATE FUNCTION wait_a_little() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE TRIGGER slow BEFORE INSERT ON message_log FOR EACH ROW EXECUTE FUNCTION wait_a_little();
"""
FULL = """
CREATE FUNCTION be_full() RETURNS trigger AS $$ BEGIN
RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER full_disk BEFORE INSERT ON message_log FOR EACH ROW EXECUTE FUNCTION be_full();
"""


def name_of(url: str) -> str:
    return url.rpartition("/")[2]


@contextmanager
def dead(postgres: PostgresProcess, url: str) -> Iterator[None]:
    postgres.kill()
    try:
        yield
    finally:
        postgres.start()


@contextmanager
def frozen(postgres: PostgresProcess, url: str) -> Iterator[None]:
    postgres.freeze()
    try:
        yield
    finally:
        postgres.thaw()


@contextmanager
def locked(postgres: PostgresProcess, url: str) -> Iterator[None]:
    with postgres.connect(name_of(url)) as connection:
        connection.autocommit = False
        connection.execute("LOCK TABLE message_log")
        yield


@contextmanager
def slow(postgres: PostgresProcess, url: str) -> Iterator[None]:
    with postgres.connect(name_of(url)) as connection:
        connection.execute(SLOW)
        yield
        connection.execute("DROP TRIGGER slow ON message_log")


@contextmanager
def full(postgres: PostgresProcess, url: str) -> Iterator[None]:
    """PostgreSQL says the same words when its disk really is."""
    with postgres.connect(name_of(url)) as connection:
        connection.execute(FULL)
        yield
        connection.execute("DROP TRIGGER full_disk ON message_log")


@contextmanager
def used_up(postgres: PostgresProcess, url: str) -> Iterator[None]:
    with ExitStack() as stack:
        connections = []
        while True:
            try:
                connections.append(stack.enter_context(postgres.connect()))
            except Exception:  # noqa: BLE001 - too many connections
                break
        with postgres_killing_others(connections, url):
            yield


@contextmanager
def postgres_killing_others(connections: list, url: str) -> Iterator[None]:
    """End the line's own connections, so that it has to ask for new ones and gets none."""
    [pid] = connections[-1].execute("SELECT pg_backend_pid()").fetchone()
    connections[-1].execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s", (name_of(url), pid)
    )
    yield


@pytest.mark.parametrize("fault", [dead, frozen, locked, slow, full, used_up], ids=lambda fault: fault.__name__)
def test_postgres(fault, postgres: PostgresProcess, postgres_url: str, open_house: OpenHouse) -> None:
    house = open_house(postgres_url)
    house.text(5)
    house.all_arrive()
    with fault(postgres, postgres_url):
        house.text(50)
        time.sleep(1)
        house.text(10)
    house.text(5)
    house.check_answers()
    house.all_arrive()
    assert len(house.sent) == 70


@pytest.mark.slow
def test_a_database_too_slow_for_a_whole_batch(
    postgres: PostgresProcess, postgres_url: str, outbox_path: Path, open_database: Callable[..., Database]
) -> None:
    outbox = Outbox(outbox_path)
    for number in range(120):
        outbox.record(an_event(number))
    outbox.close()
    drain = Drain(outbox_path, open_database(postgres_url, deadline_seconds=1.0))
    with slow(postgres, postgres_url):
        with pytest.raises(SQLAlchemyError):
            drain.turn()
        moved: list[int] = []
        until = time.monotonic() + 30
        while sum(moved) < 30 and time.monotonic() < until:
            with suppress(SQLAlchemyError):
                moved.append(drain.turn().moved)
        assert sum(moved) >= 30
    drain.empty()
    with OutboxQueue(outbox_path) as queue:
        assert queue.fill().waiting == 0
    drain.close()


def test_forget_me_while_sql_is_down(postgres: PostgresProcess, postgres_url: str, open_house: OpenHouse) -> None:
    """It is promised only when it is noted, and done as soon as SQL is back."""
    house = open_house(postgres_url)
    house.text(5)
    house.all_arrive()
    first = f"{NUMBER[:-3]}000"
    pseudonyms = house.line.story.pseudonyms.all(first)

    def linked() -> int:
        with postgres.connect(name_of(postgres_url)) as connection:
            query = "SELECT count(*) FROM message_log WHERE pseudonym = ANY(%s)"
            return int(connection.execute(query, [list(pseudonyms)]).fetchall()[0][0])

    assert linked() == 1
    with dead(postgres, postgres_url):
        house.line.texts("FORGET ME", first)
        assert house.line.log.events[-1].reply == "forget_me"
    eventually(lambda: linked() == 0)


def test_a_server_that_comes_later(postgres: PostgresProcess, postgres_url: str, open_house: OpenHouse) -> None:
    """Row 11: it is not there when the line starts."""
    open_house(postgres_url).stores.drain.stop()
    postgres.kill()
    try:
        house = open_house(postgres_url)
        house.text()
        assert house.waiting() == len(house.sent)
    finally:
        postgres.start()
    house.check_answers()
    house.all_arrive()


class TestSqlite:
    def test_locked(self, open_house: OpenHouse) -> None:
        house = open_house()
        other = sqlite3.connect(house.var_dir / "line.sqlite3", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        house.text(50)
        assert house.waiting() == 50
        other.execute("ROLLBACK")
        other.close()
        house.check_answers()
        house.all_arrive()

    @pytest.mark.parametrize(
        "damage",
        [
            lambda path: path.unlink(),
            lambda path: path.write_bytes(b""),
            lambda path: path.write_bytes(os.urandom(30_000)),
            lambda path: os.truncate(path, 5000),
        ],
        ids=["missing", "zero bytes", "garbage", "cut short"],
    )
    def test_damaged_and_restored(self, open_house: OpenHouse, damage: Callable[[Path], None]) -> None:
        house = open_house()
        house.text(5)
        house.all_arrive()
        house.stores.drain.stop()
        path = house.var_dir / "line.sqlite3"
        backup = sqlite3.connect(house.var_dir / "backup.sqlite3")
        source = sqlite3.connect(path)
        source.backup(backup)
        source.close()
        backup.close()
        for beside in house.var_dir.glob("line.sqlite3-*"):
            beside.unlink()
        damage(path)
        before = path.read_bytes() if path.exists() else None

        again = open_house(var_dir=house.var_dir)
        again.sent = house.sent
        again.text(20)
        eventually(lambda: "drain_failed" in [code for code, _ in again.line.log.troubles])
        assert (path.read_bytes() if path.exists() else None) == before, "no empty database in its place"
        assert again.waiting() == 20

        path.unlink(missing_ok=True)
        (house.var_dir / "backup.sqlite3").rename(path)
        again.check_answers()
        again.all_arrive()
