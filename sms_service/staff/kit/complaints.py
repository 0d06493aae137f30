"""What the checker says, in the words of the pages: no file names, no keys, no brackets of the book's format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import url_for

from sms_service.core.book_words import LANGUAGES, field_words
from sms_service.core.checks import Complaint
from sms_service.core.contact_tokens import ContactTokens
from sms_service.core.rendering import Part
from sms_service.core.reply_book import DEFAULT_LANGUAGE, ReplyBook

_FILE_IN_BRACKETS: Final = re.compile(r" \(([a-z][a-z0-9_]*)\.yaml(?:, line \d+)?\)")
_QUOTED_KEY: Final = re.compile(r"'([a-z][a-z0-9_]{0,39})'")
_PLACEHOLDER: Final = re.compile(r"\{contact\.[a-z][a-z0-9_]{0,39}\}")
_MISSING_FILE: Final = re.compile(r"Add the file ([a-z0-9_]+)\.yaml")
_WORDS_OF_A_CALL: Final = re.compile(r"The words of '[a-z_]+'")
_PLAIN: Final = {
    "Write {contact.key} with a key from contacts.yaml, or leave the brackets out.": (
        "Choose a contact below the text, or leave the brackets out."
    ),
    "Use a key from contacts.yaml.": "Choose one from the list.",
    "given by the menu in service.yaml": "given by the menu",
    "then set reserved_words in service.yaml to 'line'": "then say so in the settings of the line",
    "take it out of service.yaml": "take the language out of the settings of the line",
    "as it stands in contacts.yaml": "as it stands in the contacts",
    "Write 'more', or leave the offer out.": "Write a second part under 'When they text MORE', or leave the offer out.",
    "move a part of it to 'more'": "move a part of it to 'When they text MORE'",
    "then fill in checked_by, checked_on and check_again_by": "then press 'I rang it today' or 'I opened it today'",
    "Fill in check_again_by": "Fill in 'Check again by'",
    "Correct checked_on": "Correct 'Checked on'",
    "write the new dates": "press the button that says so",
    "Name it under 'waiting_languages' in service.yaml": "Name it in the settings of the line",
    "or name it in the 'follow' of another reply": "or let another reply offer it next",
    "Write the name of a reply's file, without .yaml.": "Choose another reply.",
    "Add it to contacts.yaml, then write {contact.key} with its key.": "Add it to the contacts, then choose it here.",
    "Show the menu of service.yaml": "Show the menu as it is in the settings of the line",
    "Show the menu in the order of service.yaml": "Show the menu in the order of the settings of the line",
    "has danger: ": "is marked with danger ",
    "Write danger: ": "Under 'How dangerous is the situation it is for?', choose ",
    "service.yaml": "the settings of the line",
    "contacts.yaml": "the contacts",
}


def in_page_words(complaint: Complaint, tokens: ContactTokens, book: ReplyBook) -> Complaint:
    """Give a complaint as somebody reads it who has never seen the book's files."""
    return replace(
        complaint, what=_reworded(complaint.what, tokens, book), mend=_reworded(complaint.mend, tokens, book)
    )


def _reworded(sentence: str, tokens: ContactTokens, book: ReplyBook) -> str:
    for written, plain in _PLAIN.items():
        sentence = sentence.replace(written, plain)
    sentence = _PLACEHOLDER.sub(lambda match: tokens.shown(match.group()), sentence)
    sentence = _FILE_IN_BRACKETS.sub("", sentence)
    sentence = _MISSING_FILE.sub(r"Add a reply with the short name \1", sentence)
    sentence = _WORDS_OF_A_CALL.sub("These words", sentence)

    def named(match: re.Match[str]) -> str:
        key = match.group(1)
        if key in LANGUAGES:
            return LANGUAGES[key]
        if key in book.replies:
            return f"'{book.replies[key].title}'"
        return f"'{book.contacts[key].name}'" if key in book.contacts else match.group()

    return _QUOTED_KEY.sub(named, sentence)


@dataclass(frozen=True, slots=True)
class Remark:
    """A complaint about a draft, and where to mend it.

    Attributes:
        complaint: In page words.
        place: Which reply, contact or setting, and which field of it; for the rest file and line.
        href: Of that field on the page where it is edited; empty where there is none.
    """

    complaint: Complaint
    place: str
    href: str


def remark_of(complaint: Complaint, book: ReplyBook, draft_id: int) -> Remark:
    """Give a complaint about a draft with the place to mend it."""
    worded = in_page_words(complaint, ContactTokens(book.contacts), book)
    match tuple(map(str, complaint.path)):
        case ("replies", key, *field) if key in book.replies:
            href = url_for("replies.edit", draft_id=draft_id, key=key, _anchor=field_of_reply(field) or None)
            return Remark(worded, _place(book.replies[key].title, field), href)
        case ("contacts", key, *field) if key in book.contacts:
            href = url_for("contacts.edit", draft_id=draft_id, key=key, _anchor=field[0] if field else None)
            return Remark(worded, _place(book.contacts[key].name, field), href)
        case ("service", "call", "put_through", *_):
            href = url_for("replies.calls", draft_id=draft_id, _anchor="put_through")
            return Remark(worded, "What callers hear: Whom key 0 rings", href)
        case ("service", "call", room, name, *language):
            anchor = "-".join(("call", room, name, *language)) if language else None
            href = url_for("replies.call_words", draft_id=draft_id, room=room, name=name, _anchor=anchor)
            titles = {key: reply.title for key, reply in book.replies.items()}
            return Remark(worded, field_words(("call", room, name, *(language or [DEFAULT_LANGUAGE])), titles), href)
        case ("service", *field):
            href = url_for("replies.settings", draft_id=draft_id, _anchor=_field_of_settings(field) or None)
            return Remark(worded, _place("Settings of the line", field), href)
    return Remark(worded, file_and_line(complaint), "")


def field_of_reply(field: Sequence[str]) -> str:
    """Give the id, on a reply's page, of the field at a path below the reply; empty where it has none of its own."""
    match tuple(field):
        case ("title" | "danger" | "keywords" | "examples" as name, *_):
            return name
        case ("follow", *_):
            return "follow-0"
        case ("keywords_in", language, *_):
            return f"keywords_in-{language}"
        case (part, language) if part in set(Part):
            return f"{part}-{language}"
    return ""


def _field_of_settings(field: Sequence[str]) -> str:
    match tuple(field):
        case ("emergency_line", language):
            return f"emergency_line-{language}"
        case ("waiting_languages", language):
            return f"waiting-{language}"
        case ("emergency_line" | "waiting_languages" | "languages", *_):
            return "languages-title"
        case (name, *_):
            return name
    return ""


def file_and_line(complaint: Complaint) -> str:
    """Name the place of a complaint in the files, where the book cannot be read or the page has no field for it."""
    return f"{complaint.file}, line {complaint.line}" if complaint.line else complaint.file


def _place(name: str, field: list[str]) -> str:
    return f"{name}: {field_words(tuple(field))}" if field else name
