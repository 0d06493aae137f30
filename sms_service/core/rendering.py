"""From a reply's words in the book to the text that leaves: contacts filled in, tidied, counted.

Build one :class:`Renderer` a release. It prepares every text once; only texts that name a contact with a table of hours
are put together again for each message, because their order depends on who is open. Nothing here raises for a missing
reply, part, language or contact: the answer is then the nearest text that is complete, at last the built-in one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from sms_service.core.contact_lines import Directory, lines_of, spoken_lines_of, tidied
from sms_service.core.fallback import BUILT_IN_FALLBACK
from sms_service.core.opening_hours import (
    LONGEST_OPENING_WORDS,
    Openness,
    opening_words,
    opens_at,
    spoken_opening_words,
)
from sms_service.core.reply_book import (
    DEFAULT_LANGUAGE,
    FALLBACK,
    Contact,
    ContactKey,
    LanguageCode,
    ReplyBook,
    ReplyKey,
)
from sms_service.core.segments import count_segments
from sms_service.core.speech import say_lines, say_literal


class Part(StrEnum):
    """Which of a reply's texts is wanted."""

    TEXT = "text"
    AGAIN = "again"
    MORE = "more"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class RenderedReply:
    """A text ready to leave.

    Attributes:
        text: What is sent or, for the spoken part, said.
        segments: What it costs as a text message; 0 for the spoken part.
        language: The language it is really in, after falling back.
        key: The reply it was taken from; ``fallback`` when the wanted one could not be used.
    """

    text: str
    segments: int
    language: LanguageCode
    key: ReplyKey


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """A text cut into lines, with what stays the same whoever is open.

    Attributes:
        lines: For each line literal, contact key, literal, ... literal.
        timed: The contacts in it that have a table of hours.
        fixed: The finished reply when there are none.
    """

    key: ReplyKey
    language: LanguageCode
    spoken: bool
    lines: tuple[tuple[str, ...], ...]
    timed: tuple[ContactKey, ...]
    fixed: RenderedReply | None = None


