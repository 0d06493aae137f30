"""The form of the line's settings: from their file, from what was sent, and back to edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sms_service.core.book_words import LANGUAGES
from sms_service.core.contact_tokens import ContactTokens
from sms_service.core.publishing.field_edits import FieldEdit, Fields, FieldValue
from sms_service.core.reply_book import DEFAULT_LANGUAGE, LanguageCode, ReplyBook, ReplyKey, ReservedWords
from sms_service.staff.editing.reply_form import columns

MOST_IN_MENU: Final = 9
MOST_PENCE: Final = 100.0

NOT_YET: Final = "It is being written. A native reader has to read every word aloud, and approve it."
"""What a language waits for at first."""


@dataclass(kw_only=True)
class SettingsForm:
    """The settings as they stand in the form.

    Attributes:
        name: As typed.
        menu: Keys of replies, in order.
        languages: Those that are live, English among them.
        emergency_line: With tokens for contacts, by language.
        waiting: What languages that are written, but not live, wait for.
        reserved_words: ``provider`` or ``line``.
        pence_per_segment: As typed.
        errors: Sentences by id of the field.
    """

    name: str
    menu: list[ReplyKey]
    languages: list[LanguageCode]
    emergency_line: dict[LanguageCode, str]
    waiting: dict[LanguageCode, str]
    reserved_words: str
    pence_per_segment: str
    errors: dict[str, list[str]] = field(default_factory=dict)

    def move(self, index: int, by: int) -> None:
        """Move an entry of the menu up (-1) or down (1); at the ends nothing happens."""
        other = index + by
        if 0 <= index < len(self.menu) and 0 <= other < len(self.menu):
            self.menu[index], self.menu[other] = self.menu[other], self.menu[index]

    def begin_language(self, language: LanguageCode) -> None:
        """Make room for a language: it is written beside the others, and sent to nobody yet."""
        if language in self.missing_languages:
            self.waiting[language] = NOT_YET
            self.emergency_line.setdefault(language, "")

    @property
    def missing_languages(self) -> dict[LanguageCode, str]:
        """The languages that could be begun."""
        return {code: name for code, name in LANGUAGES.items() if code not in {*self.languages, *self.waiting}}


def form_of_settings(fields: Fields, book: ReplyBook, tokens: ContactTokens) -> SettingsForm:
    """Fill the form from the file, whatever stands in it."""
    lines, waiting = (
        found if isinstance(found, Mapping) else {}
        for found in (fields.get("emergency_line"), fields.get("waiting_languages"))
    )
    languages = [one for one in _list(fields.get("languages")) if one in LANGUAGES]
    return SettingsForm(
        name=_word(fields.get("name")),
        menu=_list(fields.get("menu")),
        languages=list(dict.fromkeys([DEFAULT_LANGUAGE, *languages])),
        emergency_line={code: tokens.shown(_word(lines.get(code))) for code in columns(book, lines)},
        waiting={code: _word(waiting.get(code)) for code in sorted({*waiting, *(_written(book) - {*languages})})},
        reserved_words=_word(fields.get("reserved_words")) or ReservedWords.PROVIDER.value,
        pence_per_segment=_word(fields.get("pence_per_segment")) or "4.0",
    )


def settings_of_request(sent: Mapping[str, str], ticked: list[str], book: ReplyBook) -> SettingsForm:
    """Fill the form from what was sent; ``ticked`` are the languages."""
    languages = [DEFAULT_LANGUAGE, *(one for one in LANGUAGES if one in ticked and one != DEFAULT_LANGUAGE)]
    menu = [key for key in sent.get("menu", "").split(",") if key in book.replies]
    codes = [*languages, *(code for code in LANGUAGES if f"emergency_line-{code}" in sent and code not in languages)]
    return SettingsForm(
        name=sent.get("name", "").strip(),
        menu=list(dict.fromkeys(menu)),
        languages=languages,
        emergency_line={code: sent.get(f"emergency_line-{code}", "").replace("\r\n", "\n") for code in codes},
        waiting={code: sent[f"waiting-{code}"].strip() for code in LANGUAGES if f"waiting-{code}" in sent},
        reserved_words=sent.get("reserved_words", ReservedWords.PROVIDER.value),
        pence_per_segment=sent.get("pence_per_segment", "").strip(),
    )


def settings_edits(form: SettingsForm, base: Fields, tokens: ContactTokens) -> list[FieldEdit]:
    """Give everything in the form as edits; what cannot be saved is noted in ``form.errors``."""
    if not form.name:
        form.errors["name"] = ["Enter a name"]
    if not 1 <= len(form.menu) <= MOST_IN_MENU:
        form.errors["menu"] = [f"Put 1 to {MOST_IN_MENU} replies on the menu"]
    if not form.emergency_line.get(DEFAULT_LANGUAGE, "").strip():
        form.errors[f"emergency_line-{DEFAULT_LANGUAGE}"] = ["Enter the emergency line in English"]
    if form.reserved_words not in set(ReservedWords):
        form.errors["reserved_words"] = ["Choose who answers STOP and HELP"]
    for code, text in form.emergency_line.items():
        for token, hint in tokens.unknown(tokens.taken(text)):
            sentence = f"{token} is not a contact. {hint or 'Choose one from the list below the text'}"
            form.errors.setdefault(f"emergency_line-{code}", []).append(sentence)
    lines = [
        FieldEdit(("emergency_line", code), tokens.taken(text).strip() or None)
        for code, text in form.emergency_line.items()
    ]
    # A language that is live waits for nothing any more.
    waiting = [
        FieldEdit(("waiting_languages", code), None if code in form.languages else words or None)
        for code, words in form.waiting.items()
    ]
    return [
        FieldEdit(("name",), form.name),
        FieldEdit(("languages",), tuple(form.languages)),
        FieldEdit(("menu",), tuple(form.menu)),
        *waiting,
        *lines,
        FieldEdit(("reserved_words",), form.reserved_words),
        FieldEdit(("pence_per_segment",), _pence(form, base)),
    ]


def _written(book: ReplyBook) -> set[LanguageCode]:
    """Give the languages that some reply is written in, English apart."""
    return {language for reply in book.replies.values() for language in reply.text} - {DEFAULT_LANGUAGE}


def _pence(form: SettingsForm, base: Fields) -> str:
    try:
        pence = float(form.pence_per_segment)
    except ValueError:
        pence = -1.0
    if not 0 <= pence <= MOST_PENCE:
        form.errors["pence_per_segment"] = [f"Enter a price from 0 to {MOST_PENCE:g} pence, such as 4.2"]
        return form.pence_per_segment
    before = _word(base.get("pence_per_segment"))
    try:
        return before if before and float(before) == pence else form.pence_per_segment
    except ValueError:
        return form.pence_per_segment


def _word(value: FieldValue | None) -> str:
    return value if isinstance(value, str) else ""


def _list(value: FieldValue | None) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, tuple) else []
