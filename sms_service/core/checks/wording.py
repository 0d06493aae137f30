"""Rules about words: discreet, kind, true, short, plain. All but the first are for English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sms_service.core.checks.complaints import Complaint, Severity
from sms_service.core.checks.hard_words import find_hard_words
from sms_service.core.checks.refused_words import LOCK_SCREEN_WORDS, REFUSED_WORDS
from sms_service.core.checks.sheet import OutgoingText, Sheet

LOCK_SCREEN_CHARACTERS: Final = 40
"""What a locked phone shows of a text."""

_TELLING_CHARACTERS: Final = 4
"""How much of a word must show for somebody to guess it."""

WANTED_WORDS: Final = 12
MOST_WORDS: Final = 20
"""Words in a sentence. One idea each, for a reading age of about nine."""

_SENTENCE: Final = re.compile(r"[^\s](?:[^.!?\n]|[.!?](?!\s|$))*[.!?]*")
_WORD: Final = re.compile(r"\{[^{}]*\}|\d[\d ]*\d|[^\W_][\w'\N{RIGHT SINGLE QUOTATION MARK}./@-]*")


def lock_screen_is_discreet(sheet: Sheet) -> Iterator[Complaint]:
    """The first 40 characters name no abuse, no service and no picture."""
    names = [contact.name.casefold() for contact in sheet.book.contacts.values()]
    for text in sheet.texts:
        if not text.is_sms:
            continue
        word = next((word for form in text.forms if (word := _telling_word(form, names))), None)
        if word is not None:
            what = f"'{word}' shows on a locked phone: it is among the first {LOCK_SCREEN_CHARACTERS} characters."
            mend = "Begin with: You are not in trouble. Or begin with the number that saves them."
            yield sheet.in_text(Severity.ERROR, text, 0, what, mend)


def _telling_word(form: str, names: list[str]) -> str | None:
    match = LOCK_SCREEN_WORDS.search(form)
    if match is not None and match.start() + _TELLING_CHARACTERS <= LOCK_SCREEN_CHARACTERS:
        word: str = match.group()
        return word
    shown = form[:LOCK_SCREEN_CHARACTERS].casefold()
    return next((name for name in names if name in shown), None)


def words_are_kind_and_true(sheet: Sheet) -> Iterator[Complaint]:
    """No blame, no threat with the law, no promise, no wrong fact."""
    for text in _english(sheet):
        taken: list[tuple[int, int]] = []
        for refused in REFUSED_WORDS:
            for match in refused.pattern.finditer(text.text):
                # 'keep it secret' is complained about once, not again for 'secret'.
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                taken.append(match.span())
                what = f"'{' '.join(match.group().split())}' {refused.why}"
                yield sheet.in_text(refused.severity, text, match.start(), what, refused.instead)


def nobody_shouts(sheet: Sheet) -> Iterator[Complaint]:
    """No exclamation marks: in danger they frighten, elsewhere they sound like advertising."""
    for text in sheet.texts:
        position = text.text.find("!")
        if position >= 0:
            severity = Severity.ERROR if sheet.is_danger(text) or text.reply_key is None else Severity.WARNING
            yield sheet.in_text(severity, text, position, "There is an exclamation mark.", "Write a full stop.")


def sentences_are_short(sheet: Sheet) -> Iterator[Complaint]:
    """Twelve words are wanted in a sentence, twenty are the most."""
    for text in _english(sheet):
        for match in _SENTENCE.finditer(text.text):
            count = len(_WORD.findall(match.group()))
            if count > WANTED_WORDS:
                severity = Severity.ERROR if count > MOST_WORDS else Severity.WARNING
                beginning = " ".join(match.group().split()[:4])
                what = f"The sentence '{beginning} ...' has {count} words."
                mend = f"Make two of it: {WANTED_WORDS} words are wanted, {MOST_WORDS} are the most."
                yield sheet.in_text(severity, text, match.start(), what, mend)


def words_are_plain(sheet: Sheet) -> Iterator[Complaint]:
    """Words that a nine-year-old reads. Names in the contact directory are not counted."""
    names = {word.casefold() for contact in sheet.book.contacts.values() for word in re.findall(r"\w+", contact.name)}
    for text in _english(sheet):
        for word in find_hard_words(text.text, known=names):
            mend = f"Say: {word.easier}." if word.easier else "Find a shorter word."
            yield sheet.in_text(Severity.WARNING, text, word.position, f"'{word.written}' is a hard word.", mend)


def _english(sheet: Sheet) -> Iterator[OutgoingText]:
    return (text for text in sheet.texts if text.is_english)
