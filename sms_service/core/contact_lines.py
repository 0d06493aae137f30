"""Texts as lines with contacts in them: who can be reached is named first.

A reply is written one line a contact. Neighbouring lines that each name a contact are sorted by who answers now: open
contacts first, those with unknown hours next, shut ones last with the time they open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from sms_service.core.gsm7_twins import tidy_for_gsm7
from sms_service.core.opening_hours import Openness
from sms_service.core.placeholders import contact_keys, pieces
from sms_service.core.reply_book import (
    DEFAULT_LANGUAGE,
    Contact,
    ContactKey,
    KnownHours,
    LanguageCode,
    WeeklyHours,
)
from sms_service.core.speech import AGAIN, say_contact, say_literal

Lines = tuple[tuple[str, ...], ...]
"""A text cut up: for each line literal, contact key, literal, ... literal."""

GSM7_LANGUAGES: Final = frozenset({"en", "cy"})
"""Languages whose texts are tidied to GSM-7. In others an accent is part of the word: they are sent as written."""

_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot carry or a phone would not show. The checker refuses them; here they only must do no harm."""


class Directory:
    """The contacts of a book, each with the ways it is written and said."""

    def __init__(self, contacts: Mapping[ContactKey, Contact]) -> None:
        self.contacts = contacts
        self._written = {key: tidied(contact.shown, DEFAULT_LANGUAGE) for key, contact in contacts.items()}
        self._said_first = {
            language: {key: say_contact(contact, twice=True, language=language) for key, contact in contacts.items()}
            for language in AGAIN
        }
        self._said_later = {key: say_contact(contact, twice=False) for key, contact in contacts.items()}
        self._resting = {
            key: Openness.OPEN if contact.hours is KnownHours.ALWAYS else Openness.UNKNOWN
            for key, contact in contacts.items()
        }

    def knows_all_of(self, text: str) -> bool:
        """Whether every contact that a text names is in the directory."""
        return all(key in self.contacts for key in contact_keys(text))

    def timed(self, lines: Lines) -> tuple[ContactKey, ...]:
        """Give the contacts in some lines that have a table of hours, each once."""
        keys = dict.fromkeys(key for line in lines for key in line[1::2])
        return tuple(k for k in keys if k in self.contacts and isinstance(self.contacts[k].hours, WeeklyHours))

    def fill(
        self,
        lines: Lines,
        states: Mapping[ContactKey, Openness],
        notes: Mapping[ContactKey, str],
        *,
        spoken: bool,
        language: LanguageCode = DEFAULT_LANGUAGE,
    ) -> str:
        """Put contacts into lines, the reachable ones of neighbouring lines first."""
        said: set[ContactKey] = set()
        first = self._said_first.get(language, self._said_first[DEFAULT_LANGUAGE])
        written = []
        for line in self._reachable_first(lines, states):
            words = list(line)
            for index in range(1, len(words), 2):
                key = words[index]
                if spoken:
                    words[index] = self._said_later[key] if key in said else first[key]
                    said.add(key)
                else:
                    words[index] = self._written.get(key, f"{{contact.{key}}}")
                if key in notes:
                    words[index] += f", which {notes[key]}" if spoken else f" ({notes[key]})"
            written.append("".join(words))
        return "\n".join(written)

    def _reachable_first(self, lines: Lines, states: Mapping[ContactKey, Openness]) -> Iterator[tuple[str, ...]]:
        """Sort each run of neighbouring lines that name contacts; other lines stay where they are.

        A line with several contacts counts as its most reachable one. Equals keep the order of the writer.
        """

        def reachable(line: tuple[str, ...]) -> Openness:
            return min(states.get(key, self._resting.get(key, Openness.UNKNOWN)) for key in line[1::2])

        for names_contacts, run in groupby(lines, key=lambda line: len(line) > 1):
            if names_contacts:
                yield from sorted(run, key=reachable)
            else:
                yield from run


def tidied(text: str, language: LanguageCode) -> str:
    """Tidy to GSM-7, or leave the text as written where that would not be enough to make it cheaper."""
    text = without_controls(text)
    if language not in GSM7_LANGUAGES:
        return text
    tidied = tidy_for_gsm7(text)
    return tidied.text.strip() if tidied.fits_gsm7 else text


def without_controls(text: str) -> str:
    """Leave out what may not be sent at all; a tab becomes a space."""
    return _CONTROLS.sub("", text.replace("\t", " ")).strip()


def lines_of(text: str) -> Lines:
    """Cut a text into lines and each line at its contacts."""
    return tuple(pieces(line) for line in text.split("\n"))


def spoken_lines_of(text: str, language: LanguageCode = DEFAULT_LANGUAGE) -> Lines:
    """Cut a text into lines whose own words are ready to be said; contacts are said when they are filled in."""
    return tuple(
        tuple(piece if index % 2 else say_literal(piece, language) for index, piece in enumerate(line))
        for line in lines_of(without_controls(text))
    )
