"""What tests of this room break."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sms_service.storage import event_stores
from tests.conftest import LineUnderTest
from tests.faults.house import SECRETS, House, build_house
from tests.sql_databases import *  # noqa: F403 - fixtures are found by their names
from tests.storage.valkey_process import ValkeyProcess


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back sooner than in service, where the longest pause is a quarter of a minute."""
    monkeypatch.setattr("sms_service.storage.drain_thread.PAUSE_SECONDS", 0.05)
    monkeypatch.setattr("sms_service.storage.drain_thread.LONGEST_PAUSE_SECONDS", 0.5)


@pytest.fixture
def open_house(
    make_line: Callable[..., LineUnderTest], migrated_var: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., House]]:
    """Build lines with their stores: ``open_house(url, redis_url=...)``; without addresses all of it is in files.

    What a process says besides its log is searched too, when the test is over.
    """
    houses: list[House] = []

    def build(
        url: str | None = None, var_dir: Path | None = None, redis_url: str | None = None, **environ: str
    ) -> House:
        var_dir = var_dir or tmp_path / "var"
        if not event_stores.is_set_up(var_dir):
            shutil.copytree(migrated_var, var_dir, dirs_exist_ok=True)
            if url is not None:  # and that one has been migrated
                (var_dir / event_stores.DATABASE_FILE).unlink()
        houses.append(build_house(make_line, var_dir, url, redis_url, **environ))
        return houses[-1]

    yield build
    for house in houses:
        house.stores.drain.stop()
        house.stores.outbox.close()
        house.hot_state.close()  # type: ignore[attr-defined]  # both adapters have it, the port needs it not
    said = "".join(capfd.readouterr())
    assert not any(secret.decode() in said for secret in SECRETS), "a number or a text on standard output or error"


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[ValkeyProcess]:
    """A Redis of its own for each test, for it will be broken."""
    server = ValkeyProcess(tmp_path / "valkey").start()
    yield server
    server.thaw_if_running()
    server.kill()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB, which a test may fill or turn read-only."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("Only root may mount a small disk here.")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
