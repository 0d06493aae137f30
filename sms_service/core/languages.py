"""Languages by name: what each calls itself, and the words by which somebody chooses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sms_service.core.book_fields import LanguageCode
from sms_service.core.normalisation import keyword_form

NAMES: Final[dict[LanguageCode, str]] = {
    "en": "English",
    "cy": "Cymraeg",
    "pl": "Polski",
    "ro": "Romana",
    "so": "Soomaali",
    "gu": "Gujarati",
    "pa": "Punjabi",
    "ur": "Urdu",
    "ar": "Arabic",
    "uk": "Ukrainska",
    "hi": "Hindi",
    "bn": "Bangla",
}
"""In letters that every phone can send; a language that is not here is known by its code."""

_OWN_LETTERS: Final[dict[str, LanguageCode]] = {
    "ਪੰਜਾਬੀ": "pa",
    "پنجابی": "pa",
    "ગુજરાતી": "gu",
    "हिन्दी": "hi",
    "हिंदी": "hi",
    "বাংলা": "bn",
    "اردو": "ur",
    "العربية": "ar",
    "عربي": "ar",
    "українська": "uk",
    "af soomaali": "so",
    "limba română": "ro",
}
_CHOSEN_BY: Final[dict[str, LanguageCode]] = {
    **{keyword_form(name): code for name, code in _OWN_LETTERS.items()},
    **{name.casefold(): code for code, name in NAMES.items()},
    "saesneg": "en",
    "welsh": "cy",
    "polish": "pl",
    "romanian": "ro",
    "somali": "so",
    "arabic": "ar",
    "ukrainian": "uk",
    "bengali": "bn",
    "panjabi": "pa",
}
_COURTESY: Final = frozenset({"please", "pls", "plz", "in", "language", "plis"})
_MOST_WORDS: Final = 8


def chosen_language(words: Sequence[str]) -> LanguageCode | None:
    """Give the language that the whole text names, or None.

    Args:
        words: Of the whole text, normalised.
    """
    if len(words) > _MOST_WORDS:
        return None
    return _CHOSEN_BY.get(" ".join([word for word in words if word not in _COURTESY]))


def listed(languages: tuple[LanguageCode, ...]) -> str:
    """Give the words that choose some languages, one a line."""
    return "\n".join(NAMES.get(code, code).upper() for code in languages)
