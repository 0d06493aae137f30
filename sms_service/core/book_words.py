"""The parts of the book in plain words, as pages and the history name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sms_service.core.call_settings import CallPiece
from sms_service.core.publishing.field_edits import FieldPath
from sms_service.core.rendering import Part

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

CALL_WORDS: Final[Mapping[str, str]] = {
    CallPiece.WELCOME: "The first words of a call",
    CallPiece.EMERGENCY: "999, put before what does not name it",
    CallPiece.HELLO: "Who answers a call",
    CallPiece.MENU: "Before the spoken menu",
    CallPiece.AFTER_ANSWER: "After a reply that was heard",
    CallPiece.TEXT_OFFER: "The offer of a text",
    CallPiece.QUIET: "For a caller who says nothing",
    CallPiece.UNCLEAR: "For a caller who was not understood",
    CallPiece.NUMBERS: "The numbers, where nothing else can be done",
    CallPiece.CONNECTING: "Before the first number is rung",
    CallPiece.NEXT: "Before the next number is rung",
    CallPiece.NOT_REACHED: "When nobody could be reached",
    CallPiece.BACK: "After a talk with somebody",
    CallPiece.TEXTED: "When a text is on its way",
    CallPiece.NOT_TEXTED: "When no text could be sent",
    CallPiece.OTHER_LANGUAGE: "How to change the language of a call",
    CallPiece.GOODBYE: "The last words of a call",
}
"""For each piece that is said between the replies of a call its heading."""

_NO_TITLES: Final[Mapping[str, str]] = {}

_FIELDS: Final = {
    "title": "Title",
    "danger": "Danger",
    "keywords": "Keywords",
    "follow": "Replies offered next",
    "examples": "Sentences",
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
    "put_through": "Whom key 0 rings",
    "emergency_line": "Emergency line",
    "reserved_words": "Who answers STOP and HELP",
    "pence_per_segment": "Price of a segment in pence",
}


def language_name(code: str) -> str:
    """Give the English name of a language, or its code in capitals."""
    return LANGUAGES.get(code, code.upper())


_OF_A_LANGUAGE: Final = {
    **{part.value: f"{heading}, {{}}" for part, (heading, _) in PARTS.items()},
    "emergency_line": "Emergency line, {}",
    "keywords_in": "Keywords, {}",
    "waiting_languages": "What {} waits for",
}


def field_words(path: FieldPath, titles: Mapping[str, str] = _NO_TITLES) -> str:
    """Name a field: ``("text", "cy")`` is 'The text, Welsh'; none is the file as a whole; ``titles`` are of replies."""
    match path:
        case ():
            return "The whole of it"
        case (field, language) if field in _OF_A_LANGUAGE:
            return _OF_A_LANGUAGE[field].format(language_name(language))
        case ("call", "words", piece, language):
            return f"{CALL_WORDS.get(piece, piece)}, {language_name(language)}"
        case ("call", "menu", reply, language):
            return f"In the spoken menu, {titles.get(reply, reply)}, {language_name(language)}"
    return _FIELDS.get(path[-1], path[-1])
