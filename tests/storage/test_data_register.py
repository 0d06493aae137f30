"""The register says what is stored; here it is compared with what really is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from sqlalchemy import inspect

from sms_service.core.conversation import Conversation
from sms_service.core.data_register import HOT_STATE, OUTBOX, REGISTER
from sms_service.core.events import Event
from sms_service.core.stored_tables import SQL
from sms_service.storage.database import Database
from sms_service.storage.hot_state_sqlite import SqliteHotState
from sms_service.storage.tables import message_log


def registered(store: str) -> dict[str, set[str]]:
    return {stored.name: set(stored.columns) for stored in REGISTER if stored.store == store}


def columns_of_file(path: Path) -> dict[str, set[str]]:
    connection = sqlite3.connect(path)
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} for table in tables}
    finally:
        connection.close()


def test_every_column_of_the_database_is_registered_and_the_other_way_round(database: Database) -> None:
    inspector = inspect(database.engine)
    found = {
        table: {column["name"] for column in inspector.get_columns(table)} for table in inspector.get_table_names()
    }
    assert found == registered(SQL)


def test_every_column_of_the_outbox_is_registered_and_the_other_way_round(outbox_path: Path) -> None:
    assert columns_of_file(outbox_path) == registered(OUTBOX)


def test_every_column_of_the_hot_state_is_registered_and_the_other_way_round(tmp_path: Path) -> None:
    hot_state = SqliteHotState(tmp_path / "hot_state.sqlite3")
    hot_state.settle("SM1", "sender", b"answer", Conversation(), 0.0)
    assert columns_of_file(tmp_path / "hot_state.sqlite3") == registered(HOT_STATE)


def test_the_message_log_holds_the_fields_of_an_event_and_nothing_else() -> None:
    assert set(message_log.columns.keys()) == {field.name for field in fields(Event)}


def test_a_column_without_a_purpose_is_found(sqlite_url: str, open_database: Callable[[str], Database]) -> None:
    database = open_database(sqlite_url)
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE message_log ADD COLUMN shoe_size INTEGER")
    columns = {column["name"] for column in inspect(database.engine).get_columns("message_log")}
    assert columns - registered(SQL)["message_log"] == {"shoe_size"}
