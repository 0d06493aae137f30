from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from sms_service.storage.database import Database
from sms_service.storage.drain import BATCH, Drain
from sms_service.storage.event_text import to_json
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_file import create_outbox
from sms_service.storage.outbox_queue import OutboxQueue
from sms_service.storage.tables import message_log
from sms_service.storage.turn_lock import TurnLock
from tests.sql_databases import an_event


@pytest.fixture
def outbox(outbox_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(outbox_path)
    yield outbox
    outbox.close()


@pytest.fixture
def make_drain(outbox_path: Path, database_url: str) -> Iterator[Callable[..., Drain]]:
    drains: list[Drain] = []

    def make(**parts: object) -> Drain:
        drains.append(Drain(outbox_path, Database(database_url), **parts))  # type: ignore[arg-type]
        return drains[-1]

    yield make
    for drain in drains:
        drain.close()


def stored_ids(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(message_log.c.event_id).order_by(message_log.c.event_id)).scalars())


def waiting(path: Path) -> int:
    with OutboxQueue(path) as queue:
        return queue.fill().waiting


def test_everything_moves_in_batches(outbox: Outbox, outbox_path: Path, make_drain, database: Database) -> None:
    for number in range(BATCH + 7):
        outbox.record(an_event(number))
    drain = make_drain()
    first, second, third = drain.turn(), drain.turn(), drain.turn()
    assert (first.moved, first.new, first.more) == (BATCH, BATCH, True)
    assert (second.moved, second.new, second.more) == (7, 7, False)
    assert third.moved == 0
    assert len(stored_ids(database)) == BATCH + 7
    assert waiting(outbox_path) == 0


def test_what_sql_has_already_is_taken_out_too(outbox: Outbox, outbox_path: Path, make_drain) -> None:
    drain = make_drain()
    for _ in range(3):
        outbox.record(an_event(1))
        drain.turn()
    assert waiting(outbox_path) == 0
    outbox.record(an_event(1))
    assert (drain.turn().new) == 0


@pytest.mark.parametrize("step", ["drain.read", "drain.inserted", "drain.committed", "drain.acknowledged"])
def test_broken_at_any_step_it_loses_none_and_doubles_none(
    outbox: Outbox, outbox_path: Path, make_drain, database: Database, step: str
) -> None:
    def break_there(name: str) -> None:
        if name == step:
            raise OSError

    for number in range(20):
        outbox.record(an_event(number))
    with pytest.raises(OSError):  # noqa: PT011 - our own
        make_drain(step=break_there).turn()
    assert len(stored_ids(database)) + waiting(outbox_path) >= 20
    make_drain().empty()
    assert len(stored_ids(database)) == 20
    assert waiting(outbox_path) == 0


