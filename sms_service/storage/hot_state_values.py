"""What the hot state keeps, for how long, and how large: the same for every adapter.

Retention (``docs/operations.md`` repeats it): answers a day, so that whatever the provider still repeats gets the same
bytes; conversations four hours; the wish to get no texts two days. Nothing depends on remembering that wish for longer:
we only ever answer, the provider keeps the real block, and a second STOP later on is merely confirmed once more.
"""

from __future__ import annotations

from typing import Final

from sms_service.core.conversation import FORGET_AFTER_SECONDS, Conversation

KEEP_ANSWER_SECONDS: Final = 24 * 3600
KEEP_OPT_OUT_SECONDS: Final = 48 * 3600
COUNTED_SECONDS: Final = 30
"""The running window of ``Claim.messages_in_30_seconds``."""

LARGEST_ANSWER_BYTES: Final = 64 * 1024
"""An answer is a few short texts; anything larger was not stored by us and is not even read."""
LARGEST_CONVERSATION_BYTES: Final = 16 * 1024

MOST_COUNTED: Final = 50
"""Arrivals of one sender that are told apart; every limit lies far below."""


def keep_conversation_seconds(conversation: Conversation) -> int:
    """Give how long a conversation is kept."""
    return KEEP_OPT_OUT_SECONDS if conversation.opted_out else FORGET_AFTER_SECONDS


def read_conversation(stored: object) -> Conversation:
    """Read what ``Conversation.to_json`` wrote; anything else a store may hold is a fresh conversation."""
    if not isinstance(stored, str | bytes) or len(stored) > LARGEST_CONVERSATION_BYTES:
        return Conversation()
    return Conversation.from_json(stored)
