"""What changes for a child, as one sheet to read: reply by reply, then contacts, then the settings of the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sms_service.core.book_words import CALL_WORDS, field_words, language_name
from sms_service.core.call_settings import CallPiece
from sms_service.core.calls.script import CallWords
from sms_service.core.calls.slots import CHOICE, CallSlot
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.book_changes import (
    BookChanges,
    ExampleChange,
    FactChange,
    KeywordChange,
    TextChange,
    book_changes,
)
from sms_service.core.rendering import Part
from sms_service.core.reply_book import DEFAULT_LANGUAGE
from sms_service.staff.kit.names import Names

MOST_SENTENCES_SHOWN: Final = 20

_RUNG: Final = "put_through"


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text that reads differently.

    Attributes:
        heading: Which.
        language: Two letters.
        is_new: Whether there was none before.
        is_gone: Whether there is none any more.
        pieces: Pairs of what happened (same, added, removed) and the words.
        heard: What a caller hears of it now; empty for what is not said in a call.
    """

    heading: str
    language: str
    is_new: bool
    is_gone: bool
    pieces: tuple[tuple[str, str], ...]
    heard: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One field in words; empty where there was or is nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """Sentences or keywords that came and went, the first few; the numbers count all."""

    what: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    more_added: int
    more_removed: int


@dataclass(frozen=True, slots=True)
class Section:
    """One reply, one contact, or the settings.

    Attributes:
        anchor: For links within the page.
        title: As people know it.
        state: ``new``, ``gone`` or ``changed``.
        texts: Texts that read differently.
        facts: Fields that changed.
        sentences: Keywords and examples.
        used_in: For a contact: titles of the replies that show it, and where else it is used.
    """

    anchor: str
    title: str
    state: str = "changed"
    texts: tuple[TextRow, ...] = ()
    facts: tuple[FactRow, ...] = ()
    sentences: tuple[SentenceRow, ...] = ()
    used_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSheet:
    """Everything that differs between two books, to be read by a person."""

    replies: tuple[Section, ...]
    contacts: tuple[Section, ...]
    calls: Section | None
    settings: Section | None

    @property
    def is_empty(self) -> bool:
        """Whether a child would notice nothing."""
        return not self.sections

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections, in order."""
        return (*self.replies, *self.contacts, *(one for one in (self.calls, self.settings) if one))


def compared(older: LoadedBook, newer: LoadedBook) -> tuple[ChangeSheet, Names]:
    """Compare two books and give the names that stand in the sheet."""
    names = Names(older.book, newer.book)
    return sheet_of(book_changes(older, newer), names, None if newer.book is None else CallWords(newer.book)), names


def sheet_of(changes: BookChanges, names: Names, said: CallWords | None) -> ChangeSheet:
    """Put changes in the order in which they are read; ``said`` gives what callers hear of the newer book."""
    keys = sorted({*changes.replies, *(change.reply for change in changes.examples)}, key=names.reply)
    texts = [change for change in changes.texts if change.is_of_settings]
    facts = [change for change in changes.facts if change.what == "settings"]
    contacts = dict.fromkeys(change.key for change in changes.facts if change.what == "contact")
    return ChangeSheet(
        replies=tuple(_reply_section(key, changes, names, said) for key in keys),
        contacts=tuple(_contact_section(key, changes, names) for key in contacts),
        calls=_some(
            "calls",
            "What callers hear",
            tuple(_text(change, names, said) for change in texts if change.part is not None),
            tuple(_fact(change, names) for change in facts if change.field == _RUNG),
        ),
        settings=_some(
            "settings",
            "Settings of the line",
            tuple(_text(change, names, said) for change in texts if change.part is None),
            tuple(_fact(change, names) for change in facts if change.field != _RUNG),
        ),
    )


def _some(anchor: str, title: str, texts: tuple[TextRow, ...], facts: tuple[FactRow, ...]) -> Section | None:
    return Section(anchor, title, texts=texts, facts=facts) if texts or facts else None


def _reply_section(key: str, changes: BookChanges, names: Names, said: CallWords | None) -> Section:
    facts = [change for change in changes.facts if change.what == "reply" and change.key == key]
    return Section(
        anchor=f"reply-{key}",
        title=names.reply(key),
        state=_state(facts),
        texts=tuple(
            _text(change, names, said) for change in changes.texts if change.reply == key and not change.is_of_settings
        ),
        facts=tuple(_fact(change, names) for change in facts if change.field),
        sentences=(
            *(_sentences(_keywords(change), change) for change in changes.keywords if change.reply == key),
            *(_sentences("Sentences that lead here", change) for change in changes.examples if change.reply == key),
        ),
    )


def _contact_section(key: str, changes: BookChanges, names: Names) -> Section:
    facts = [change for change in changes.facts if change.what == "contact" and change.key == key]
    return Section(
        anchor=f"contact-{key}",
        title=names.contact(key),
        state=_state(facts),
        facts=tuple(_fact(change, names) for change in facts if change.field),
        used_in=(*(names.reply(reply) for reply in facts[0].used_in), *facts[0].also_in),
    )


def _state(facts: list[FactChange]) -> str:
    whole = next((change for change in facts if not change.field), None)
    if whole is None:
        return "changed"
    return "new" if whole.before is None else "gone"


def _text(change: TextChange, names: Names, said: CallWords | None) -> TextRow:
    return TextRow(
        heading=_heading(change, names),
        language=change.language,
        is_new=change.before is None,
        is_gone=change.after is None,
        pieces=tuple((piece.kind.value, names.shown(piece.text)) for piece in change.pieces),
        heard="" if said is None else _heard(change, said),
    )


def _heard(change: TextChange, said: CallWords) -> str:
    """Give what a caller hears of a text; of one that is made from the text message as well."""
    if change.after is None:
        return ""
    if change.reply is not None and change.part is CallPiece.MENU:
        return CallSlot(CHOICE, change.reply).heard(said, change.language)
    reply = None if change.reply is None else said.book.replies.get(change.reply)
    from_text = change.part is Part.TEXT and reply is not None and change.language not in reply.spoken
    is_said = isinstance(change.part, CallPiece) or change.part is Part.SPOKEN or from_text
    return (said.said(change.after, change.language) or "") if is_said else ""


def _heading(change: TextChange, names: Names) -> str:
    if not isinstance(change.part, CallPiece):
        return field_words((change.part or "emergency_line", change.language))
    what = CALL_WORDS[change.part] if change.reply is None else f"In the spoken menu, {names.reply(change.reply)}"
    return f"{what}, {language_name(change.language)}"


def _keywords(change: KeywordChange) -> str:
    language = change.language
    return "Keywords" if language == DEFAULT_LANGUAGE else field_words(("keywords_in", language))


def _fact(change: FactChange, names: Names) -> FactRow:
    field = change.field
    before, after = names.value(field, change.before), names.value(field, change.after)
    whole = (field, change.key) if field == "waiting_languages" else (field,)
    return FactRow(field_words(whole), before, after)


def _sentences(what: str, change: KeywordChange | ExampleChange) -> SentenceRow:
    most = MOST_SENTENCES_SHOWN
    return SentenceRow(
        what,
        change.added[:most],
        change.removed[:most],
        max(0, len(change.added) - most),
        max(0, len(change.removed) - most),
    )
