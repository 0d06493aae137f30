"""The words of a call: what staff wrote, made ready to be said, for one release and one moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sms_service.core.book_fields import DEFAULT_LANGUAGE, ContactKey, LanguageCode, ReplyKey
from sms_service.core.call_settings import BUILT_IN_WORDS, PRESS, CallPiece
from sms_service.core.calls.state import Words
from sms_service.core.contact_lines import Directory, spoken_lines_of
from sms_service.core.fallback import BUILT_IN_FALLBACK
from sms_service.core.opening_hours import Openness, openness
from sms_service.core.phone_numbers import only_digits
from sms_service.core.rendering import Part, Renderer
from sms_service.core.reply_book import EMERGENCY_CONTACT, Contact, ReplyBook
from sms_service.core.speech import say_contact, say_lines, say_literal

_SHORTEST_DIALLED_DIGITS = 8
"""Of a number that begins with 0. Shorter ones (999, 101, 116 123) belong to the caller's own network."""


class CallWords:
    """The pieces and choices of a release's calls, prepared once. Safe to share between threads."""

    def __init__(self, book: ReplyBook) -> None:
        self.book = book
        self.languages = tuple(book.service.languages)
        self._directory = Directory(book.contacts)
        self._pieces: dict[tuple[CallPiece, LanguageCode], Words] = {}
        settings = book.service.call
        for piece in CallPiece:
            written = {DEFAULT_LANGUAGE: BUILT_IN_WORDS.get(piece, ""), **settings.words.get(piece, {})}
            for language, text in written.items():
                said = self.said(text, language)
                if said is not None:
                    self._pieces[piece, language] = Words(said, language)
        emergency = book.contacts.get(EMERGENCY_CONTACT)
        self.emergency_number = "9 9 9" if emergency is None else say_contact(emergency, twice=False)

    def piece(self, piece: CallPiece, language: LanguageCode) -> Words:
        """Give a piece, in English where the language lacks it; the built-in fallback where nothing can be said."""
        return self._pieces.get((piece, language)) or self._pieces.get((piece, DEFAULT_LANGUAGE)) or _LAST_WORDS

    def has(self, piece: CallPiece, language: LanguageCode) -> bool:
        """Whether a language has a piece of its own."""
        return (piece, language) in self._pieces

    def choices(self, language: LanguageCode) -> tuple[Words, ...]:
        """Give the menu in the order of the service file, a sentence a choice: 'If someone makes threats, press 2'."""
        said = []
        for number, key in enumerate(self.book.service.menu, start=1):
            if key not in self.book.replies:
                continue
            said.append(self.choice(number, key, language))
        return tuple(said)

    def choice(self, number: int, key: ReplyKey, language: LanguageCode) -> Words:
        """Give one choice of the menu, in English where the language lacks it."""
        labels = self.book.service.call.menu.get(key, {})
        spoken_in = language if language in labels and language in PRESS else DEFAULT_LANGUAGE
        label = labels.get(spoken_in) or f"For {self._name(key)}"
        return Words(f"{label.rstrip('.,')}, {PRESS[spoken_in].format(key=number)}.", spoken_in)

    def _name(self, key: ReplyKey) -> str:
        keywords = self.book.replies[key].keywords
        return (keywords[0] if keywords else key.replace("_", " ")).lower()

    def said(self, text: str, language: LanguageCode) -> str | None:
        """Give written words as they are said; None for none, and for words that name a contact there is not."""
        if not text or not self._directory.knows_all_of(text):
            return None
        return say_lines(self._directory.fill(spoken_lines_of(text, language), {}, {}, spoken=True, language=language))


@dataclass(frozen=True)
class Script:
    """Everything that can be said at one moment.

    Attributes:
        words: Of the release.
        renderer: Of the release.
        now: Aware; decides who is open.
        bank_holidays: Days off in England and Wales.
        can_text: Whether the caller's phone can get a text.
    """

    words: CallWords
    renderer: Renderer
    now: dt.datetime
    bank_holidays: frozenset[dt.date] = frozenset()
    can_text: bool = False

    @property
    def book(self) -> ReplyBook:
        """The release's book."""
        return self.words.book

    def reply(self, key: ReplyKey, language: LanguageCode, *, emergency_line: bool) -> tuple[Words, ReplyKey]:
        """Give a reply as it is said now, and the key of the one that it really is."""
        said = self.renderer.render(
            key, Part.SPOKEN, language, self.now, self.bank_holidays, emergency_line=emergency_line
        )
        return Words(said.text, said.language), said.key

    def next_open(self, index: int) -> int | None:
        """Give the index of the first contact to ring, from ``index`` on, that is not shut; None when none is left."""
        keys = self.book.service.call.put_through
        return next((at for at in range(index, len(keys)) if self._answers(keys[at])), None)

    def _answers(self, key: ContactKey) -> bool:
        contact = self.book.contacts.get(key)
        if contact is None or dialled_number(contact) is None:
            return False
        return openness(contact, self.now, self.bank_holidays) is not Openness.SHUT

    def names_emergency(self, words: tuple[Words, ...]) -> bool:
        """Whether some words say 999."""
        return any(self.words.emergency_number in part.text for part in words)


def dialled_number(contact: Contact) -> str | None:
    """Give a contact's number as networks write it (E.164); None for one that only the caller's own phone can ring.

    999 and 101 are such: they need the place of the caller's phone, which a call that we make has not.
    """
    digits = only_digits(contact.number or "")
    return f"+44{digits[1:]}" if digits.startswith("0") and len(digits) >= _SHORTEST_DIALLED_DIGITS else None


_LAST_WORDS = Words(say_lines(say_literal(BUILT_IN_FALLBACK)), DEFAULT_LANGUAGE)
