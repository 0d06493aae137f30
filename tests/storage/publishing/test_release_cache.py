"""A kept release is whole or not there: every cut, every flipped bit."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from sms_service.core.publishing.content import decoded
from sms_service.storage.book_source import raw_files
from sms_service.storage.publishing.release_cache import FileReleaseCache


@pytest.fixture
def kept(tmp_path: Path, project_root: Path) -> Path:
    files = decoded(raw_files(project_root / "responses"))
    small = {path: text[:2000] for path, text in files.items()}
    path = tmp_path / "deeper" / "release.cache"
    assert FileReleaseCache(path).save(7, small)
    loaded = FileReleaseCache(path).load()
    assert loaded is not None
    assert (loaded.number, loaded.files) == (7, small)
    return path


def test_it_is_readable_by_all_and_alone_in_its_folder(kept: Path) -> None:
    assert [path.name for path in kept.parent.iterdir()] == ["release.cache"]


def test_cut_anywhere_it_is_not_used(kept: Path) -> None:
    whole = kept.read_bytes()
    for part in range(200):
        kept.write_bytes(whole[: len(whole) * part // 200])
        assert FileReleaseCache(kept).load() is None


def test_with_any_bit_changed_it_is_not_used(kept: Path) -> None:
    whole = bytearray(kept.read_bytes())
    chance = random.Random(5)
    head = [(byte, bit) for byte in range(48) for bit in range(8)]
    anywhere = [(chance.randrange(len(whole)), chance.randrange(8)) for _ in range(600)]
    for byte, bit in (*head, *anywhere):
        whole[byte] ^= 1 << bit
        kept.write_bytes(whole)
        assert FileReleaseCache(kept).load() is None, f"byte {byte}, bit {bit}"
        whole[byte] ^= 1 << bit
    kept.write_bytes(whole)
    assert FileReleaseCache(kept).load() is not None


def test_a_disk_that_refuses_costs_nothing_but_the_cache(kept: Path) -> None:
    shutil.rmtree(kept.parent)
    kept.parent.write_text("a file where the folder was")
    assert FileReleaseCache(kept).save(8, {}) is False
    assert FileReleaseCache(kept).load() is None
