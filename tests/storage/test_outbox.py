from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_service.service.ports import Recorded
from sms_service.storage.event_text import from_json
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_file import create_outbox
from sms_service.storage.outbox_queue import AskedErasure, OutboxQueue
from sms_service.storage.outbox_watch import OutboxWatch
from sms_service.storage.outbox_writer import OutboxLimits
from tests.sql_databases import NOON, an_event

LONGEST_WAIT_SECONDS = 0.1
SHARED_MACHINE_SECONDS = 2.0
"""What the tests allow on top: other work on the machine. Without a limit of ours it would be five, or twenty."""


@pytest.fixture
def outbox(outbox_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(outbox_path)
    yield outbox
    outbox.close()


@pytest.fixture
def queue(outbox_path: Path) -> Iterator[OutboxQueue]:
    with OutboxQueue(outbox_path) as queue:
        yield queue


def timed_record(outbox: Outbox, number: int = 1) -> tuple[bool, float]:
    started = time.perf_counter()
    kept = outbox.record(an_event(number))
    return bool(kept), time.perf_counter() - started


def ids(queue: OutboxQueue) -> list[str]:
    return [waiting.event_id for waiting in queue.oldest(10**6)]


class TestRecording:
    def test_an_event_is_in_the_file_as_soon_as_record_returns(self, outbox: Outbox, outbox_path: Path) -> None:
        assert outbox.record(an_event())
        other = sqlite3.connect(outbox_path)  # as another process sees it
        [(event_id, body)] = other.execute("SELECT event_id, body FROM event").fetchall()
        other.close()
        assert event_id == an_event().event_id
        assert from_json(body) == an_event()

    def test_the_same_happening_is_one_row(self, outbox: Outbox, queue: OutboxQueue) -> None:
        assert all(outbox.record(an_event(1, latency_ms=float(number))) for number in range(20))
        assert ids(queue) == [an_event(1).event_id]
        assert outbox.check() is None

    def test_events_come_out_in_the_order_they_came_in(self, outbox: Outbox, queue: OutboxQueue) -> None:
        for number in (3, 1, 2):
            outbox.record(an_event(number))
        assert ids(queue) == [an_event(number).event_id for number in (3, 1, 2)]

    def test_threads_that_come_together_lose_nothing(self, outbox: Outbox, queue: OutboxQueue) -> None:
        def work(first: int) -> None:
            for number in range(first, first + 250):
                outbox.record(an_event(number))

        threads = [threading.Thread(target=work, args=(1000 * thread,)) for thread in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        outbox.flush()
        assert len(set(ids(queue))) == 2000
        assert outbox.check() is None

    def test_a_child_process_opens_the_file_for_itself(self, outbox: Outbox, queue: OutboxQueue) -> None:
        assert outbox.record(an_event(1))
        child = os.fork()
        if child == 0:
            os._exit(0 if outbox.record(an_event(2)) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert outbox.record(an_event(3))
        assert len(ids(queue)) == 3

    def test_an_event_that_cannot_be_written_down_is_no_exception(self, outbox: Outbox) -> None:
        assert not outbox.record(an_event(at=None))
        assert outbox.check() == (
            "1 events are only in the log, because an event could not be written down (AttributeError)."
        )
        assert outbox.record(an_event(2))

    def test_opening_tells_once_a_process(self, outbox_path: Path) -> None:
        opened: list[int] = []
        outbox = Outbox(outbox_path, on_open=lambda: opened.append(os.getpid()))
        for number in range(3):
            outbox.record(an_event(number))
        outbox.close()
        assert opened == [os.getpid()]

    def test_a_listener_that_breaks_costs_nothing(self, outbox_path: Path) -> None:
        def break_down() -> None:
            raise ZeroDivisionError

        outbox = Outbox(outbox_path, on_open=break_down)
        assert outbox.record(an_event())
        outbox.close()

    def test_it_costs_little(self, outbox: Outbox) -> None:
        events = [an_event(number) for number in range(2000)]
        started = time.thread_time()
        for event in events:
            outbox.record(event)
        assert (time.thread_time() - started) / len(events) < 0.0005  # measured: 0.00003 alone, 0.00006 beside others


def test_an_event_is_new_once_for_all_processes(outbox: Outbox, outbox_path: Path) -> None:
    other = Outbox(outbox_path)
    assert [one.record(an_event()) for one in (outbox, other, outbox)] == [
        Recorded.NEW,
        Recorded.KNOWN,
        Recorded.KNOWN,
    ]
    other.close()


class TestBounds:
    def test_rows(self, outbox_path: Path, queue: OutboxQueue) -> None:
        outbox = Outbox(outbox_path, OutboxLimits(most_rows=10))
        kept = [outbox.record(an_event(number)) for number in range(15)]
        assert kept == [Recorded.NEW] * 10 + [Recorded.NOT_KEPT] * 5
        assert outbox.record(an_event(14)) is Recorded.KNOWN, "it waits in memory, and has its line"
        assert outbox.check() == "5 events wait in memory, because the disk or the outbox is full."
        assert outbox.record(an_event(3)), "what is there already needs no room"

        queue.acknowledge(queue.oldest(6))
        outbox.flush()
        assert outbox.check() is None
        assert len(ids(queue)) == 9
        queue.acknowledge(queue.oldest(9))
        assert [bool(outbox.record(an_event(number))) for number in range(20, 32)] == [True] * 10 + [False] * 2, (
            "also after it was empty, where numbers begin again"
        )
        outbox.close()

    def test_bytes(self, outbox_path: Path) -> None:
        outbox = Outbox(outbox_path, OutboxLimits(most_bytes=64 * 1024))
        kept = [outbox.record(an_event(number)) for number in range(300)]
        assert kept[0]
        assert not kept[-1]
        assert "full" in str(outbox.check())
        outbox.close()
        assert outbox_path.stat().st_size <= 64 * 1024

    def test_memory(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sms_service.storage.outbox._MOST_IN_MEMORY", 3)
        outbox = Outbox(tmp_path / "never made")
        for number in range(10):
            assert not outbox.record(an_event(number))
        assert outbox.dropped + outbox.in_memory == 10
        assert "events are only in the log, because the file is missing" in str(outbox.check())


class TestFaults:
    def test_a_missing_file_is_never_made_anew(self, tmp_path: Path) -> None:
        path = tmp_path / "outbox.sqlite3"
        outbox = Outbox(path)
        assert not outbox.record(an_event())
        assert "missing" in str(outbox.check())
        assert "`python -m sms_service migrate`" in str(OutboxWatch(path).check())
        assert not path.exists()

    def test_what_could_not_be_written_follows_when_the_file_is_there(self, tmp_path: Path) -> None:
        path = tmp_path / "outbox.sqlite3"
        outbox = Outbox(path)
        assert not outbox.record(an_event(1))
        create_outbox(path)
        assert outbox.record(an_event(2))
        with OutboxQueue(path) as queue:
            assert sorted(ids(queue)) == [an_event(1).event_id, an_event(2).event_id]
        assert outbox.check() is None
        outbox.close()

    def test_a_file_that_vanishes_while_it_is_open_is_noticed(self, outbox: Outbox, outbox_path: Path) -> None:
        assert outbox.record(an_event(1))
        for path in outbox_path.parent.glob("outbox.sqlite3*"):
            path.unlink()
        assert not outbox.record(an_event(2))
        assert "missing" in str(outbox.check())
        create_outbox(outbox_path)
        assert outbox.record(an_event(3))
        with OutboxQueue(outbox_path) as queue:
            assert sorted(ids(queue)) == [an_event(2).event_id, an_event(3).event_id]

    @pytest.mark.parametrize(
        "damage",
        [
            lambda path: path.write_bytes(b""),
            lambda path: path.write_bytes(os.urandom(20_000)),
            lambda path: os.truncate(path, 5000),
            lambda path: path.write_text("something else"),
        ],
        ids=["zero bytes", "garbage", "cut short", "text"],
    )
    @pytest.mark.parametrize("was_open", [False, True])
    def test_damage(self, outbox_path: Path, damage, *, was_open: bool) -> None:
        outbox = Outbox(outbox_path)
        if was_open:
            for number in range(1000, 1200):
                assert outbox.record(an_event(number))
        else:
            for beside in ("-wal", "-shm"):
                outbox_path.with_name(outbox_path.name + beside).unlink(missing_ok=True)
        with OutboxQueue(outbox_path) as queue:
            queue.checkpoint()
        damage(outbox_path)
        assert not any(outbox.record(an_event(number)) for number in range(5))
        assert "damaged" in str(outbox.check())
        assert OutboxWatch(outbox_path).check() is not None
        outbox.close()

        outbox_path.rename(outbox_path.with_name("damaged"))  # as docs/operations.md says
        create_outbox(outbox_path)
        assert outbox.record(an_event(6))
        outbox.close()
        with OutboxQueue(outbox_path) as queue:
            assert len(ids(queue)) == 6

    def test_locked_by_another_process(self, outbox: Outbox, outbox_path: Path, queue: OutboxQueue) -> None:
        assert outbox.record(an_event(1))
        other = sqlite3.connect(outbox_path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        for number in range(2, 6):
            kept, seconds = timed_record(outbox, number)
            assert not kept
            assert seconds < LONGEST_WAIT_SECONDS + SHARED_MACHINE_SECONDS
        assert outbox.check() == "4 events wait in memory, because the file is locked."
        other.execute("ROLLBACK")
        other.close()
        assert outbox.record(an_event(6))
        assert len(ids(queue)) == 6
        assert outbox.check() is None

    def test_a_thread_that_hangs_in_a_write_holds_nobody_up(self, outbox_path: Path) -> None:
        hanging, release = threading.Event(), threading.Event()

        def hang(step: str) -> None:
            if step == "outbox.inserting" and not hanging.is_set():
                hanging.set()
                release.wait(20)

        outbox = Outbox(outbox_path, step=hang)
        first = threading.Thread(target=outbox.record, args=(an_event(1),))
        first.start()
        assert hanging.wait(10)
        kept, seconds = timed_record(outbox, 2)
        assert not kept
        assert seconds < LONGEST_WAIT_SECONDS + SHARED_MACHINE_SECONDS
        release.set()
        first.join()
        outbox.flush()
        with OutboxQueue(outbox_path) as queue:
            assert len(ids(queue)) == 2
        outbox.close()

    @pytest.mark.parametrize("failing", range(8))
    def test_a_disk_error_at_any_statement(
        self, outbox_path: Path, queue: OutboxQueue, monkeypatch: pytest.MonkeyPatch, failing: int
    ) -> None:
        calls = iter(range(10**6))

        class Failing(sqlite3.Connection):
            def execute(self, *args):
                if next(calls) == failing:
                    raise sqlite3.OperationalError("disk I/O error")
                return super().execute(*args)

        connect = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, **more, factory=Failing))
        outbox = Outbox(outbox_path)
        kept = [outbox.record(an_event(number)) for number in range(4)]
        outbox.flush()
        outbox.close()
        monkeypatch.undo()
        assert sum(kept) >= 3
        assert set(ids(queue)) == {an_event(number).event_id for number in range(4)}


class TestQueue:
    def test_a_place_in_the_queue_is_not_the_event(self, outbox: Outbox, queue: OutboxQueue) -> None:
        """Once empty, the file counts from 1 again; a drain that is late must not take out another's event."""
        outbox.record(an_event(1))
        read_twice = queue.oldest(10)
        queue.acknowledge(read_twice)
        outbox.record(an_event(2))
        assert queue.oldest(1)[0].seq == read_twice[0].seq
        queue.acknowledge(read_twice)
        assert ids(queue) == [an_event(2).event_id]

    def test_set_aside_and_put_back(self, outbox: Outbox, queue: OutboxQueue, outbox_path: Path) -> None:
        outbox.record(an_event(1))
        outbox.record(an_event(2))
        queue.set_aside(queue.oldest(1)[0], "DataError")
        assert ids(queue) == [an_event(2).event_id]
        assert OutboxWatch(outbox_path, NOON.timestamp).check() == (
            "SQL refused 1 events; they are set aside in the outbox."
        )
        assert queue.put_back() == 1
        assert len(ids(queue)) == 2
        assert OutboxWatch(outbox_path, NOON.timestamp).check() is None

    def test_erasures_are_kept_until_they_are_old(self, queue: OutboxQueue) -> None:
        queue.ask_erasure(["a", "b"], 100.0)
        queue.mark_applied([AskedErasure("a", 100.0)])
        assert queue.asked_erasures() == [AskedErasure("b", 100.0)]
        assert len(queue.asked_erasures(also_applied=True)) == 2
        queue.ask_erasure(["a"], 200.0)
        queue.mark_applied([AskedErasure("a", 100.0)])
        assert AskedErasure("a", 200.0) in queue.asked_erasures(), "asked for again meanwhile"
        queue.mark_applied(queue.asked_erasures())
        assert queue.drop_erasures_before(150.0) == 1
        assert queue.asked_erasures(also_applied=True) == [AskedErasure("a", 200.0)]

    def test_the_watch_tells_how_old_the_oldest_is(self, outbox: Outbox, outbox_path: Path) -> None:
        outbox.record(an_event(1))
        watch = OutboxWatch(outbox_path, lambda: NOON.timestamp() + 600)
        state = watch.state()
        assert state is not None
        assert (state.waiting, state.set_aside, state.oldest_seconds) == (1, 0, 600.0)
        assert watch.check() == "1 events wait for SQL, the oldest for 10 minutes."


class TestFile:
    def test_making_it_twice_changes_nothing(self, outbox_path: Path, outbox: Outbox, queue: OutboxQueue) -> None:
        outbox.record(an_event())
        assert create_outbox(outbox_path) is False
        assert len(ids(queue)) == 1

    def test_only_its_owner_reads_it(self, outbox_path: Path, outbox: Outbox) -> None:
        outbox.record(an_event())
        for path in outbox_path.parent.glob("outbox.sqlite3*"):
            assert path.stat().st_mode & 0o777 == 0o600

    def test_something_else_is_not_taken_for_it(self, tmp_path: Path) -> None:
        path = tmp_path / "other.sqlite3"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE event (id)")
        connection.close()
        with pytest.raises(sqlite3.DatabaseError, match="not an outbox"):
            create_outbox(path)

    def test_an_odd_path_is_no_trouble(self, tmp_path: Path) -> None:
        path = tmp_path / "a #?% ü" / "outbox.sqlite3"
        assert create_outbox(path)
        outbox = Outbox(path)
        assert outbox.record(an_event())
        outbox.close()
        assert [entry.name for entry in path.parent.parent.iterdir()] == [path.parent.name]
