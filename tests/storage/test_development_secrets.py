"""A development secret is made once, whole, and for its owner's eyes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sms_service.storage.development_secrets import development_secret


def test_many_processes_that_start_together_get_the_same(tmp_path: Path) -> None:
    together = threading.Barrier(16)

    def ask() -> str:
        together.wait()
        return development_secret(tmp_path / "var", "token")

    with ThreadPoolExecutor(16) as pool:
        secrets = {future.result() for future in [pool.submit(ask) for _ in range(16)]}
    assert len(secrets) == 1
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["token"]


@pytest.mark.parametrize("damaged", ["", "short", "z" * 64, "\x00"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "token").write_text(damaged)
    made = development_secret(tmp_path, "token")
    assert len(made) == 64
    assert development_secret(tmp_path, "token") == made


def test_a_file_that_others_could_read_is_closed(tmp_path: Path) -> None:
    made = development_secret(tmp_path, "token")
    (tmp_path / "token").chmod(0o644)
    assert development_secret(tmp_path, "token") == made
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600


def test_each_name_has_its_own(tmp_path: Path) -> None:
    assert development_secret(tmp_path, "one") != development_secret(tmp_path, "other")
