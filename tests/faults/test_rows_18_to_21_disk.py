"""Faults rows 18-21: the disk full, read-only, failing or gone, alone and with everything else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sms_service.service.release import CurrentRelease
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_file import create_outbox
from sms_service.storage.outbox_writer import OutboxLimits
from tests.faults.hot_state_line import OPEN_SECONDS
from tests.faults.house import SECRETS, House, fill
from tests.faults.provider import P99_SECONDS, WORST_SECONDS
from tests.postgres_process import PostgresProcess
from tests.storage.valkey_process import ValkeyProcess

OpenHouse = Callable[..., House]


def test_row_18_a_full_disk(open_house: OpenHouse, small_disk: Path) -> None:
    house = open_house(var_dir=small_disk)
    house.text(5)
    house.all_arrive()
    house.stores.drain.stop()
    filler = fill(small_disk)
    house.text(300)
    assert house.stores.check() is not None
    assert "outbox" in house.log.events[-1].degraded, "the row is in the log instead"
    house.check_answers()

    filler.unlink()
    again = open_house(var_dir=small_disk)
    house.stores.outbox.flush()
    house.text(1)
    while house.stores.outbox.in_memory:
        house.stores.outbox.flush()
    again.sent = house.sent
    again.all_arrive()


def test_row_18_a_disk_that_turns_read_only(open_house: OpenHouse, small_disk: Path) -> None:
    house = open_house(var_dir=small_disk)
    house.text(5)
    house.all_arrive()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=False, capture_output=True)
    writable = _writable(small_disk)
    if writable:  # files are open for writing: close them, as a disk with errors would
        house.stores.drain.stop()
        house.stores.outbox.close()
        house.hot_state.close()  # type: ignore[attr-defined]
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    house.text(50)
    assert "read-only" in str(house.stores.check()) or "cannot be opened" in str(house.stores.check())
    house.check_answers()
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    house.text(1)
    while house.stores.outbox.in_memory:
        house.stores.outbox.flush()
    again = open_house(var_dir=small_disk)
    again.sent = house.sent
    again.all_arrive()


def _writable(folder: Path) -> bool:
    try:
        (folder / "probe").touch()
        (folder / "probe").unlink()
    except OSError:
        return False
    return True


def test_row_20_nowhere_to_write_from_the_start(open_house: OpenHouse, tmp_path: Path) -> None:
    house = open_house()
    house.stores.drain.stop()
    shutil.rmtree(house.var_dir)
    again = open_house_without_folder(open_house, tmp_path)
    again.text(20)
    again.check_answers()
    assert "missing or cannot be opened" in str(again.stores.check())
    assert all("outbox" in event.degraded for event in again.log.events)

    create_outbox(again.var_dir / "outbox.sqlite3")
    again.text(1)
    assert again.stores.outbox.check() is None
    assert again.waiting() == 21, "the folder is back: nothing was lost"


def open_house_without_folder(open_house: OpenHouse, tmp_path: Path) -> House:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    create_outbox(folder / "outbox.sqlite3")
    house = open_house(var_dir=folder)
    house.stores.drain.stop()
    house.stores.outbox.close()
    for path in folder.iterdir():
        path.unlink()
    return house


def test_row_20_the_outbox_full_by_its_own_limit(open_house: OpenHouse) -> None:
    house = open_house()
    house.stores.drain.stop()
    small = Outbox(house.var_dir / "outbox.sqlite3", OutboxLimits(most_rows=10))
    house.with_parts(recorder=small)
    house.text(30)
    house.check_answers()
    assert small.check() == "20 events wait in memory, because the disk or the outbox is full."
    assert len(house.log.events) == 30, "each is in the log, complete"
    small.close()


def test_row_20_setting_up_refuses_a_folder_that_cannot_be_made(
    production_environ: dict[str, str], tmp_path: Path, project_root: Path
) -> None:
    """Before there is anything to keep rows in, the release step stops with one sentence."""
    (tmp_path / "file").write_text("")
    environ = {**production_environ, "PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "file" / "var")}
    command = [sys.executable, "-m", "sms_service", "migrate"]
    done = subprocess.run(command, cwd=project_root, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot be used" in done.stderr


class Gone:
    """A hot state whose every call raises, as it never should."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        def fail(*args: object) -> None:
            raise ConnectionError

        return fail


def test_row_21_redis_sql_and_disk_gone_together(
    open_house: OpenHouse, small_disk: Path, valkey: ValkeyProcess, postgres: PostgresProcess, postgres_url: str
) -> None:
    """Redis killed, PostgreSQL frozen, the disk full; then the reply book too."""
    house = open_house(postgres_url, var_dir=small_disk, redis_url=valkey.url)
    house.text(5)
    house.all_arrive()
    valkey.kill()
    postgres.freeze()
    try:
        filler = fill(small_disk)
        house.text(300)
        assert house.log.events[-1].degraded == ("hot_state", "outbox")
        with_book = house.line
        house.with_parts(releases=CurrentRelease(None), hot_state=Gone())
        house.text(20)
        house.provider.check_times()
        filler.unlink()
    finally:
        postgres.thaw()
    valkey.start()
    house.line = with_book
    house.clock.skip(OPEN_SECONDS)
    house.text(1)
    while house.stores.outbox.in_memory:
        house.stores.outbox.flush()
    house.all_arrive()
    house.check_answers()
    assert house.readiness() == {"reply_book": "ok", "hot_state": "ok", "message_log": "ok"}


FAILING_CALLS = ["rw/pwrite"] + [
    pytest.param(call, marks=pytest.mark.slow)
    for call in ("sync/fsync", "sync/fdatasync", "rw/pread", "rw/ftruncate", "oc/open")
]


@pytest.mark.parametrize("call", FAILING_CALLS)
def test_row_19_the_nth_call_to_the_disk_fails(call: str, project_root: Path, tmp_path: Path) -> None:
    """EIO from the system itself (libfiu) at the N-th call, N from 1 to 100: every answer leaves, no row is lost."""
    if shutil.which("fiu-run") is None:
        sentence = "libfiu is not installed (apt-get install fiu-utils libfiu0)"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    command = ["fiu-run", "-x", sys.executable, "-m", "tests.faults.failing_disk", str(tmp_path / "var"), call]
    done = subprocess.run(command, cwd=project_root, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    if call == "rw/pwrite":
        assert told["failed"] == 100, "the fault was really met"
    assert (told["lost"], told["doubled"]) == ([], 0)
    assert told["worst_seconds"] <= WORST_SECONDS
    assert told["p99_seconds"] <= P99_SECONDS
    assert told["holds"] == told["audited"], "the history tells of a hold if and only if there is one"
    assert told["leaks"] == []
    assert not any(secret in (done.stdout + done.stderr).encode() for secret in SECRETS)
