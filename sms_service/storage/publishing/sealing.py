"""Sealing texts that staff may learn from: encrypted before they are kept, with a key that the database never sees."""

from __future__ import annotations

import secrets
from typing import Final

_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


class TextSeal:
    """AES-256-GCM; the id of a row is sealed in with it, so that no text can be moved to another row.

    Args:
        key: 32 bytes.

    Raises:
        ValueError: For a key of another length.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise ValueError("the key must have 32 bytes")
        self._key = key

    def seal(self, name: str, text: str) -> bytes:
        """Encrypt a text under the name of its row."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # only where texts are kept

        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._key).encrypt(nonce, text.encode("utf-8", "replace"), name.encode())

    def opened(self, name: str, sealed: bytes) -> str | None:
        """Decrypt a text; None when it was made with another key, or changed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            plain = AESGCM(self._key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):
            return None
        return plain.decode()
