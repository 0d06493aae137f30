"""What the codes of the book mean, and how far a draft is, as every page says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sms_service.core.publishing.records import Draft, DraftStatus

DANGER_WORDS: Final = {
    "none": ("No danger", "An everyday question or worry."),
    "high": ("High", "Somebody is being hurt or threatened. This reply wins over replies without danger."),
    "emergency": ("Emergency", "A life may be at risk now. This reply wins over every other."),
}
"""For each danger of a reply its name, and what it means."""

WHO_ANSWERS: Final = {
    "provider": ("The phone company answers them as well", "As it is unless they have switched it off for us."),
    "line": ("Only this line answers them", "The phone company has confirmed in writing that its own answers are off."),
}
"""For each answer to 'who answers STOP and HELP' its words, and when it is true."""


def draft_state(draft: Draft) -> tuple[str, str]:
    """Give how far a draft is, in words, and the colour of its tag."""
    if draft.is_approved:
        return "Approved", "green"
    return {
        DraftStatus.OPEN: ("Being written", "blue"),
        DraftStatus.IN_REVIEW: ("Waiting for a second person", "yellow"),
        DraftStatus.PUBLISHED: ("Published", "green"),
        DraftStatus.DISCARDED: ("Discarded", "grey"),
    }[draft.status]


def words_of_value(value: object, names: Mapping[str, str]) -> str:
    """Put a field's value into lines that can be compared by eye; ``names`` are those of keys in a list."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        fields = ((name, words_of_value(inner, names)) for name, inner in value.items())
        return "\n".join(f"{name}: {words.replace(chr(10), ', ')}" for name, words in fields)
    if isinstance(value, list | tuple):
        return "\n".join(names.get(inner, inner) if isinstance(inner, str) else str(inner) for inner in value)
    return str(value)