def test_many_drains_and_recorders_at_once(
    outbox: Outbox, outbox_path: Path, make_drain, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without taking turns, so that they really do the same work at the same time."""
    monkeypatch.setattr(TurnLock, "_try", staticmethod(lambda descriptor: True))
    recorded = threading.Event()
    failures: list[BaseException] = []

    def record(first: int) -> None:
        for number in range(first, first + 400):
            outbox.record(an_event(number))

    def drain() -> None:
        one = make_drain()
        while not recorded.is_set() or waiting(outbox_path):
            try:
                one.turn()
            except (SQLAlchemyError, sqlite3.Error) as error:
                failures.append(error)

    recorders = [threading.Thread(target=record, args=(1000 * number,)) for number in range(2)]
    drains = [threading.Thread(target=drain) for _ in range(3)]
    for thread in (*recorders, *drains):
        thread.start()
    for thread in recorders:
        thread.join()
    outbox.flush()
    recorded.set()
    for thread in drains:
        thread.join()
    assert len(stored_ids(database)) == 800
    # Five writers at one file: on a busy machine one may wait in vain, and does the same work at its next turn.
    assert [str(failure) for failure in failures if "database is locked" not in str(failure)] == []


def test_turns_save_the_same_work(outbox: Outbox, outbox_path: Path, make_drain, database: Database) -> None:
    outbox.record(an_event())
    other = TurnLock(outbox_path.with_name("outbox.sqlite3.turn"))
    with other.turn() as ours:
        assert ours
        assert make_drain().turn().moved == 0
    assert make_drain().turn().moved == 1


def test_a_turn_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    stuck, other = TurnLock(tmp_path / "turn"), TurnLock(tmp_path / "turn", patience_seconds=0.0)
    with stuck.turn(), other.turn() as ours:
        assert ours


def test_without_a_lock_file_everybody_works(tmp_path: Path) -> None:
    with TurnLock(tmp_path / "missing" / "turn").turn() as ours:
        assert ours


def put_in(path: Path, event_id: str, body: str) -> None:
    """Put something into the outbox that no recorder would."""
    with OutboxQueue(path) as queue:
        queue._connection.execute("INSERT INTO event (event_id, body) VALUES (?, ?)", (event_id, body))


def test_an_event_that_cannot_be_read_holds_nobody_up(
    outbox: Outbox, outbox_path: Path, make_drain, database: Database
) -> None:
    outbox.record(an_event(1))
    put_in(outbox_path, "torn", "{")
    put_in(outbox_path, "odd", '{"event_id":null,"kind":"message","at":"2026-01-01T00:00:00+00:00"}')
    outbox.record(an_event(2))
    assert make_drain().turn().new == 2
    with OutboxQueue(outbox_path) as queue:
        fill = queue.fill()
    assert (fill.waiting, fill.set_aside) == (0, 2)


def test_an_event_that_sql_never_takes_holds_nobody_up(
    outbox_path: Path, postgres_url: str, open_database: Callable[[str], Database]
) -> None:
    database = open_database(postgres_url)
    outbox = Outbox(outbox_path)
    outbox.record(an_event(1))
    put_in(outbox_path, "long", to_json(an_event(3)).replace('"help"', '"' + "x" * 500 + '"'))
    outbox.record(an_event(2))
    outbox.close()
    drain = Drain(outbox_path, database)
    assert drain.turn().new == 2
    drain.close()
    with OutboxQueue(outbox_path) as queue:
        fill = queue.fill()
    assert (fill.waiting, fill.set_aside) == (0, 1)


def test_before_migrate_has_run_events_wait(
    outbox: Outbox, outbox_path: Path, empty_database_url: str, database: Database
) -> None:
    outbox.record(an_event())
    drain = Drain(outbox_path, Database(empty_database_url))
    with pytest.raises((SQLAlchemyError, sqlite3.Error)):
        drain.turn()
    drain.close()
    assert waiting(outbox_path) == 1, "a table that is not there yet is no fault of the event"


def test_an_older_shape_keeps_them_waiting(outbox: Outbox, outbox_path: Path, make_drain, database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("ALTER TABLE message_log RENAME COLUMN degraded TO degraded_before"))
    outbox.record(an_event())
    with pytest.raises(SQLAlchemyError):
        make_drain().turn()
    assert waiting(outbox_path) == 1
    with database.write() as connection:
        connection.execute(text("ALTER TABLE message_log RENAME COLUMN degraded_before TO degraded"))
    assert make_drain().turn().new == 1


def test_a_new_file_is_noticed(outbox: Outbox, outbox_path: Path, make_drain, database: Database) -> None:
    drain = make_drain()
    outbox.record(an_event(1))
    drain.turn()
    for path in outbox_path.parent.glob("outbox.sqlite3*"):
        path.unlink()
    with pytest.raises(sqlite3.Error):
        drain.turn()
    create_outbox(outbox_path)
    outbox.record(an_event(2))
    drain.turn()
    assert len(stored_ids(database)) == 2


def test_what_waits_in_memory_is_written_first(outbox_path: Path, make_drain, database: Database) -> None:
    other = sqlite3.connect(outbox_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    outbox = Outbox(outbox_path)
    assert not outbox.record(an_event())
    other.execute("ROLLBACK")
    other.close()
    make_drain(before_turn=outbox.flush).turn()
    assert stored_ids(database) == [an_event().event_id]
    outbox.close()


def test_the_journal_does_not_grow_for_ever(outbox: Outbox, outbox_path: Path, make_drain, database: Database) -> None:
    drain = make_drain()
    journal = outbox_path.with_name("outbox.sqlite3-wal")
    sizes = []
    for turn in range(8):
        for number in range(300):
            outbox.record(an_event(1000 * turn + number))
        drain.turn()
        sizes.append(journal.stat().st_size)
    assert sizes[-1] <= sizes[0] * 1.5
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(message_log)).scalar_one() == 2400
