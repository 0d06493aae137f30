"""Faults rows 11-17: SQL absent, frozen, slow, locked, full, used up, damaged. Nobody who texts notices."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from sms_service.core.errors import LineError
from sms_service.factory.stores import open_retention
from sms_service.storage.database import Database
from sms_service.storage.drain import Drain
from sms_service.storage.hot_state import file_name
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_queue import OutboxQueue
from tests.faults.hot_state_line import OPEN_SECONDS
from tests.faults.house import NUMBER, TEN_THOUSAND, House, fill, phone
from tests.postgres_process import PostgresProcess
from tests.sql_databases import an_event
from tests.waiting import eventually

OpenHouse = Callable[..., House]

SLOW = """
CREATE FUNCTION wait_a_little() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE TRIGGER slow BEFORE INSERT ON message_log FOR EACH ROW EXECUTE FUNCTION wait_a_little();
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
def postmaster_frozen(postgres: PostgresProcess, url: str) -> Iterator[None]:
    """Nobody new is let in; those who are in are served."""
    postgres.freeze(backends=False)
    try:
        yield
    finally:
        postgres.thaw()


@contextmanager
def backends_frozen(postgres: PostgresProcess, url: str) -> Iterator[None]:
    """Those who are in hear nothing; whoever comes anew is served."""
    postgres.freeze(postmaster=False)
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
def used_up(postgres: PostgresProcess, url: str) -> Iterator[None]:
    with ExitStack() as stack:
        connections = []
        while True:
            try:
                connections.append(stack.enter_context(postgres.connect()))
            except Exception:  # noqa: BLE001 - too many connections
                break
        # End the line's own connections, so that it has to ask for new ones and gets none.
        [pid] = connections[-1].execute("SELECT pg_backend_pid()").fetchone() or [0]
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
        connections[-1].execute(others, (name_of(url), pid))
        yield


