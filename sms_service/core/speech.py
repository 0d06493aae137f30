"""How a text sounds on the phone: numbers digit by digit and twice, addresses with their dots said.

A speech engine reads ``0116 454 1004`` as three large numbers, and a caller with no pen needs to hear it again.
"""

from __future__ import annotations

import re
from typing import Final

from sms_service.core.book_fields import DEFAULT_LANGUAGE, LanguageCode
from sms_service.core.phone_numbers import find_phone_numbers
from sms_service.core.reply_book import Contact

_ADDRESS: Final = re.compile(r"(?<![\w@.])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[\w.-]+)*", re.IGNORECASE)
_ADDRESS_SIGNS: Final = {".": " dot ", "/": " slash ", "-": " dash "}
_ENDS_A_SENTENCE: Final = (".", "?", "!", ":", ",", ";")

AGAIN: Final[dict[LanguageCode, str]] = {DEFAULT_LANGUAGE: "again", "cy": "eto"}
"""What stands between a number and its repeat; a language that is not here says it in English."""


def say_literal(text: str, language: LanguageCode = DEFAULT_LANGUAGE) -> str:
    """Say numbers and addresses that stand in the words themselves, as they do in the fallback texts."""
    return say_addresses(say_numbers(text, twice=True, language=language))


def say_contact(contact: Contact, *, twice: bool, language: LanguageCode = DEFAULT_LANGUAGE) -> str:
    """Say a contact's number or address; ``twice`` repeats its numbers."""
    if contact.spoken is not None:
        return contact.spoken
    return say_addresses(say_numbers(contact.shown, twice=twice, language=language))


def say_numbers(text: str, *, twice: bool, language: LanguageCode = DEFAULT_LANGUAGE) -> str:
    """Put a pause between the groups of every phone number: ``0 1 1 6, 4 5 4, 1 0 0 4``.

    A number that a writer has spelled already (single digits) is left as it is.
    """
    said, position = [], 0
    again = AGAIN.get(language, AGAIN[DEFAULT_LANGUAGE])
    for number in find_phone_numbers(text):
        written_groups = re.findall(r"\d+", number.written)
        if max(map(len, written_groups)) == 1:
            continue
        groups = ", ".join(" ".join(group) for group in written_groups)
        said += [text[position : number.position], f"{groups}, {again}, {groups}" if twice else groups]
        position = number.position + len(number.written)
    return "".join([*said, text[position:]])


def say_addresses(text: str) -> str:
    """Say web addresses: ``iwf dot org dot uk slash report``."""
    return _ADDRESS.sub(lambda address: _say_address(address.group()), text)


def say_lines(text: str) -> str:
    """Join lines into sentences, so that the engine pauses where a reader's eye would."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return " ".join(line if line.endswith(_ENDS_A_SENTENCE) else f"{line}." for line in lines if line)


def _say_address(address: str) -> str:
    for sign, word in _ADDRESS_SIGNS.items():
        address = address.replace(sign, word)
    return address
