from __future__ import annotations

from dataclasses import replace

import pytest

from sms_service.core.understanding.nearest import ExampleIndex
from sms_service.core.understanding.result import Stage, Understanding
from sms_service.service.asking import nearest_examples
from sms_service.service.release import Release

EXAMPLES = {
    "meet": ["he wants to meet in town"],
    "harmless": ["meet you in town for lunch"],
    "friend": ["meet my mate"],
}


@pytest.fixture
def release(shipped_release: Release) -> Release:
    return replace(shipped_release, examples=ExampleIndex(EXAMPLES))


def test_own_words_are_shown_beside_examples_of_the_reply_that_was_chosen(release: Release) -> None:
    found = nearest_examples(release, "she wants to meet in town", Understanding("meet", Stage.FREE_TEXT, ""))
    assert [near.sentence for near in found] == EXAMPLES["meet"]


def test_the_menu_is_shown_beside_everyday_examples(release: Release) -> None:
    found = nearest_examples(release, "lunch in town", Understanding("no_match", Stage.NO_MATCH, ""))
    assert [near.sentence for near in found] == EXAMPLES["harmless"]


def test_a_keyword_needs_no_examples(release: Release) -> None:
    assert nearest_examples(release, "meet", Understanding("meet", Stage.KEYWORD, "")) == ()
