"""Numbers become pseudonyms before anything is remembered or written down.

HMAC-SHA-256 with a key that no database holds. A plain hash would not do: all UK mobile numbers are tried in minutes.
The id of the key is kept beside the pseudonym, so that a number can be looked for under every key that is still live;
removing a key for good cuts the link for ever.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sms_service.settings import PseudonymKey

_PSEUDONYM_BYTES: Final = 16
_FINGERPRINT_BYTES: Final = 8
"""Enough to tell texts of one sender within five minutes apart, too little to say what they were."""


class Pseudonym(NamedTuple):
    """Stands for one sender. ``value`` is 32 characters 0-9 a-f."""

    value: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes pseudonyms.

    Attributes:
        keys: Current key first, then older ones that are still live; at least one.
    """

    keys: Sequence[PseudonymKey] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse to work without a key.

        Raises:
            ValueError: When there is none.
        """
        if not self.keys:
            raise ValueError("pseudonyms need at least one key")

    def current(self, sender: str) -> Pseudonym:
        """Give the pseudonym under which a sender is remembered from now on."""
        return self._made_with(self.keys[0], sender)

    def all(self, sender: str) -> tuple[str, ...]:
        """Give every pseudonym that a sender may be stored under."""
        return tuple(self._made_with(key, sender).value for key in self.keys)

    def fingerprint(self, words: str) -> str:
        """Give a keyed fingerprint of a text's words: the same words are recognised, nothing can be read from it."""
        digest = hmac.digest(self.keys[0].key, b"words\0" + _encoded(words), hashlib.sha256)
        return digest[:_FINGERPRINT_BYTES].hex()

    @staticmethod
    def _made_with(key: PseudonymKey, sender: str) -> Pseudonym:
        plain = "".join(sender.split())
        digest = hmac.digest(key.key, b"sender\0" + _encoded(plain), hashlib.sha256)
        return Pseudonym(digest[:_PSEUDONYM_BYTES].hex(), key.key_id)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
