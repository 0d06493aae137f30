"""What a draft changes for a child: texts, calls, keywords, contacts, settings, examples. Golden: ``golden.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sms_service.core.call_settings import CallPiece
from sms_service.core.hours_words import hours_words
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.word_diff import DiffPiece, word_diff
from sms_service.core.rendering import Part
from sms_service.core.reply_book import (
    DEFAULT_LANGUAGE,
    Contact,
    ContactKey,
    KnownHours,
    LanguageCode,
    Reply,
    ReplyBook,
    ReplyKey,
    WeeklyHours,
)

_SENT_IN: Final = "{contact.%s}"

_REPLY_FACTS: Final = ("title", "danger", "follow")
_SETTINGS: Final = ("name", "languages", "menu", "reserved_words", "pence_per_segment")


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text that reads differently.

    Attributes:
        reply: Of this reply; None for the emergency line and for what is said between the replies of a call.
        part: Text, again, more or spoken; None for the emergency line. In a call the piece, where ``MENU`` with a reply
            is what is said before 'press 1' for that reply.
        language: Two letters.
        before: None for a new text.
        after: None for one that is gone.
        pieces: Word by word.
    """

    reply: ReplyKey | None
    part: Part | CallPiece | None
    language: LanguageCode
    before: str | None
    after: str | None
    pieces: tuple[DiffPiece, ...]

    @property
    def is_of_settings(self) -> bool:
        """Whether staff find it among the settings of the line, not in a reply."""
        return self.reply is None or isinstance(self.part, CallPiece)


@dataclass(frozen=True, slots=True)
class KeywordChange:
    """The keywords of a reply in one language, or its phrases in another."""

    reply: ReplyKey
    language: LanguageCode
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactChange:
    """One field of a reply, a contact or the settings, in words.

    Attributes:
        what: ``reply``, ``contact`` or ``settings``.
        key: Of the reply or contact. Of settings the language that waits; otherwise empty.
        field: Its name; empty when the whole reply or contact is new or gone.
        before: In words; None when it was not there.
        after: In words; None when it is gone.
        used_in: For a contact: replies that show it.
        also_in: For a contact: where else it is used, in words.
    """

    what: str
    key: str
    field: str
    before: str | None
    after: str | None
    used_in: tuple[ReplyKey, ...] = ()
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleChange:
    """The example sentences of a reply, or the everyday ones (``harmless``)."""

    reply: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookChanges:
    """Everything that differs between two books."""

    texts: tuple[TextChange, ...] = ()
    keywords: tuple[KeywordChange, ...] = ()
    facts: tuple[FactChange, ...] = ()
    examples: tuple[ExampleChange, ...] = ()

    @property
    def replies(self) -> tuple[ReplyKey, ...]:
        """The replies that are changed in any way, in order of name."""
        named = {change.reply for change in self.texts if change.reply and not change.is_of_settings}
        named |= {change.reply for change in self.keywords}
        return tuple(sorted(named | {change.key for change in self.facts if change.what == "reply"}))

    @property
    def is_empty(self) -> bool:
        """Whether a child would notice nothing."""
        return not (self.texts or self.keywords or self.facts or self.examples)


def book_changes(before: LoadedBook, after: LoadedBook) -> BookChanges:
    """Compare two books."""
    examples = tuple(_examples(before.examples, after.examples))
    if before.book is None or after.book is None:
        return BookChanges(examples=examples)
    old, new = before.book, after.book
    return BookChanges(
        texts=tuple(_texts(old, new)),
        keywords=tuple(_keywords(old, new)),
        facts=(*_reply_facts(old, new), *_contact_facts(old, new), *_settings(old, new)),
        examples=examples,
    )


def where_used(book: ReplyBook, contact: ContactKey) -> tuple[ReplyKey, ...]:
    """Give the replies that show a contact, in order of name."""
    sign = _SENT_IN % contact
    return tuple(
        key
        for key, reply in sorted(book.replies.items())
        if any(sign in text for part in Part for text in _part(reply, part).values())
    )


def where_else_used(book: ReplyBook, contact: ContactKey) -> tuple[str, ...]:
    """Say where besides the replies a contact is shown, said or rung."""
    service, sign = book.service, _SENT_IN % contact
    said = [text for words in (*service.call.words.values(), *service.call.menu.values()) for text in words.values()]
    places = {
        "the emergency line": any(sign in text for text in service.emergency_line.values()),
        "what callers hear": contact in service.call.put_through or any(sign in text for text in said),
    }
    return tuple(place for place, is_used in places.items() if is_used)


