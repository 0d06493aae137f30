"""The hot state's file, its folder and its disk broken in every way we could think of: a message never waits."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sms_service.storage.hot_state import file_name
from sms_service.storage.hot_state_sqlite import SqliteHotState
from tests.faults.hot_state_line import Line, SkippingClock, open_line


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def in_file(clock: SkippingClock, tmp_path: Path) -> Iterator[Line]:
    yield from open_line(None, tmp_path / "var", clock)


@pytest.fixture
def path(in_file: Line, tmp_path: Path) -> Path:
    in_file.assert_healthy(3)
    return tmp_path / "var" / file_name()


_HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute(sys.argv[2])
held.execute("BEGIN EXCLUSIVE")
held.execute("DELETE FROM memory")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("mode", ["NORMAL", "EXCLUSIVE"])
def test_locked_by_another_program(in_file: Line, path: Path, mode: str) -> None:
    in_file.settle("SM-before", b"before")
    in_file.state.close()
    command = [sys.executable, "-c", _HOLDER, str(path), f"PRAGMA locking_mode = {mode}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert in_file.claim("SM-before").answer == b"before", "readers wait for nobody, or the process remembers"
        wait = in_file.keep_sending(0.6, threads=8)
        assert wait() > 0
        in_file.assert_told("locked by another program")
        in_file.assert_quick()
        holder.communicate()
    in_file.assert_back()


def _overwrite(path: Path, first: int) -> None:
    with path.open("r+b") as file:
        file.seek(first)
        file.write(os.urandom(path.stat().st_size - first))


def _replace_by_copy(path: Path) -> None:
    copy = path.with_suffix(".copy")
    shutil.copy(path, copy)
    copy.replace(path)


def _change(path: Path, *statements: str) -> None:
    with sqlite3.connect(path, timeout=10) as other:
        for statement in statements:
            other.execute(statement)
    other.close()


def _replace_by_other(path: Path) -> None:
    other = path.with_suffix(".other")
    _change(other, "CREATE TABLE answers (x)")
    other.replace(path)


SPOILT: dict[str, Callable[[Path], object]] = {
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut in a page": lambda path: os.truncate(path, path.stat().st_size // 2 + 123),
    "zero bytes": lambda path: os.truncate(path, 0),
    "overwritten": lambda path: _overwrite(path, 0),
    "overwritten after the first page": lambda path: _overwrite(path, 4096),
    "removed": Path.unlink,
    "folder removed": lambda path: shutil.rmtree(path.parent.rename(path.parent.with_suffix(".gone"))),
    "replaced by a copy": _replace_by_copy,
    "tables dropped": lambda path: _change(path, "DROP TABLE memory"),
    "replaced by another program's": _replace_by_other,
}


@pytest.mark.parametrize("how", SPOILT)
def test_spoilt_while_running(in_file: Line, path: Path, how: str) -> None:
    in_file.messages(200)
    SPOILT[how](path)
    in_file.messages(100)
    in_file.assert_back()


@pytest.mark.parametrize("how", SPOILT)
def test_spoilt_before_the_start(in_file: Line, path: Path, tmp_path: Path, how: str) -> None:
    in_file.messages(200)
    in_file.state.close()
    SPOILT[how](path)
    for line in open_line(None, tmp_path / "var", SkippingClock()):
        line.messages(100)
        line.assert_back()


@pytest.mark.parametrize("how", SPOILT)
def test_spoilt_under_load_of_several_processes(in_file: Line, path: Path, tmp_path: Path, how: str) -> None:
    others = [SqliteHotState(path, clock=in_file.clock) for _ in range(2)]
    lines = [in_file, *(Line(other, in_file.clock) for other in others)]
    waits = [line.keep_sending(0.4, threads=2) for line in lines]
    time.sleep(0.1)
    SPOILT[how](path)
    for wait in waits:
        assert wait() > 0
    for line in lines:
        line.assert_back()
    # They share one file again.
    lines[0].settle("SM-shared", b"shared")
    assert [line.claim("SM-shared").answer for line in lines] == [b"shared"] * 3
    for other in others:
        other.close()


def test_a_folder_in_place_of_the_file(tmp_path: Path, clock: SkippingClock) -> None:
    (tmp_path / file_name()).mkdir()
    for line in open_line(None, tmp_path, clock):
        assert line.messages(20) == [True] * 20
        assert "cannot be" in (line.state.check() or "")
        line.assert_quick()
        (tmp_path / file_name()).rmdir()
        line.assert_back()


def test_a_file_in_place_of_the_folder(tmp_path: Path, clock: SkippingClock) -> None:
    (tmp_path / "var").write_text("")
    for line in open_line(None, tmp_path / "var", clock):
        assert line.messages(20) == [True] * 20
        assert "VAR_DIR" in (line.state.check() or "")
        line.assert_quick()
        (tmp_path / "var").unlink()
        line.assert_back()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=False)
    if mounted.returncode != 0:
        pytest.skip("only root can mount a small disk here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("is_running", [True, False])
def test_a_full_disk(small_disk: Path, clock: SkippingClock, is_running: bool) -> None:
    for line in open_line(None, small_disk, clock):
        if is_running:
            line.assert_healthy(3)
        with (small_disk / "ballast").open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError:
                pass
        in_a_row = line.messages(400)
        assert in_a_row[-1], "what room there was is used up"
        assert line.state.check() is not None
        line.assert_quick()
        (small_disk / "ballast").unlink()
        line.assert_back()


def test_a_disk_that_became_read_only(small_disk: Path, clock: SkippingClock) -> None:
    for line in open_line(None, small_disk, clock):
        line.settle("SM-before", b"before")
        # The kernel refuses while a file is open for writing; a disk with errors does it without asking.
        line.state.close()
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        assert line.messages(20) == [True] * 20
        assert line.claim("SM-before").answer == b"before"
        assert "VAR_DIR" in (line.state.check() or "")
        line.assert_quick()
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
        line.assert_back()


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """As an ordinary user: to root, permissions mean nothing."""
    folder = tmp_path / "var"
    folder.mkdir()
    script = (
        "import os, sys, time; from pathlib import Path\n"
        "from sms_service.core.conversation import Conversation\n"
        "from sms_service.storage.hot_state_sqlite import SqliteHotState\n"
        "if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "state = SqliteHotState(Path(sys.argv[1]))\n"
        "print(state.claim('SM1', 's', 1.0).degraded, state.settle('SM1', 's', b'1', Conversation(), 1.0))\n"
        "print(state.check())\n"
    )
    folder.chmod(0o500)
    for parent in folder.parents[:2]:
        parent.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder / file_name())], capture_output=True, text=True, check=True
    )
    folder.chmod(0o700)
    assert done.stdout.splitlines()[0] == "True b'1'", done.stderr
    assert "VAR_DIR" in done.stdout


_KILLED = """
import sys, time
from pathlib import Path
from sms_service.core.conversation import Conversation
from sms_service.storage.hot_state_sqlite import SqliteHotState
state, number = SqliteHotState(Path(sys.argv[1])), 0
print("ready", flush=True)
while True:
    number += 1
    state.claim(f"SM-killed-{number}", "s", time.time())
    state.settle(f"SM-killed-{number}", "s", b"x" * 700, Conversation(), time.time())
"""


def test_another_worker_killed_while_it_writes(in_file: Line, path: Path) -> None:
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", _KILLED, str(path)], stdout=subprocess.PIPE) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"ready\n"
            time.sleep(0.1)
            worker.send_signal(signal.SIGKILL)
        in_file.assert_healthy(20)
    in_file.assert_back()
    assert not path.with_suffix(".damaged").exists()
