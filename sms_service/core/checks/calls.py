"""Rules about calls: the words that save lives are said, the choices have names, and key 0 rings a real number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sms_service.core.call_settings import CallPiece
from sms_service.core.calls.script import dialled_number
from sms_service.core.checks.complaints import Complaint, Severity
from sms_service.core.checks.sheet import Sheet, did_you_mean
from sms_service.core.placeholders import contact_keys
from sms_service.core.reply_book import DEFAULT_LANGUAGE, EMERGENCY_CONTACT

LONGEST_SPOKEN_CHARACTERS: Final = 1800
"""As written; numbers said twice make it longer. The provider's voices take 3,000, a caller's patience far less."""

_NAME_999: Final = (
    CallPiece.WELCOME,
    CallPiece.EMERGENCY,
    CallPiece.QUIET,
    CallPiece.NUMBERS,
    CallPiece.CONNECTING,
    CallPiece.GOODBYE,
)
_ONLY_BETWEEN_LANGUAGES: Final = CallPiece.OTHER_LANGUAGE


def put_through_can_be_rung(sheet: Sheet) -> Iterator[Complaint]:
    """Key 0 rings numbers that we can ring: no 999, no 101, no short number."""
    settings = sheet.book.service.call
    keys = settings.put_through if "put_through" in settings.model_fields_set else ()
    for index, key in enumerate(keys):
        path = ("service", "call", "put_through", index)
        contact = sheet.book.contacts.get(key)
        if not sheet.has_contact(key):
            mend = f"Use a key from contacts.yaml.{did_you_mean(key, sheet.book.contacts)}"
            yield sheet.warning(path, f"There is no contact '{key}': key 0 passes over it.", mend)
        elif contact is not None and dialled_number(contact) is None:
            what = f"'{key}' ({contact.shown}) cannot be rung for somebody else."
            yield sheet.error(path, what, "Name a contact whose number begins with 0. 999 and 101 need the own phone.")
        elif key in keys[:index]:
            yield sheet.error(path, f"'{key}' stands here twice.", "Delete one of them.")


def call_words_name_999(sheet: Sheet) -> Iterator[Complaint]:
    """The first words, the last words and those for silence say 999."""
    for piece in _NAME_999:
        for language, text in sheet.book.service.call.words.get(piece, {}).items():
            if EMERGENCY_CONTACT not in contact_keys(text):
                path = ("service", "call", "words", piece.value, language)
                what = f"The words of '{piece.value}' do not name 999."
                yield sheet.error(path, what, f"Write {{contact.{EMERGENCY_CONTACT}}} into them.")


def welcome_begins_with_999(sheet: Sheet) -> Iterator[Complaint]:
    """The very first sentence of a call names 999: whoever must hang up may not hear a second one."""
    for language, text in sheet.book.service.call.words.get(CallPiece.WELCOME, {}).items():
        first = next((line for line in text.splitlines() if line.strip()), "")
        if EMERGENCY_CONTACT in contact_keys(text) and EMERGENCY_CONTACT not in contact_keys(_first_sentence(first)):
            path = ("service", "call", "words", CallPiece.WELCOME.value, language)
            what = "The welcome says other things before 999."
            yield sheet.error(path, what, f"Put the sentence with {{contact.{EMERGENCY_CONTACT}}} first.")


def _first_sentence(line: str) -> str:
    return re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0]


def call_choices_have_names(sheet: Sheet) -> Iterator[Complaint]:
    """Every reply of the menu has words to say before 'press 1', and nothing else has."""
    settings = sheet.book.service
    if not settings.call.menu:
        return
    for key in settings.menu:
        if DEFAULT_LANGUAGE not in settings.call.menu.get(key, {}):
            what = f"The menu leads to '{key}', but a caller hears only its keyword."
            yield sheet.warning(("service", "call", "menu", key), what, "Write a few words for it, in English.")
    for key in settings.call.menu:
        if key not in settings.menu:
            what = f"'{key}' is not in the menu: these words are never said."
            yield sheet.warning(("service", "call", "menu", key), what, "Delete them, or add it to the menu.")


def spoken_words_are_short(sheet: Sheet) -> Iterator[Complaint]:
    """What is said in one go is short enough for the provider's voices."""
    for text in sheet.texts:
        if not text.is_sms and len(text.text) > LONGEST_SPOKEN_CHARACTERS:
            what = f"This has {len(text.text)} characters; its end would not be said."
            yield sheet.in_text(Severity.ERROR, text, 0, what, f"Shorten it to {LONGEST_SPOKEN_CHARACTERS} characters.")


def calls_speak_live_languages(sheet: Sheet) -> Iterator[Complaint]:
    """A live language has every word of a call, or a caller hears two languages in one sentence."""
    settings = sheet.book.service
    if not settings.call.words:
        return
    for language in settings.languages:
        for piece in CallPiece:
            if piece is _ONLY_BETWEEN_LANGUAGES and len(settings.languages) == 1:
                continue
            if language not in settings.call.words.get(piece, {}):
                path = ("service", "call", "words", piece.value)
                what = f"The words of '{piece.value}' are missing in '{language}', which is a live language."
                yield sheet.warning(path, what, f"Add '{language}'.")