def _texts(old: ReplyBook, new: ReplyBook) -> Iterator[TextChange]:
    for key in sorted({*old.replies, *new.replies}):
        for part in Part:
            yield from _compared(key, part, _part(old.replies.get(key), part), _part(new.replies.get(key), part))
    yield from _compared(None, None, old.service.emergency_line, new.service.emergency_line)
    before, after = old.service.call, new.service.call
    for piece in CallPiece:
        yield from _compared(None, piece, before.words.get(piece, {}), after.words.get(piece, {}))
    for key in dict.fromkeys((*before.menu, *after.menu)):
        yield from _compared(key, CallPiece.MENU, before.menu.get(key, {}), after.menu.get(key, {}))


def _compared(
    key: ReplyKey | None,
    part: Part | CallPiece | None,
    old: Mapping[LanguageCode, str],
    new: Mapping[LanguageCode, str],
) -> Iterator[TextChange]:
    for language in dict.fromkeys((*old, *new)):
        before, after = old.get(language), new.get(language)
        if before != after:
            yield TextChange(key, part, language, before, after, word_diff(before or "", after or ""))


def _part(reply: Reply | None, part: Part) -> Mapping[LanguageCode, str]:
    texts: Mapping[LanguageCode, str] = {} if reply is None else getattr(reply, part.value)
    return texts


def _keywords(old: ReplyBook, new: ReplyBook) -> Iterator[KeywordChange]:
    for key in sorted({*old.replies, *new.replies}):
        before, after = _keywords_of(old, key), _keywords_of(new, key)
        for language in dict.fromkeys((*before, *after)):
            added, removed = _difference(before.get(language, ()), after.get(language, ()))
            if added or removed:
                yield KeywordChange(key, language, added, removed)


def _keywords_of(book: ReplyBook, key: ReplyKey) -> Mapping[LanguageCode, tuple[str, ...]]:
    """Give the keywords of a reply by language, and the phrases of other languages that lead to it."""
    reply = book.replies.get(key)
    words = {} if reply is None else {DEFAULT_LANGUAGE: reply.keywords, **reply.keywords_in}
    for code, language in book.phrases_in.items():
        if phrases := language.phrases.get(key):
            words[code] = (*words.get(code, ()), *phrases)
    return words


def _reply_facts(old: ReplyBook, new: ReplyBook) -> Iterator[FactChange]:
    for key in sorted({*old.replies, *new.replies}):
        before, after = old.replies.get(key), new.replies.get(key)
        if before is None or after is None:
            yield FactChange("reply", key, "", before.title if before else None, after.title if after else None)
            continue
        for name in _REPLY_FACTS:
            was, now = _words(getattr(before, name)), _words(getattr(after, name))
            if was != now:
                yield FactChange("reply", key, name, was, now)


def _contact_facts(old: ReplyBook, new: ReplyBook) -> Iterator[FactChange]:
    for key in sorted({*old.contacts, *new.contacts}):
        before, after = old.contacts.get(key), new.contacts.get(key)
        used = tuple(sorted({*where_used(old, key), *where_used(new, key)}))
        also = tuple(dict.fromkeys((*where_else_used(old, key), *where_else_used(new, key))))
        if before is None or after is None:
            names = (before.name if before else None, after.name if after else None)
            yield FactChange("contact", key, "", *names, used, also)
            continue
        for name in Contact.model_fields:
            was, now = _words(getattr(before, name)), _words(getattr(after, name))
            if was != now:
                yield FactChange("contact", key, name, was, now, used, also)


def _settings(old: ReplyBook, new: ReplyBook) -> Iterator[FactChange]:
    for name in _SETTINGS:
        was, now = _words(getattr(old.service, name)), _words(getattr(new.service, name))
        if was != now:
            yield FactChange("settings", "", name, was, now)
    rung = _words(old.service.call.put_through), _words(new.service.call.put_through)
    if rung[0] != rung[1]:
        yield FactChange("settings", "", "put_through", *rung)
    waited, waits = old.service.waiting_languages, new.service.waiting_languages
    for language in dict.fromkeys((*waited, *waits)):
        if waited.get(language) != waits.get(language):
            yield FactChange("settings", language, "waiting_languages", waited.get(language), waits.get(language))


def _examples(old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]) -> Iterator[ExampleChange]:
    for label in sorted({*old, *new}):
        added, removed = _difference(old.get(label, ()), new.get(label, ()))
        if added or removed:
            yield ExampleChange(label, added, removed)


def _difference(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    had, has = set(before), set(after)
    return tuple(one for one in after if one not in had), tuple(one for one in before if one not in has)


def _words(value: object) -> str | None:
    """Put a field's value into words: hours by day, lists with commas."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or None
    if isinstance(value, KnownHours | WeeklyHours):
        return "; ".join(hours_words(value))
    return str(value)
