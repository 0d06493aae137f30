"""Codes and complaints in the words of the pages: no file names, no keys, no brackets of the book's format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sms_service.core.checks import Complaint
from sms_service.core.contact_tokens import ContactTokens
from sms_service.core.contact_upkeep import Upkeep
from sms_service.core.publishing.field_edits import FieldPath
from sms_service.core.rendering import Part
from sms_service.core.reply_book import ReplyBook

LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "cy": "Welsh",
    "ar": "Arabic",
    "bn": "Bengali",
    "cs": "Czech",
    "fa": "Farsi",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "pa": "Punjabi",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "sk": "Slovak",
    "so": "Somali",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "zh": "Chinese",
}
"""ISO 639-1 codes of languages that are written or spoken around Leicester, with their English names."""

PARTS: Final[Mapping[Part, tuple[str, str]]] = {
    Part.TEXT: ("The text", "What somebody gets the first time."),
    Part.AGAIN: (
        "If they ask again",
        "Sent when the same person is due the same reply a second time. Give the next step.",
    ),
    Part.MORE: ("When they text MORE", "A second part. If you write one, end the text with: For more, text MORE"),
    Part.SPOKEN: ("On the phone", "What somebody hears who rings. Leave it empty and it is made from the text."),
}
"""For each part of a reply its heading, and what it is for."""

DANGER_WORDS: Final = {
    "none": ("No danger", "An everyday question or worry."),
    "high": ("High", "Somebody is being hurt or threatened. This reply wins over replies without danger."),
    "emergency": ("Emergency", "A life may be at risk now. This reply wins over every other."),
}

UPKEEP_WORDS: Final = {
    Upkeep.OVERDUE: ("Overdue", "red"),
    Upkeep.NEVER_CHECKED: ("Never checked", "red"),
    Upkeep.SOON: ("Check soon", "yellow"),
    Upkeep.NO_DATE: ("No next date", "yellow"),
    Upkeep.FINE: ("Checked", "green"),
}
"""For each state of a contact its words and the colour of its tag."""

_FIELDS: Final = {
    "title": "Title",
    "danger": "Danger",
    "keywords": "Keywords",
    "follow": "Replies offered next",
    "examples": "Examples",
    "name": "Name",
    "number": "Phone number",
    "address": "Web address",
    "hours": "Hours",
    "spoken": "How it is said on the phone",
    "people": "People",
    "notes": "Notes",
    "checked_by": "Checked by",
    "checked_on": "Checked on",
    "check_again_by": "Check again by",
    "menu": "Menu",
    "languages": "Languages",
    "waiting_languages": "Languages that wait",
    "emergency_line": "Emergency line",
    "reserved_words": "Who answers STOP and HELP",
    "pence_per_segment": "Price of a segment",
}

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


def language_name(code: str) -> str:
    """Give the English name of a language, or its code in capitals."""
    return LANGUAGES.get(code, code.upper())


def field_words(path: FieldPath) -> str:
    """Name a field: ``("text", "cy")`` is 'The text, Welsh'."""
    if len(path) == 2 and path[0] in set(Part):  # noqa: PLR2004 - a part and its language
        return f"{PARTS[Part(path[0])][0]}, {language_name(path[1])}"
    if len(path) == 2 and path[0] == "emergency_line":  # noqa: PLR2004
        return f"Emergency line, {language_name(path[1])}"
    if len(path) == 2 and path[0] == "waiting_languages":  # noqa: PLR2004
        return f"What {language_name(path[1])} waits for"
    return _FIELDS.get(path[-1], path[-1]) if path else "The whole of it"


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
