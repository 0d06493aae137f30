"""``{contact.key}``, the only placeholder a text may hold. There is no template language: all else is literal."""

from __future__ import annotations

import re
from typing import Final

from sms_service.core.reply_book import ContactKey

_CONTACT: Final = re.compile(r"\{contact\.([a-z][a-z0-9_]{0,39})\}")


def pieces(text: str) -> tuple[str, ...]:
    """Cut a text at its placeholders: literal, contact key, literal, contact key, ..., literal."""
    return tuple(_CONTACT.split(text))


def contact_keys(text: str) -> tuple[ContactKey, ...]:
    """Give the contacts that a text names, in order, repeated ones repeated."""
    return tuple(_CONTACT.findall(text))


def literal_parts(text: str) -> list[tuple[int, str]]:
    """Give what stands between the placeholders, each with its position in the text."""
    parts, position = [], 0
    for match in _CONTACT.finditer(text):
        parts.append((position, text[position : match.start()]))
        position = match.end()
    parts.append((position, text[position:]))
    return parts
