"""What the codes of the book mean, and how far a draft is, as every page says it."""

from __future__ import annotations

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
