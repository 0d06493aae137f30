"""Replies, contacts and fields by the names that people know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from sms_service.core.book_words import field_words, language_name
from sms_service.core.placeholders import pieces
from sms_service.core.publishing.field_edits import FieldPath
from sms_service.core.reply_book import ReplyBook, ReplyKey
from sms_service.staff.kit.dates import day
from sms_service.staff.kit.words import DANGER_WORDS, WHO_ANSWERS

_VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "danger": {danger: words for danger, (words, _) in DANGER_WORDS.items()},
    "reserved_words": {value: words for value, (words, _) in WHO_ANSWERS.items()},
}
"""Fields that hold one of a few codes."""


class Names:
    """Replies and contacts by the names that people know, taken from two books: the newer one's win.

    Args:
        older: Knows what the newer one has lost.
        newer: The draft's book, or the newer release's. Either may be None where a book cannot be read.
    """

    def __init__(self, older: ReplyBook | None, newer: ReplyBook | None) -> None:
        books = [book for book in (older, newer) if book is not None]
        self._replies = {key: reply.title for book in books for key, reply in book.replies.items()}
        self._contacts = {key: contact.name for book in books for key, contact in book.contacts.items()}

    def reply(self, key: ReplyKey | None) -> str:
        """Name a reply."""
        if key is None:
            return "Emergency line"
        return {"no_match": "Menu: nothing fits", "harmless": "Everyday messages"}.get(key) or self._replies.get(
            key, key
        )

    def of_field(self, field: FieldPath) -> Mapping[str, str]:
        """Give the names of what a field lists by key."""
        if field[-1:] == ("put_through",):
            return self._contacts
        return self._replies if field[-1:] in (("menu",), ("follow",)) else {}

    def field(self, field: FieldPath) -> str:
        """Name a field."""
        return field_words(field, self._replies)

    def contact(self, key: str) -> str:
        """Name a contact."""
        return self._contacts.get(key, key)

    def shown(self, text: str) -> str:
        """Give a text of the book with ``((Childline))`` for ``{contact.childline}``."""
        return "".join(
            f"(({self._contacts[piece]}))" if index % 2 and piece in self._contacts else _as_written(piece, index)
            for index, piece in enumerate(pieces(text))
        )

    def value(self, field: str, value: str | None) -> str:
        """Put a field's value into words: keys of replies become their titles."""
        if value is None:
            return ""
        if field in {"follow", "menu"}:
            return ", ".join(self.reply(key) for key in value.split(", "))
        if field == "languages":
            return ", ".join(map(language_name, value.split(", ")))
        if field in _VALUES:
            return _VALUES[field].get(value, value)
        if field in {"checked_on", "check_again_by"}:
            return day(dt.date.fromisoformat(value))
        if field == "put_through":
            return ", ".join(map(self.contact, value.split(", ")))
        return value


def _as_written(piece: str, index: int) -> str:
    return f"{{contact.{piece}}}" if index % 2 else piece
