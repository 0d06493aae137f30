"""What every rule is given: the book, laid out so that a rule is a short walk over it."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sms_service.core.checks.complaints import Complaint, Path, Places, Severity
from sms_service.core.contact_lines import GSM7_LANGUAGES
from sms_service.core.rendering import Part, extreme_forms
from sms_service.core.reply_book import DEFAULT_LANGUAGE, FALLBACK, ContactKey, LanguageCode, Reply, ReplyBook, ReplyKey


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One text that may leave the line.

    Attributes:
        path: Where it stands in the book.
        language: Two-letter code.
        text: As it is written, with placeholders.
        forms: As it leaves, everybody open and everybody shut; only the former where nobody has a table of hours.
        part: None for the emergency line.
        reply_key: None for the emergency line and for the words of a call.
    """

    path: Path
    language: LanguageCode
    text: str
    forms: tuple[str, ...]
    part: Part | None = None
    reply_key: ReplyKey | None = None

    @property
    def is_english(self) -> bool:
        """Whether the rules about English words apply."""
        return self.language == DEFAULT_LANGUAGE

    @property
    def is_emergency_line(self) -> bool:
        """Whether it is the line put before other replies."""
        return self.path[:2] == ("service", "emergency_line")

    @property
    def is_sms(self) -> bool:
        """Whether it is sent as a text; the others are spoken."""
        return self.part is not Part.SPOKEN

    @property
    def must_be_gsm7(self) -> bool:
        """Whether it is sent as a text in a language that GSM-7 can write."""
        return self.is_sms and self.language in GSM7_LANGUAGES

    @property
    def holds_its_numbers(self) -> bool:
        """Whether numbers are typed into it because it must work without a directory."""
        return self.reply_key == FALLBACK


@dataclass(frozen=True)
class Sheet:
    """A book to check.

    Attributes:
        book: The book.
        places: Where its parts stand.
        today: For overdue checks of contacts; None leaves those out.
        unread: Replies and contacts that exist, but could not be read; not to be called missing as well.
    """

    book: ReplyBook
    places: Places
    today: dt.date | None = None
    unread: frozenset[Path] = frozenset()

    @cached_property
    def texts(self) -> tuple[OutgoingText, ...]:
        """Every text of the book."""
        return tuple(self._texts())

    def _texts(self) -> Iterator[OutgoingText]:
        path: Path
        for key, reply in self.book.replies.items():
            for part in Part:
                for language, text in texts_of(reply, part).items():
                    path = ("replies", key, part.value, language)
                    yield OutgoingText(path, language, text, self._forms(text, language), part, key)
        for language, text in self.book.service.emergency_line.items():
            yield OutgoingText(("service", "emergency_line", language), language, text, self._forms(text, language))

        call = self.book.service.call
        for piece, words in call.words.items():
            for language, text in words.items():
                path = ("service", "call", "words", piece.value, language)
                yield OutgoingText(path, language, text, self._forms(text, language), Part.SPOKEN)
        for key, labels in call.menu.items():
            for language, text in labels.items():
                path = ("service", "call", "menu", key, language)
                yield OutgoingText(path, language, text, self._forms(text, language), Part.SPOKEN)

    def _forms(self, text: str, language: LanguageCode) -> tuple[str, ...]:
        return extreme_forms(text, language, self.book.contacts)

    def has_reply(self, key: ReplyKey) -> bool:
        """Whether a reply exists, readable or not."""
        return key in self.book.replies or ("replies", key) in self.unread

    def has_contact(self, key: ContactKey) -> bool:
        """Whether a contact exists, readable or not."""
        return key in self.book.contacts or ("contacts", key) in self.unread

    def is_danger(self, text: OutgoingText) -> bool:
        """Whether a text belongs to a danger reply."""
        return text.reply_key is not None and self.book.is_danger(text.reply_key)

    def error(self, path: Path, what: str, mend: str) -> Complaint:
        """Complain about a part of the book: it may not go live."""
        return self._complaint(Severity.ERROR, path, what, mend)

    def warning(self, path: Path, what: str, mend: str) -> Complaint:
        """Complain about a part of the book: somebody should think about it."""
        return self._complaint(Severity.WARNING, path, what, mend)

    def in_text(self, severity: Severity, text: OutgoingText, position: int, what: str, mend: str) -> Complaint:
        """Complain about a spot in a text."""
        place = self.places.in_text(text.path, text.text, position)
        return Complaint(severity, place.file, place.line, what, mend, text.path)

    def _complaint(self, severity: Severity, path: Path, what: str, mend: str) -> Complaint:
        place = self.places.at(path)
        return Complaint(severity, place.file, place.line, what, mend, path)


Rule = Callable[[Sheet], Iterable[Complaint]]


def texts_of(reply: Reply, part: Part) -> dict[LanguageCode, str]:
    """Give one part of a reply in every language it has."""
    texts: dict[LanguageCode, str] = getattr(reply, part.value)
    return texts


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Give ``Did you mean X?`` with a space before it, or nothing when no choice is near."""
    near = difflib.get_close_matches(word, list(choices), n=1)
    return f" Did you mean {near[0]}?" if near else ""
