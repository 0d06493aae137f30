from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

import sms_service.storage.publishing.tables  # noqa: F401 - its tables belong to the metadata too
from sms_service.core.errors import LineError
from sms_service.storage import event_stores, message_log, migrate
from sms_service.storage.database import Database
from sms_service.storage.tables import metadata
from tests.sql_databases import an_event

OpenDatabase = Callable[..., Database]


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
    return list(compare_metadata(context, metadata))


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_migrated_is_what_the_program_needs(database: Database) -> None:
    with database.read() as connection:
        assert differences(connection) == []
        assert migrate.current_revision(connection) == migrate.newest_revision()


def test_every_step_runs_both_ways(empty_database_url: str, open_database: OpenDatabase) -> None:
    for _ in range(2):
        migrate.upgrade(empty_database_url)
        database = open_database(empty_database_url)
        assert "message_log" in tables(database)
        assert database.check() is None
        migrate.downgrade(empty_database_url, "base")
        assert tables(database) == {"alembic_version"}
        assert database.check() == "The SQL database is empty: run `python -m sms_service migrate`."


def test_acts_of_accounts_and_commands_join_the_one_history(
    empty_database_url: str, open_database: OpenDatabase
) -> None:
    migrate.upgrade(empty_database_url, "0004")
    database = open_database(empty_database_url)
    jo, sam = 32 * "a", 32 * "b"
    with database.write() as connection:
        for person_id, name in ((jo, "Jo"), (sam, "Sam")):
            account = "INSERT INTO staff_account (person_id, name, email, roles, active, made_at) VALUES "
            values = f"('{person_id}', '{name}', '{name}@example.org', 'editor', true, '2026-11-22')"
            connection.execute(text(account + values))
        for number, (actor, action, detail) in enumerate(
            (
                (jo, "invited", f"{sam} editor"),
                (sam, "logged_in", ""),
                (jo, "look at sender", "messages of the sender of SM1"),
                ("alex", "hold", "hold 1234 placed"),
                ("alex", "hold", "hold 1234 released"),
            )
        ):
            entry = "INSERT INTO audit_entry (entry_id, at, actor, action, detail) VALUES "
            connection.execute(text(f"{entry} ('{number}', '2026-11-22', '{actor}', '{action}', '{detail}')"))
    migrate.upgrade(empty_database_url)
    with database.read() as connection:
        found = connection.execute(
            text("SELECT actor, actor_id, action, subject, detail FROM audit_entry ORDER BY entry_id")
        ).fetchall()
    assert [tuple(row) for row in found] == [
        ("Jo", jo, "invited", "Sam", "editor"),
        ("Sam", sam, "logged_in", "", ""),
        ("Jo", jo, "looked_at", "", "messages of the sender of SM1"),
        ("alex", "", "held", "rows about one person", "hold 1234 placed"),
        ("alex", "", "hold_released", "rows about one person", "hold 1234 released"),
    ]
    with pytest.raises(DBAPIError, match="history is never changed"), database.write() as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'nobody'"))


def test_migrating_again_changes_nothing(database: Database, database_url: str) -> None:
    with database.write() as connection:
        message_log.add_events(connection, [an_event()])
    migrate.upgrade(database_url)
    with database.read() as connection:
        assert message_log.events_of_messages(connection, [str(an_event().message_id)]) == [an_event()]


def test_a_step_that_breaks_half_way_leaves_nothing(
    empty_database_url: str, open_database: OpenDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_at_the_end(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("alembic.op.create_index", break_at_the_end)
    with pytest.raises(KeyboardInterrupt):
        migrate.upgrade(empty_database_url)
    monkeypatch.undo()
    assert tables(open_database(empty_database_url)) == set()
    migrate.upgrade(empty_database_url)


def test_hosts_that_migrate_together_wait_for_each_other(
    empty_database_url: str, open_database: OpenDatabase, project_root: Path
) -> None:
    code = "import sys; from sms_service.storage import migrate; migrate.upgrade(sys.argv[1])"
    command = [sys.executable, "-c", code, empty_database_url]
    hosts = [subprocess.Popen(command, cwd=project_root, stderr=subprocess.PIPE) for _ in range(3)]
    assert [host.communicate(timeout=150)[1] for host in hosts] == [b"", b"", b""]
    assert [host.returncode for host in hosts] == [0, 0, 0]
    assert open_database(empty_database_url).check() is None


class TestOldAndNewProgramsTogether:
    """Migration N to N+1 while old workers run (faults row 55)."""

    def test_an_old_worker_writes_into_a_newer_shape(self, database: Database) -> None:
        with database.write() as connection:
            connection.execute(text("ALTER TABLE message_log ADD COLUMN of_the_next_version INTEGER"))
            connection.execute(text("CREATE TABLE of_the_next_version (id INTEGER)"))
        with database.write() as connection:
            assert message_log.add_events(connection, [an_event()]) == 1
        with database.read() as connection:
            rows = connection.execute(text("SELECT event_id, kind, of_the_next_version FROM message_log")).fetchall()
        assert [tuple(row) for row in rows] == [(an_event().event_id, "message", None)]


class TestSettingUp:
    def test_makes_both_files_once(self, tmp_path: Path) -> None:
        var_dir = tmp_path / "var"
        done = event_stores.set_up(var_dir, None)
        assert {path.name for path in done.made} == {"line.sqlite3", "outbox.sqlite3"}
        assert done.revision == migrate.newest_revision()
        assert event_stores.set_up(var_dir, None).made == ()
        for path in var_dir.iterdir():
            assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("lose", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
    def test_a_lost_database_is_not_made_anew_by_the_way(self, tmp_path: Path, lose: Callable[[Path], None]) -> None:
        event_stores.set_up(tmp_path, None)
        lose(tmp_path / "line.sqlite3")
        with pytest.raises(LineError, match="is missing or empty, but this line was set up before"):
            event_stores.set_up(tmp_path, None)
        assert event_stores.set_up(tmp_path, None, make_missing=True).made == (tmp_path / "line.sqlite3",)

    def test_a_lost_outbox_is_made_and_told(self, tmp_path: Path, postgres_url: str) -> None:
        assert event_stores.set_up(tmp_path, postgres_url).made == (tmp_path / "outbox.sqlite3",)
        assert event_stores.set_up(tmp_path, postgres_url).made == ()

    def test_a_damaged_database_is_named_not_touched(self, tmp_path: Path) -> None:
        event_stores.set_up(tmp_path, None)
        for beside in tmp_path.glob("line.sqlite3-*"):
            beside.unlink()
        (tmp_path / "line.sqlite3").write_bytes(b"garbage" * 1000)
        with pytest.raises(LineError, match="SQLITE_NOTADB"):
            event_stores.set_up(tmp_path, None, make_missing=True)
        assert (tmp_path / "line.sqlite3").read_bytes() == b"garbage" * 1000

    def test_an_unreachable_server_is_one_sentence_without_its_address(self, tmp_path: Path) -> None:
        with pytest.raises(LineError) as caught:
            event_stores.set_up(tmp_path, "postgresql+psycopg://someone:secret@127.0.0.1:9/line")
        assert caught.value.sentence == "The SQL database cannot be used (OperationalError). Has `migrate` been run?"
