"""Learned weights survive a restart, and a damaged file is never used."""

from __future__ import annotations

import numpy as np
import pytest

from sms_service.core.understanding.learning import learn
from sms_service.service.learning import learned_from
from sms_service.storage.model_cache import ModelCache

EXAMPLES = {"help": ["please help me", "i need help"], "harmless": ["see you later", "whats for tea"]}


@pytest.fixture
def cache(tmp_path):
    return ModelCache(tmp_path / "models")


def test_what_was_learned_is_found_again(cache):
    learned = learn(EXAMPLES)
    assert cache.save("digest", learned)
    found = cache.load("digest")
    assert found is not None
    assert found.word_counts == learned.word_counts
    assert found.sentences == learned.sentences
    assert found.model.labels == learned.model.labels
    np.testing.assert_allclose(found.model.weights, learned.model.weights, atol=2e-3)


def test_another_digest_is_not_found(cache):
    cache.save("one", learn(EXAMPLES))
    assert cache.load("two") is None


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:50], lambda data: b"", lambda data: data[:-1] + bytes([data[-1] ^ 1]), lambda data: b"x" * 99],
)
def test_a_damaged_file_is_not_used(cache, tmp_path, damage):
    cache.save("digest", learn(EXAMPLES))
    (path,) = (tmp_path / "models").glob("lexical-*.model")
    path.write_bytes(damage(path.read_bytes()))
    assert cache.load("digest") is None


def test_a_folder_that_cannot_be_made_costs_only_the_cache(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    cache = ModelCache(blocked / "models")
    assert learned_from(EXAMPLES, cache).model.labels == ("harmless", "help")
    assert cache.load("digest") is None


def test_old_weights_are_cleared_away(cache, tmp_path):
    for number in range(6):
        cache.save(f"{number:032}", learn(EXAMPLES))
    assert len(list((tmp_path / "models").glob("*.model"))) <= 4
