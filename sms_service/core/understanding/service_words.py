"""MORE, LANGUAGE and FORGET ME, as whole messages only: words about the conversation itself, not about what is wrong.

'Just forget me' can be somebody's last word, 'he wants more pics' is a call for help: neither is a command.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from sms_service.core.normalisation import squeeze


class ServiceWord(StrEnum):
    """What the whole message asks of the line."""

    MORE = "more"
    FORGET_ME = "forget_me"
    LANGUAGE = "language"


_MORE: Final = frozenset({"more", "tell me more", "more info", "send more info"})
_LANGUAGE: Final = frozenset({"language", "languages", "iaith", "ieithoedd", "change language", "other language"})
_FORGET_ME: Final = frozenset(
    {
        "forget me",
        "forgetme",
        "forget my number",
        "delete my data",
        "erase my data",
        "delete my info",
        "delete my number",
    }
)
_COURTESY: Final = frozenset({"please", "pls", "plz", "thanks", "thank", "thx", "you", "ty", "x", "xx", "xxx"})
_MOST_WORDS: Final = 12
"""No command with its courtesy has more; a longer text is not even looked at."""


def service_word(words: Sequence[str]) -> ServiceWord | None:
    """Give the command that the whole text is, or None.

    Args:
        words: Of the whole text, normalised.
    """
    if len(words) > _MOST_WORDS:
        return None
    form = " ".join([word for word in squeeze(" ".join(words)).split() if word not in _COURTESY])
    if form in _FORGET_ME:
        return ServiceWord.FORGET_ME
    if form in _LANGUAGE:
        return ServiceWord.LANGUAGE
    return ServiceWord.MORE if form in _MORE else None
