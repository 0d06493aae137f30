"""Setting up, deleting, forgetting and holding, from the command line."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sms_service.cli import main
from sms_service.core.data_register import as_markdown
from sms_service.service.messaging import utc_now
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.settings import PseudonymKey
from sms_service.storage import message_log
from sms_service.storage.database import Database
from sms_service.storage.migrate import newest_revision
from tests.sql_databases import an_event

NUMBER = "+447700900123"
KEYS = "new:" + 32 * "22" + ",old:" + 32 * "11"
PSEUDONYMS = Pseudonyms((PseudonymKey("new", 32 * b"\x22"), PseudonymKey("old", 32 * b"\x11")))


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A line's own folder, and nothing else of this machine's settings."""
    for name in ("DATABASE_URL", "REDIS_URL", "LINE_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("PSEUDONYM_KEYS", KEYS)
    return tmp_path / "var"


def run(*args: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, args, input=text)


@pytest.fixture
def set_up(migrated_var: Path, environment: Path) -> Path:
    shutil.copytree(migrated_var, environment)
    return environment


@pytest.fixture
def two_rows(set_up: Path) -> Database:
    """A row of NUMBER under each key."""
    database = Database(f"sqlite:///{set_up / 'line.sqlite3'}")
    pseudonyms = PSEUDONYMS.all(NUMBER)
    with database.write() as connection:
        rows = [an_event(number, at=utc_now(), pseudonym=one) for number, one in enumerate(pseudonyms)]
        message_log.add_events(connection, rows)
    database.close()
    return database


def test_the_register_is_printed_without_any_setting() -> None:
    result = run("data-register")
    assert result.exit_code == 0
    assert result.output == as_markdown()


def test_migrate_says_what_it_made(environment: Path) -> None:
    assert run("migrate").output.splitlines() == [
        f"Made anew: {environment / 'line.sqlite3'}",
        f"Made anew: {environment / 'outbox.sqlite3'}",
        f"The database has shape {newest_revision()}.",
    ]
    assert run("migrate").output == f"The database has shape {newest_revision()}.\n"


def test_migrate_makes_no_lost_database_anew_by_the_way(set_up: Path) -> None:
    (set_up / "line.sqlite3").unlink()
    refused = run("migrate")
    assert refused.exit_code == 1
    assert "was set up before. Restore it from a backup" in refused.output
    assert run("migrate", "--make-missing").exit_code == 0


@pytest.mark.parametrize("command", ["purge", "forget 07700900123", "hold 07700900123", "export-person 07700900123"])
def test_before_migrate_each_says_so_in_one_sentence(command: str) -> None:
    result = run(*command.split())
    assert result.exit_code == 1
    assert "Has `migrate` been run?" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "written", ["+447700900123", "07700 900123", "(07700) 900-123", "0044 7700 900123", "whatsapp:+447700900123"]
)
def test_forget_finds_a_number_however_it_is_written(two_rows: Database, written: str) -> None:
    assert run("forget", written).output == "2 rows unlinked.\n"
    assert run("forget", written).output == "0 rows unlinked.\n"


def test_a_number_is_asked_for_where_no_history_keeps_it(two_rows: Database) -> None:
    assert run("forget", text="07700 900123\n").output.endswith("2 rows unlinked.\n")


def test_forget_lists_what_the_provider_still_has(two_rows: Database) -> None:
    lines = run("forget", NUMBER, "--message-ids").output.splitlines()
    assert set(lines[1:]) == {an_event(0).message_id, an_event(1).message_id}


def test_a_held_person_is_not_forgotten_and_the_command_says_so(two_rows: Database) -> None:
    assert run("hold", NUMBER).output.startswith("Hold ")
    held = run("forget", NUMBER).output
    assert "0 rows unlinked." in held
    assert "2 rows stay because of a safeguarding hold." in held
    assert run("hold", NUMBER, "--release").output.endswith("is released.\n")
    assert run("export-person", NUMBER).output == "[]\n"
    assert run("hold", NUMBER, "--release").output == "There is no hold on this number.\n"


def test_an_export_is_json_without_the_number(two_rows: Database) -> None:
    result = run("export-person", NUMBER, "--by", "Alex")
    assert [row["reply"] for row in json.loads(result.output)] == ["help", "help"]
    assert "7700" not in result.output


def test_purge_tells_each_store(two_rows: Database) -> None:
    assert run("purge").output.splitlines() == [
        "message_log: 0 deleted",
        "hourly_count: 0 deleted",
        "erasure: 0 deleted",
        "audit_entry: 0 deleted",
        "staff_session: 0 deleted",
        "login_attempt: 0 deleted",
        "staff_link: 0 deleted",
        "unmatched_message: 0 deleted",
        "trying_phone: 0 deleted",
        "draft: 0 deleted",
        "content: 0 deleted",
        "outbox: 0 deleted",
        "0 rows unlinked because of earlier erasures",
    ]


def test_who_did_it_is_in_the_history(two_rows: Database, set_up: Path) -> None:
    run("hold", NUMBER, "--by", "Alex")
    run("export-person", NUMBER, "--by", "Sam")
    connection = sqlite3.connect(set_up / "line.sqlite3")
    rows = connection.execute("SELECT actor, action FROM audit_entry ORDER BY at").fetchall()
    connection.close()
    assert rows == [("Alex", "held"), ("Sam", "exported")]


def test_a_new_key_fits_the_setting_and_shows_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    output = run("rotate-pseudonym-key").output
    new = output.splitlines()[0]
    assert "22" * 32 not in output
    assert "11" * 32 not in output
    assert "(new, old)" in output
    monkeypatch.setenv("PSEUDONYM_KEYS", f"{new},{KEYS}")
    again = run("rotate-pseudonym-key")
    assert again.exit_code == 0, "it is a key that settings take"
    assert again.output.splitlines()[0].partition(":")[0] == f"{new.partition(':')[0]}a"


def test_bad_settings_are_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSEUDONYM_KEYS", "short")
    for command in ("migrate", "purge", "rotate-pseudonym-key"):
        result = run(command)
        assert result.exit_code == 1
        assert "PSEUDONYM_KEYS" in result.output
