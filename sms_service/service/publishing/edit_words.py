"""What somebody edited, as the history says it for good: names and headings, no files and no keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from sms_service.core.book_words import field_words
from sms_service.core.publishing.field_edits import FieldEdit, Fields
from sms_service.core.reply_book import ReplyKey

TitleOf = Callable[[ReplyKey], str]
"""Gives the title of a reply; its key where it has none that can be read."""

_FILES: Final = {
    "contacts.yaml": "Contacts",
    "service.yaml": "Settings of the line",
    "golden.yaml": "Texts that must lead to a reply",
    "examples/harmless.txt": "Everyday messages",
}


def file_words(path: str, title_of: TitleOf) -> str:
    """Name a file of the book by what stands in it."""
    if path in _FILES:
        return _FILES[path]
    file = PurePosixPath(path)
    title = title_of(file.stem)
    return f"Sentences that lead to {title}" if file.parent.name == "examples" else title


def edit_words(path: str, edits: Sequence[FieldEdit], before: Fields, title_of: TitleOf) -> str:
    """Say which fields of a file somebody edited: ``Childline: Phone number; Notes``.

    Args:
        path: The file.
        edits: What was edited.
        before: The file's fields, for the names of its contacts.
        title_of: Titles of replies.
    """
    fields: dict[str, list[str]] = {}
    for edit in edits:
        if path == "contacts.yaml":
            what = field_words(edit.path) if edit.path[1:] else "taken out" if edit.value is None else "added"
            fields.setdefault(_contact(edit, before), []).append(what)
        else:
            about = "What callers hear" if edit.path[0] == "call" else file_words(path, title_of)
            choice = edit.path[2] if edit.path[:2] == ("call", "menu") else None
            titles = {choice: title_of(choice)} if choice is not None else {}
            fields.setdefault(about, []).append(field_words(edit.path, titles))
    return ". ".join(f"{about}: {'; '.join(dict.fromkeys(whats))}" for about, whats in fields.items())


def _contact(edit: FieldEdit, before: Fields) -> str:
    key = edit.path[0]
    for contact in (before.get(key), edit.value):
        name = contact.get("name") if isinstance(contact, Mapping) else None
        if isinstance(name, str):
            return name
    return key