class Renderer:
    """Every text of one reply book, prepared. Safe to share between threads.

    Hours are written to the minute, so a text that depends on them is kept for the minute it was made in; threads may
    both make it, and make the same.
    """

    def __init__(self, book: ReplyBook) -> None:
        self._this_minute: dict[_Prepared, tuple[int, frozenset[dt.date], RenderedReply]] = {}
        self._directory = Directory(book.contacts)
        self._texts: dict[tuple[ReplyKey, Part, LanguageCode, bool], _Prepared] = {}
        for key, reply in book.replies.items():
            for part in Part:
                for language in {*reply.text, *getattr(reply, part)}:
                    self._prepare(book, key, part, language)

    def render(
        self,
        reply_key: ReplyKey,
        part: Part,
        language: LanguageCode,
        now: dt.datetime,
        bank_holidays: frozenset[dt.date],
        *,
        emergency_line: bool = False,
    ) -> RenderedReply:
        """Give a reply as it leaves now.

        Args:
            reply_key: An unknown one gives the fallback reply.
            part: A part that the reply lacks gives its text.
            language: A language that the reply lacks gives English.
            now: Any aware moment; decides who is open.
            bank_holidays: Days off in England and Wales.
            emergency_line: Put the book's emergency line first. Danger replies begin with the numbers anyway and are
                left as they are.

        Raises:
            ValueError: When ``now`` is naive and the text depends on it.
        """
        for key in (reply_key, FALLBACK):
            for wanted in (language, DEFAULT_LANGUAGE):
                prepared = self._texts.get((key, part, wanted, emergency_line))
                if prepared is not None:
                    return prepared.fixed or self._put_together(prepared, now, bank_holidays)
        return _BUILT_IN_SPOKEN if part is Part.SPOKEN else _BUILT_IN

    def _prepare(self, book: ReplyBook, key: ReplyKey, part: Part, language: LanguageCode) -> None:
        """Prepare a part with and without the emergency line; a text that names an unknown contact is left out."""
        reply = book.replies[key]
        choices = (getattr(reply, part).get(language), reply.text.get(language))
        text = next((text for text in choices if text is not None and self._is_complete(text, language)), None)
        if text is None:
            return
        self._texts[key, part, language, False] = self._prepared(key, part, language, text)
        line = book.service.emergency_line.get(language) or book.service.emergency_line.get(DEFAULT_LANGUAGE) or ""
        wanted = not book.is_danger(key) and self._is_complete(line, language)
        with_line = f"{line}\n{text}" if wanted else text
        self._texts[key, part, language, True] = self._prepared(key, part, language, with_line)

    def _is_complete(self, text: str, language: LanguageCode) -> bool:
        """Whether something is left to read, and every contact is known."""
        return bool(tidied(text, language)) and self._directory.knows_all_of(text)

    def _prepared(self, key: ReplyKey, part: Part, language: LanguageCode, text: str) -> _Prepared:
        spoken = part is Part.SPOKEN
        lines = spoken_lines_of(text, language) if spoken else lines_of(tidied(text, language))
        timed = self._directory.timed(lines)
        prepared = _Prepared(key, language, spoken, lines, timed)
        if timed:
            return prepared
        words = self._directory.fill(lines, {}, {}, spoken=spoken, language=language)
        return replace(prepared, fixed=_finished(prepared, words))

    def _put_together(self, prepared: _Prepared, now: dt.datetime, bank_holidays: frozenset[dt.date]) -> RenderedReply:
        minute = int(now.timestamp() // 60) if now.tzinfo else None
        kept = self._this_minute.get(prepared)
        if kept is not None and kept[0] == minute and kept[1] == bank_holidays:
            return kept[2]
        states: dict[ContactKey, Openness] = {}
        notes: dict[ContactKey, str] = {}
        for key in prepared.timed:
            moment = opens_at(self._directory.contacts[key], now, bank_holidays)
            states[key] = Openness.OPEN if moment is not None and moment <= now else Openness.SHUT
            if moment is not None and moment > now:
                notes[key] = (
                    spoken_opening_words(moment, now)
                    if prepared.spoken
                    else opening_words(moment, now, prepared.language)
                )
        words = self._directory.fill(prepared.lines, states, notes, spoken=prepared.spoken, language=prepared.language)
        reply = _finished(prepared, words)
        if minute is not None:
            self._this_minute[prepared] = (minute, bank_holidays, reply)
        return reply


def render(
    book: ReplyBook,
    reply_key: ReplyKey,
    part: Part,
    language: LanguageCode,
    now: dt.datetime,
    bank_holidays: frozenset[dt.date],
    *,
    emergency_line: bool = False,
) -> RenderedReply:
    """Render one reply of a book that is used once (a draft, a test). For a release keep a :class:`Renderer`."""
    return Renderer(book).render(reply_key, part, language, now, bank_holidays, emergency_line=emergency_line)


def extreme_forms(text: str, language: LanguageCode, contacts: Mapping[ContactKey, Contact]) -> tuple[str, ...]:
    """Give a text as it leaves at the extremes: everybody with a table of hours open, and shut with the longest note.

    For the checker, which has to know the longest form. Contacts that the directory lacks stay as they are written.
    """
    directory = Directory(contacts)
    lines = lines_of(tidied(text, language))
    timed = directory.timed(lines)
    everybody_open = directory.fill(lines, dict.fromkeys(timed, Openness.OPEN), {}, spoken=False)
    if not timed:
        return (everybody_open,)
    words = LONGEST_OPENING_WORDS.get(language, LONGEST_OPENING_WORDS[DEFAULT_LANGUAGE])
    everybody_shut = directory.fill(
        lines, dict.fromkeys(timed, Openness.SHUT), dict.fromkeys(timed, words), spoken=False
    )
    return everybody_open, everybody_shut


def _finished(prepared: _Prepared, text: str) -> RenderedReply:
    if prepared.spoken:
        return RenderedReply(say_lines(text), 0, prepared.language, prepared.key)
    return RenderedReply(text, count_segments(text).segments, prepared.language, prepared.key)


_BUILT_IN: Final = RenderedReply(
    BUILT_IN_FALLBACK, count_segments(BUILT_IN_FALLBACK).segments, DEFAULT_LANGUAGE, FALLBACK
)
_BUILT_IN_SPOKEN: Final = RenderedReply(say_lines(say_literal(BUILT_IN_FALLBACK)), 0, DEFAULT_LANGUAGE, FALLBACK)
