"""How a canary is known: a message that the line sends to itself, through the public way, to see whether it answers.

It comes signed like any message, from a sender no phone can have, and its id is one half a keyed digest of the other.
Real ids are the provider's, so nobody who texts can make one, and nobody without our key can write one down: a young
person's message is never taken for a canary, and nobody can hide messages from the counts by looking like one.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

SENDER_PREFIX: Final = "canary-"
_HALF: Final = 16
"""Characters of each half of an id; 64 bits."""


def canary_key(secret_key: str) -> bytes:
    """Give the key that canaries are known by, made from the secret key so that nobody has to set another one."""
    return hmac.digest(secret_key.encode(), b"canary messages", hashlib.sha256)


def canary_id(key: bytes, nonce: bytes) -> str:
    """Give the message id of a canary.

    Args:
        key: From :func:`canary_key`.
        nonce: At least 8 random bytes, other ones each time.
    """
    first = nonce.hex()[:_HALF]
    return f"SM{first}{_second_half(key, first)}"


def canary_sender(message_id: str) -> str:
    """Give the sender of a canary: another one each time, so that no conversation builds up."""
    return SENDER_PREFIX + message_id[2 : 2 + _HALF]


def is_canary(key: bytes, message_id: str, sender: str) -> bool:
    """Whether a message whose signature has been checked is a canary."""
    first, second = message_id[2 : 2 + _HALF], message_id[2 + _HALF :]
    return sender.startswith(SENDER_PREFIX) and hmac.compare_digest(second, _second_half(key, first))


def _second_half(key: bytes, first: str) -> str:
    return hmac.digest(key, first.encode("ascii", "replace"), hashlib.sha256).hex()[:_HALF]
