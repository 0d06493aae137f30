"""Faults rows 18-21: the disk full, read-only or gone, alone and with everything else."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from sms_service.service.release import CurrentRelease
from sms_service.storage.outbox_file import create_outbox
from tests.faults.house import House

OpenHouse = Callable[..., House]


def fill(folder: Path) -> Path:
    """Take every free byte of a disk."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return filler


def test_a_full_disk(open_house: OpenHouse, small_disk: Path) -> None:
    house = open_house(var_dir=small_disk)
    house.text(5)
    house.all_arrive()
    house.stores.drain.stop()
    filler = fill(small_disk)
    house.text(300)
    assert house.stores.check() is not None
    assert house.line.log.events[-1].degraded == ("outbox",), "the row is in the log instead"
    house.check_answers()

    filler.unlink()
    again = open_house(var_dir=small_disk)
    house.stores.outbox.flush()
    house.text(1)
    while house.stores.outbox.in_memory:
        house.stores.outbox.flush()
    again.sent = house.sent
    again.all_arrive()


def test_a_disk_that_turns_read_only(open_house: OpenHouse, small_disk: Path) -> None:
    house = open_house(var_dir=small_disk)
    house.text(5)
    house.all_arrive()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=False, capture_output=True)
    writable = _writable(small_disk)
    if writable:  # files are open for writing: close them, as a disk with errors would
        house.stores.drain.stop()
        house.stores.outbox.close()
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


def test_an_outbox_that_was_full_at_the_start(open_house: OpenHouse, tmp_path: Path) -> None:
    """Row 20: there is nowhere to write from the first message on."""
    house = open_house()
    house.stores.drain.stop()
    shutil.rmtree(house.var_dir)
    again = open_house_without_folder(open_house, tmp_path)
    again.text(20)
    again.check_answers()
    assert "missing or cannot be opened" in str(again.stores.check())
    assert all(event.degraded == ("outbox",) for event in again.line.log.events)

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


class Gone:
    """A hot state whose every call raises, as it never should."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        def fail(*args: object) -> None:
            raise ConnectionError

        return fail


def test_everything_gone_together(open_house: OpenHouse, tmp_path: Path) -> None:
    """Row 21: no hot state, no SQL, no disk, and no reply book either."""
    house = open_house_without_folder(open_house, tmp_path)
    house.line = house.line.with_parts(hot_state=Gone())
    house.text(20)
    house.line = house.line.with_parts(releases=CurrentRelease(None))
    house.text(20)
    house.check_answers()