FAULTS = [
    pytest.param(dead, id="row_12_dead"),
    pytest.param(frozen, id="row_12_frozen"),
    pytest.param(postmaster_frozen, id="row_12_postmaster_frozen"),
    pytest.param(backends_frozen, id="row_12_backends_frozen"),
    pytest.param(locked, id="row_13_locked"),
    pytest.param(slow, id="row_13_slow"),
    pytest.param(used_up, id="row_15_used_up"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_postgres(fault, postgres: PostgresProcess, postgres_url: str, open_house: OpenHouse) -> None:
    house = open_house(postgres_url)
    house.text(5)
    house.all_arrive()
    with fault(postgres, postgres_url):
        house.text(50)
        time.sleep(0.5)
        house.text(10)
    house.text(5)
    house.check_answers()
    house.all_arrive()
    assert len(house.sent) == 70
    assert house.leaks() == []


def test_row_11_postgres_comes_later(postgres: PostgresProcess, postgres_url: str, open_house: OpenHouse) -> None:
    """It is not there when the line starts."""
    open_house(postgres_url).stores.drain.stop()
    postgres.kill()
    try:
        house = open_house(postgres_url)
        house.text(100)
        assert house.waiting() == len(house.sent)
    finally:
        postgres.start()
    house.check_answers()
    house.all_arrive()


def hold(house: House, number: str = NUMBER) -> None:
    """What staff do by command: keep the rows of a number."""
    settings = replace(house.line.line.settings, database_url=SecretStr(house.url))
    with open_retention(settings) as retention:
        retention.hold(number, "a test")


@contextmanager
def small_tablespace(postgres: PostgresProcess, url: str) -> Iterator[Path]:
    """Move the tables that are written to a disk of 20 MB."""
    # Not in tmp_path: the server runs as nobody, who may not go there.
    folder = Path(tempfile.mkdtemp(prefix="line-tablespace-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m,mode=0700,uid=65534,gid=65534", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        folder.rmdir()
        pytest.skip("Only root may mount a small disk here.")
    name = f"small_{name_of(url)}"
    connection = postgres.connect(name_of(url))
    tables = ("message_log", "hold", "audit_entry")
    try:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        for table in tables:
            connection.execute(f"ALTER TABLE {table} SET TABLESPACE {name}")
        yield folder
        for table in tables:
            connection.execute(f"ALTER TABLE {table} SET TABLESPACE pg_default")
        connection.execute(f"DROP TABLESPACE {name}")
    finally:
        connection.close()
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def test_row_14_postgres_disk_full(postgres: PostgresProcess, postgres_url: str, open_house: OpenHouse) -> None:
    """A tablespace that is really full: texts are answered, a command says so, and nothing is half saved."""
    house = open_house(postgres_url)
    with small_tablespace(postgres, postgres_url) as folder:
        house.text(5)
        house.all_arrive()
        hold(house)  # a page of both tables, with some room left for more
        filler = fill(folder)
        with postgres.connect(name_of(postgres_url)) as connection:
            house.text(700)  # more than what is left of the last page
            eventually(lambda: "drain_failed" in [code for code, _ in house.log.troubles])
            house.check_answers()
            with suppress(LineError):
                for number in range(200):
                    hold(house, phone(number))
            with pytest.raises(LineError, match="SQL database cannot be used"):
                hold(house, TEN_THOUSAND[0])
            holds = int(connection.execute("SELECT count(DISTINCT hold_id) FROM hold").fetchall()[0][0])
            assert 1 < holds < 200
            entries = int(connection.execute("SELECT count(*) FROM audit_entry").fetchall()[0][0])
            assert holds == entries, "both or none"
        filler.unlink()
        house.all_arrive()
        hold(house, TEN_THOUSAND[0])
        house.check_answers()


def test_row_15_commands_do_not_wait_for_a_database_without_room(
    postgres: PostgresProcess, postgres_url: str, open_house: OpenHouse
) -> None:
    house = open_house(postgres_url)
    with used_up(postgres, postgres_url):
        started = time.monotonic()
        with pytest.raises(LineError, match="SQL database cannot be used"):
            hold(house)
        assert time.monotonic() - started <= 10, "on any machine; to wait for the pool and for the server takes longer"
    hold(house)


@pytest.mark.slow
def test_row_13_a_database_too_slow_for_a_whole_batch(
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


def test_row_12_forget_me_while_sql_is_down(
    postgres: PostgresProcess, postgres_url: str, open_house: OpenHouse
) -> None:
    """It is promised only when it is noted, and done as soon as SQL is back."""
    house = open_house(postgres_url)
    house.text(5)
    house.all_arrive()
    first = phone(0)
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


SQLITE_FILES = ("line.sqlite3", "outbox.sqlite3", file_name())


@pytest.mark.parametrize("name", [*SQLITE_FILES, "all"])
def test_row_16_sqlite_locked(name: str, open_house: OpenHouse) -> None:
    """Another program holds one of the files, or all of them."""
    house = open_house()
    house.text(3)
    house.all_arrive()
    names = SQLITE_FILES if name == "all" else (name,)
    with ExitStack() as stack:
        for locked_name in names:
            other = stack.enter_context(closing(sqlite3.connect(house.var_dir / locked_name, isolation_level=None)))
            other.execute("BEGIN EXCLUSIVE")
        house.text(30)
        if "line.sqlite3" not in names:
            assert any("lock" in said for said in house.readiness().values())
    house.clock.skip(OPEN_SECONDS)
    house.text(1)
    house.check_answers()
    while house.stores.outbox.in_memory:
        house.stores.outbox.flush()
    house.all_arrive()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "zero bytes": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(os.urandom(30_000)),
    "cut short": lambda path: os.truncate(path, 5000),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_row_17_sqlite_damaged_and_restored(open_house: OpenHouse, damage: str) -> None:
    house = open_house()
    house.text(5)
    house.all_arrive()
    house.stores.drain.stop()
    path = house.var_dir / "line.sqlite3"
    with (
        closing(sqlite3.connect(house.var_dir / "backup.sqlite3")) as backup,
        closing(sqlite3.connect(path)) as source,
    ):
        source.backup(backup)
    for beside in house.var_dir.glob("line.sqlite3-*"):
        beside.unlink()
    DAMAGE[damage](path)
    before = path.read_bytes() if path.exists() else None

    again = open_house(var_dir=house.var_dir)
    again.sent = house.sent
    again.text(20)
    eventually(lambda: "drain_failed" in [code for code, _ in again.log.troubles])
    assert (path.read_bytes() if path.exists() else None) == before, "no empty database in its place"
    assert again.waiting() == 20

    path.unlink(missing_ok=True)
    (house.var_dir / "backup.sqlite3").rename(path)
    again.check_answers()
    again.all_arrive()


@pytest.mark.parametrize("name", ["outbox.sqlite3", file_name()])
@pytest.mark.parametrize("damage", DAMAGE)
def test_row_17_the_lines_own_files_damaged_while_it_runs(open_house: OpenHouse, name: str, damage: str) -> None:
    house = open_house()
    house.text(5)
    house.all_arrive()
    DAMAGE[damage](house.var_dir / name)
    house.text(30)
    house.check_answers()
    if name == "outbox.sqlite3":
        assert house.readiness()["message_log"] != "ok", "an operator is told; rows are in memory and in the log"
        assert len(house.log.events) == 35
    else:
        house.clock.skip(OPEN_SECONDS)
        house.text(5)
        assert house.log.events[-1].degraded == (), "made anew by itself"
        house.all_arrive()
