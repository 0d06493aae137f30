"""Messages that were not understood: redacted, sealed, gone by days, by wish, or when learned from."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sms_service.storage import erasures
from sms_service.storage.database import Database
from sms_service.storage.outbox_queue import AskedErasure
from sms_service.storage.publishing import unmatched_rows
from sms_service.storage.publishing.link import SqlLink
from sms_service.storage.publishing.sealing import TextSeal
from sms_service.storage.publishing.sql_unmatched import SqlUnmatchedKeeper, SqlUnmatchedStore
from tests.publishing_in_memory import NoLog
from tests.sql_databases import NOON

SEAL = TextSeal(bytes(range(32)))
MINUTE = dt.timedelta(minutes=1)


def keeper(database: Database) -> SqlUnmatchedKeeper:
    return SqlUnmatchedKeeper(SqlLink(lambda: database), SEAL, NoLog(), start=False)


def store(database: Database, seal: TextSeal = SEAL) -> SqlUnmatchedStore:
    return SqlUnmatchedStore(SqlLink(lambda: database), seal)


def test_comes_back_redacted_newest_first_in_pages(database: Database) -> None:
    keep = keeper(database)
    for number in range(3):
        keep.keep(NOON + number * MINUTE, f"p{number}", f"text number {'abc'[number]} from 07700 900123")
    assert keep.flush() == 3
    assert keep.flush() == 0
    first = store(database).messages(None, 2)
    assert [one.text for one in first] == ["text number c from [number]", "text number b from [number]"]
    rest = store(database).messages(first[-1], 2)
    assert [one.text for one in rest] == ["text number a from [number]"]
    assert store(database).message(rest[0].unmatched_id) == rest[0]
    store(database).remove(rest[0].unmatched_id)
    assert store(database).message(rest[0].unmatched_id) is None


def test_without_the_key_there_is_nothing_to_read(database: Database, tmp_path: Path) -> None:
    keep = keeper(database)
    keep.keep(NOON, "p", "a very telling sentence")
    keep.flush()
    assert store(database, TextSeal(32 * b"x")).messages(None, 9) == ()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"telling" in path.read_bytes()]


def test_a_text_moved_to_another_row_is_not_opened() -> None:
    assert SEAL.opened("one", SEAL.seal("one", "words")) == "words"
    assert SEAL.opened("two", SEAL.seal("one", "words")) is None
    assert SEAL.opened("one", b"") is None


def test_who_asks_is_forgotten_in_sql_and_while_it_waits(database: Database) -> None:
    keep = keeper(database)
    for pseudonym in ("mine", "other"):
        keep.keep(NOON, pseudonym, f"text of {pseudonym}")
    keep.flush()
    keep.keep(NOON, "mine", "still waiting")
    keep.forget(("mine",))
    with database.write() as connection:
        erasures.note(connection, [AskedErasure("mine", (NOON + MINUTE).timestamp())])
        erasures.unlink(connection)
    keep.keep(NOON, "mine", "brought late by another process")
    keep.flush()
    assert [one.text for one in store(database).messages(None, 9)] == ["text of other"]


def test_goes_when_its_days_are_over(database: Database) -> None:
    keep = keeper(database)
    keep.keep(NOON, "p", "old")
    keep.keep(NOON + MINUTE, "p", "young")
    keep.flush()
    with database.write() as connection:
        assert unmatched_rows.delete_older_than(connection, NOON + MINUTE, 9) == 1
    assert [one.text for one in store(database).messages(None, 9)] == ["young"]
