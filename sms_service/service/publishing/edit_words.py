"""What somebody edited, as the history says it for good: names and headings, no files and no keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from sms_service.core.book_words import field_words
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.reply_book import ReplyBook

_FILES: Final = {
    "contacts.yaml": "Contacts",
    "service.yaml": "Settings of the line",
    "golden.yaml": "Texts that must lead to a reply",
    "examples/harmless.txt": "Everyday messages",
}


def file_words(path: str, book: ReplyBook | None) -> str:
    """Name a file of the book by what stands in it."""
    if path in _FILES:
        return _FILES[path]
    file = PurePosixPath(path)
    reply = None if book is None else book.replies.get(file.stem)
    title = file.stem if reply is None else reply.title
    return f"Sentences that lead to {title}" if file.parent.name else title


def edit_words(path: str, edits: Sequence[FieldEdit], book: ReplyBook | None) -> str:
    """Say which fields of a file somebody edited: ``Childline: Phone number; Notes``."""
    titles = {} if book is None else {key: reply.title for key, reply in book.replies.items()}
    fields: dict[str, list[str]] = {}
    for edit in edits:
        if path == "contacts.yaml":
            what = field_words(edit.path) if edit.path[1:] else "taken out" if edit.value is None else "added"
            fields.setdefault(_contact(edit, book), []).append(what)
        else:
            about = "What callers hear" if edit.path[0] == "call" else file_words(path, book)
            fields.setdefault(about, []).append(field_words(edit.path, titles))
    return ". ".join(f"{about}: {'; '.join(dict.fromkeys(whats))}" for about, whats in fields.items())


def _contact(edit: FieldEdit, book: ReplyBook | None) -> str:
    key = edit.path[0]
    known = None if book is None else book.contacts.get(key)
    if known is not None:
        return known.name
    return str(edit.value.get("name", key)) if isinstance(edit.value, Mapping) else key
