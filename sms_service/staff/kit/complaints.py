"""What the checker says, in the words of the pages: no file names, no keys, no brackets of the book's format."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from flask import url_for

from sms_service.core.checks import Complaint
from sms_service.core.contact_tokens import ContactTokens
from sms_service.core.rendering import Part
from sms_service.core.reply_book import ReplyBook
from sms_service.staff.kit.words import LANGUAGES, field_words

_FILE_IN_BRACKETS: Final = re.compile(r" \(([a-z][a-z0-9_]*)\.yaml(?:, line \d+)?\)")
_QUOTED_KEY: Final = re.compile(r"'([a-z][a-z0-9_]{0,39})'")
_PLACEHOLDER: Final = re.compile(r"\{contact\.[a-z][a-z0-9_]{0,39}\}")
_PLAIN: Final = {
    "Write {contact.key} with a key from contacts.yaml, or leave the brackets out.": (
        "Choose a contact below the text, or leave the brackets out."
    ),
    "Use a key from contacts.yaml.": "Choose one from the list below the text.",
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
            known = field and field[0] in {*Part, "title", "danger", "keywords"}
            href = url_for("replies.edit", draft_id=draft_id, key=key, _anchor="-".join(field) if known else None)
            return Remark(worded, _place(book.replies[key].title, field), href)
        case ("contacts", key, *field) if key in book.contacts:
            href = url_for("contacts.edit", draft_id=draft_id, key=key, _anchor=field[0] if field else None)
            return Remark(worded, _place(book.contacts[key].name, field), href)
        case ("service", *field):
            href = url_for("replies.settings", draft_id=draft_id, _anchor="-".join(field) or None)
            return Remark(worded, _place("Settings of the line", field), href)
    return Remark(worded, file_and_line(complaint), "")


def file_and_line(complaint: Complaint) -> str:
    """Name the place of a complaint in the files, where the book cannot be read or the page has no field for it."""
    return f"{complaint.file}, line {complaint.line}" if complaint.line else complaint.file


def _place(name: str, field: list[str]) -> str:
    return f"{name}: {field_words(tuple(field))}" if field else name
