"""What the hot state in a file promises beyond the contract: shared by processes, small, private, damage repaired."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_service.core.conversation import Conversation
from sms_service.storage import hot_state_rows, hot_state_sqlite
from sms_service.storage.hot_state import file_name, make_hot_state
from sms_service.storage.hot_state_sqlite import SqliteHotState

NOW = 1_800_000_000.0
HOUR = 3600.0
SENDER = "5e" * 16
MENU = Conversation(last_reply="menu", last_at=NOW, repeats=1).heard("f1", now=NOW, answered=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / file_name()


@pytest.fixture
def state(path: Path) -> Iterator[SqliteHotState]:
    made = SqliteHotState(path)
    yield made
    made.close()


def _rows(path: Path) -> dict[str, int]:
    """Count what is in the file: answers and conversations."""
    with sqlite3.connect(path) as look:
        items = [item for (item,) in look.execute("SELECT item FROM memory")]
    look.close()
    conversations = items.count("conversation")
    return {"answers": len(items) - conversations, "conversations": conversations}


_WORKER = """
import sys, threading
from tests.storage.patience import be_patient
be_patient()
from pathlib import Path
from sms_service.core.conversation import Conversation
from sms_service.storage.hot_state_sqlite import SqliteHotState

state, name = SqliteHotState(Path(sys.argv[1])), sys.argv[2]
lines = []
print("ready", flush=True)
sys.stdin.readline()

def work(number):
    for message in range(20):
        claim = state.claim(f"SM{message}", "sender", 1.8e9)
        answer = claim.answer
        if answer is None:
            answer = state.settle(f"SM{message}", "sender", f"{name}-{number}".encode(), Conversation(), 1.8e9)
        lines.append(f"{message} {answer.decode()} {claim.degraded}")

threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("\\n".join(lines))
"""


def test_processes_with_the_same_messages_agree_on_every_answer(path: Path, project_root: Path) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(path), name],
            cwd=project_root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in ("a", "b", "c")
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    heard = [worker.communicate()[0] for worker in workers]
    lines = [line.split() for text in heard for line in text.splitlines()]
    assert len(lines) == 3 * 5 * 20
    assert {degraded for _, _, degraded in lines} == {"False"}
    assert len({(message, answer) for message, answer, _ in lines}) == 20


def test_a_forked_child_uses_a_connection_of_its_own(state: SqliteHotState) -> None:
    state.settle("SM1", SENDER, b"parent", MENU, NOW)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            heard = state.claim("SM1", SENDER, NOW).answer or b"nothing"
            os.write(writer, heard + b" " + state.settle("SM2", SENDER, b"child", MENU, NOW))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 100) == b"parent child"
    assert state.claim("SM2", SENDER, NOW).answer == b"child"
    assert not state.claim("SM3", SENDER, NOW).degraded
    os.close(reader)
    os.close(writer)


def test_a_fork_while_another_thread_is_inside_does_not_stop_the_child(state: SqliteHotState) -> None:
    state.claim("SM0", SENDER, NOW)
    inside, leave = threading.Event(), threading.Event()

    def stay(connection: sqlite3.Connection) -> None:
        inside.set()
        leave.wait(10)

    holder = threading.Thread(target=lambda: state._ask(stay))
    holder.start()
    inside.wait(10)
    child = os.fork()
    if child == 0:
        os._exit(1 if state.claim("SM1", SENDER, NOW).degraded else 0)
    _, status = os.waitpid(child, 0)
    leave.set()
    holder.join()
    assert os.waitstatus_to_exitcode(status) == 0


def test_the_file_is_for_its_owner_only(state: SqliteHotState, path: Path) -> None:
    state.claim("SM1", SENDER, NOW)
    for file in (path, path.with_name(path.name + "-wal")):
        assert file.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_what_is_past_its_time_leaves_the_file_bit_by_bit(state: SqliteHotState, path: Path) -> None:
    for number in range(200):
        state.settle(f"SM{number}", f"s{number}", b"1", MENU, NOW)
    later = NOW + 49 * HOUR
    for number in range(2 * hot_state_sqlite.CLEAN_EVERY):
        state.settle(f"SM-later-{number}", "later", b"1", MENU, later)
    state.close()
    assert _rows(path) == {"answers": 2 * hot_state_sqlite.CLEAN_EVERY, "conversations": 1}


def test_a_look_at_its_health_cleans_a_file_that_nobody_writes_into(state: SqliteHotState, path: Path) -> None:
    days_ago = time.time() - 49 * HOUR
    state.settle("SM1", SENDER, b"1", MENU, days_ago)
    assert state.check() is None
    assert _rows(path) == {"answers": 0, "conversations": 0}


def test_a_conversation_without_stop_leaves_the_file_after_hours_and_one_with_stop_after_days(
    state: SqliteHotState, path: Path
) -> None:
    state.settle("SM1", "s1", b"1", MENU, NOW)
    state.settle("SM2", "s2", b"2", Conversation(last_at=NOW, opted_out=True), NOW)
    state.purge(NOW + 5 * HOUR)
    assert _rows(path) == {"answers": 2, "conversations": 1}
    state.purge(NOW + 47 * HOUR)
    assert _rows(path) == {"answers": 0, "conversations": 1}
    state.purge(NOW + 49 * HOUR)
    assert _rows(path) == {"answers": 0, "conversations": 0}
    assert state.purge(NOW + 49 * HOUR) == 0


def test_a_purge_goes_through_the_whole_file(state: SqliteHotState, path: Path) -> None:
    for number in range(hot_state_sqlite.LOOKED_AT_ONCE):
        state.settle(f"SM{number}", f"s{number}", b"1", MENU, NOW)
    assert state.purge(NOW + 49 * HOUR) == 2 * hot_state_sqlite.LOOKED_AT_ONCE
    assert _rows(path) == {"answers": 0, "conversations": 0}


def test_rows_from_far_ahead_of_a_clock_that_was_put_back_leave_too(state: SqliteHotState, path: Path) -> None:
    ahead = NOW + 365 * 24 * HOUR
    state.claim("SM1", SENDER, ahead)
    state.settle("SM1", SENDER, b"1", MENU, ahead)
    assert state.claim("SM1", SENDER, NOW).answer is None
    state.purge(NOW)
    assert _rows(path) == {"answers": 0, "conversations": 0}


def test_what_was_forgotten_cannot_be_found_in_the_file(state: SqliteHotState, path: Path) -> None:
    sender, fingerprint = "c0ffee" * 5, "canary-fingerprint"
    state.settle("SM1", sender, b"1", Conversation(last_at=NOW).heard(fingerprint, now=NOW, answered=True), NOW)
    state.forget(sender)
    assert state.claim("SM1", sender, NOW).answer == b"1"
    state.close()  # also empties the journal
    assert fingerprint.encode() not in path.read_bytes()
    assert sender.encode() not in path.read_bytes()


def test_garbage_in_the_tables_is_as_good_as_nothing(state: SqliteHotState, path: Path) -> None:
    state.claim("SM0", "nobody", NOW)
    garbage = [5, 1.5, "text", b"\xff\xfe", "{", "[" * 5000, '{"recent": 1}', "x" * 10_000_000, b"x" * 10_000_000]
    insert = "INSERT INTO memory VALUES (?1, ?6, ?2, ?3, ?4, ?5)"
    with sqlite3.connect(path) as write:
        for number, value in enumerate(garbage):
            row, insert = (
                (f"bad-{number}", NOW, 1e9, value, "no time"),
                "INSERT INTO memory VALUES (?1, ?6, ?2, ?3, ?4, ?5)",
            )
            if not (isinstance(value, bytes) and len(value) < 100):  # small bytes are an answer like any other
                write.execute(insert, (*row, f"answer SM-bad-{number}"))
            write.execute(insert, (*row, "conversation"))
        write.execute("INSERT INTO memory VALUES ('bad-keep', 'conversation', ?, 'for ever', '{}', 5)", (NOW,))
    write.close()
    for number in range(len(garbage)):
        claim = state.claim(f"SM-bad-{number}", f"bad-{number}", NOW)
        assert (claim.answer, claim.conversation, claim.degraded) == (None, Conversation(), False)
        assert state.settle(f"SM-bad-{number}", f"bad-{number}", b"ours", MENU, NOW) == b"ours"
        assert state.claim(f"SM-bad-{number}", f"bad-{number}", NOW).answer == b"ours"
        assert state.claim("SM-next", f"bad-{number}", NOW).conversation == MENU
    assert not state.claim("SM-keep", "bad-keep", NOW).degraded


def test_a_damaged_file_that_was_set_aside_is_removed_days_later(state: SqliteHotState, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 1000)
    state.claim("SM1", SENDER, NOW)
    aside = path.with_suffix(".damaged")
    assert aside.read_bytes().startswith(b"no database")
    assert "made anew in the last hour" in (state.check() or "")
    hours_ago = time.time() - 2 * HOUR
    os.utime(aside, (hours_ago, hours_ago))
    assert state.check() is None
    state.purge(NOW)
    assert aside.exists()
    days_ago = time.time() - 49 * HOUR
    os.utime(aside, (days_ago, days_ago))
    state.purge(NOW)
    assert not aside.exists()


@pytest.mark.parametrize("other", [-1, 1])
def test_programs_of_two_formats_leave_each_other_s_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: int
) -> None:
    """In a deploy they overlap, the new one after the old one or, rolled back, the other way round."""
    states = []
    for number in (hot_state_rows.FORMAT, hot_state_rows.FORMAT + other):
        monkeypatch.setattr(hot_state_rows, "FORMAT", number)
        states.append(make_hot_state(None, tmp_path))
        states[-1].settle("SM1", SENDER, b"%d" % number, MENU, NOW)
    first, second = states
    for _ in range(2):  # in turns
        assert second.claim("SM1", SENDER, NOW).answer == b"%d" % hot_state_rows.FORMAT
        assert first.claim("SM1", SENDER, NOW).answer == b"%d" % (hot_state_rows.FORMAT - other)
        assert not first.claim("SM2", SENDER, NOW).degraded
    assert not list(tmp_path.glob("*.damaged"))
    first.close()
    second.close()


def test_the_file_of_another_format_goes_days_after_its_last_use(tmp_path: Path) -> None:
    state = make_hot_state(None, tmp_path)
    files = [tmp_path / name for name in ("hot_state.sqlite3", "hot_state.1.sqlite3", "hot_state.1.sqlite3-wal")]
    for number, file in enumerate(files):
        file.write_bytes(b"")
        hours_ago = time.time() - (47 if number == 2 else 49) * HOUR
        os.utime(file, (hours_ago, hours_ago))
    state.check()
    assert all(file.exists() for file in files), "its journal is in use"
    days_ago = time.time() - 49 * HOUR
    os.utime(files[-1], (days_ago, days_ago))
    state.check()
    assert not any(file.exists() for file in files)
    assert not state.claim("SM1", SENDER, NOW).degraded
    state.close()


def test_a_call_takes_about_a_tenth_of_a_millisecond(state: SqliteHotState) -> None:
    """Of the processor, and loosely, for shared machines; see ``docs/operations.md`` for measured values."""
    started = time.thread_time()
    for number in range(500):
        state.claim(f"SM{number}", f"s{number % 50}", NOW)
        state.settle(f"SM{number}", f"s{number % 50}", b"x" * 700, MENU, NOW)
    assert (time.thread_time() - started) / 1000 < 0.005


def test_the_factory_chooses_by_redis_url(tmp_path: Path) -> None:
    assert type(make_hot_state(None, tmp_path)) is SqliteHotState
    assert type(make_hot_state("", tmp_path)) is SqliteHotState
    assert type(make_hot_state("redis://localhost", tmp_path)).__name__ == "RedisHotState"
    assert list(tmp_path.iterdir()) == [], "nothing is opened before its first use"
    assert 2 * hot_state_sqlite.CLEAN_EVERY < hot_state_sqlite.LOOKED_AT_ONCE, "a message makes two rows"
