"""A release that brings no new examples is swapped in without learning, and without reading what was learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from sms_service.core.understanding.learning import examples_digest, learn
from sms_service.core.understanding.pipeline import Understander
from sms_service.factory import releases
from sms_service.service.release import Release
from sms_service.settings import Settings, read_settings
from sms_service.storage.model_cache import ModelCache

EXAMPLES = {"meet": ("he wants to meet me", "should i go and see him"), "harmless": ("whats for tea", "see you")}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"LINE_ENV": "development", "VAR_DIR": str(tmp_path)})


def test_what_was_learned_goes_on_while_the_examples_are_the_same(
    shipped_release: Release, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = shipped_release.book
    before = releases.with_free_text(Understander(book, frozenset()), learn(EXAMPLES))
    assert before.learned_from == examples_digest(EXAMPLES)
    with monkeypatch.context() as patch:
        patch.setattr(ModelCache, "load", lambda *_: pytest.fail("read what it holds already"))
        after, has_learned = releases.understander_at_once(book, EXAMPLES, settings, before=before)
    assert (has_learned, after.learned_from) == (True, before.learned_from)
    assert before.for_book(book)._phrases is before._phrases, "made once for one set of phrases"
    more = {**EXAMPLES, "talk": ("can i talk",)}
    until_then, has_learned = releases.understander_at_once(book, more, settings, before=before)
    assert (has_learned, until_then.learned_from) == (False, before.learned_from)
