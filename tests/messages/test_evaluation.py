"""How well the line understands messages that it never learned from: the floors under which a change does not land."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sms_service.core.normalisation import keyword_form
from sms_service.core.understanding.evaluation import (
    DANGER_LABELS,
    NONE_LABEL,
    LabelledMessage,
    evaluate,
    replies_with_emergency_numbers,
)
from sms_service.factory.releases import load_book
from sms_service.service.release import Release

pytestmark = pytest.mark.timeout(900)  # the first test of a process waits until one has learned; a machine may be busy

EVALUATION = Path(__file__).parent / "evaluation"
OTHER_LANGUAGES = EVALUATION / "other_languages.jsonl"
_SHORT = 4
"""Words up to which two people may well write the same ('he wants to meet')."""


def read(path: Path) -> list[LabelledMessage]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [LabelledMessage(row["text"], row["label"], tuple(row.get("also", ()))) for row in rows]


@pytest.mark.parametrize(
    ("name", "right", "danger_right"),
    [("own_words", 0.81, 0.70), ("hard", 0.90, 0.87), ("accounts", 0.93, 0.90), ("blind", 0.90, 0.85)],
)
def test_messages_nobody_learned_from_are_understood(learned_release: Release, name, right, danger_right):
    carries = replies_with_emergency_numbers(learned_release.book)
    result = evaluate(read(EVALUATION / f"{name}.jsonl"), learned_release.understander.understand, carries.__contains__)
    assert result.accuracy >= right
    assert result.danger_recall >= danger_right
    assert result.danger_safety >= 0.99


def halves_by_language() -> tuple[list[LabelledMessage], list[LabelledMessage]]:
    """Give every other message of each language: the first half was read while phrases were written, the other not."""
    languages = [json.loads(line)["language"] for line in OTHER_LANGUAGES.read_text(encoding="utf-8").splitlines()]
    by_language: dict[str, list[LabelledMessage]] = {}
    for language, message in zip(languages, read(OTHER_LANGUAGES), strict=True):
        by_language.setdefault(language, []).append(message)
    rows = by_language.values()
    return [one for row in rows for one in row[::2]], [one for row in rows for one in row[1::2]]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("half", [0, 1], ids=["read", "held out"])
def test_messages_in_other_languages_reach_help_and_everyday_ones_alarm_nobody(learned_release: Release, half: int):
    carries = replies_with_emergency_numbers(learned_release.book)
    messages = halves_by_language()[half]
    understand = learned_release.understander.understand
    everyday = [message for message in messages if message.label == NONE_LABEL]
    calls = evaluate((one for one in messages if one not in everyday), understand, carries.__contains__)
    assert calls.accuracy >= 0.93
    assert calls.danger_recall >= 0.93
    assert calls.danger_safety >= 0.99
    assert [one.text for one in everyday if understand(one.text).reply in DANGER_LABELS] == []
    assert len(everyday) >= 40
    assert calls.danger_messages >= 70


def test_no_evaluation_message_is_among_the_examples(project_root):
    examples = load_book(project_root / "responses").examples
    learned = {keyword_form(sentence) for sentences in examples.values() for sentence in sentences}
    asked = [keyword_form(message.text) for path in EVALUATION.glob("*.jsonl") for message in read(path)]
    assert not [form for form in asked if form in learned and len(form.split()) > _SHORT]
