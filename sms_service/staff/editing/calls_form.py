"""The forms of what callers hear: the words of one place in a call, and whom a call is put through to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sms_service.core.book_words import CALL_WORDS
from sms_service.core.call_settings import CallPiece, CallSettings
from sms_service.core.calls.slots import CHOICE, WORDS, CallSlot, choices_of_call
from sms_service.core.checks.calls import LONGEST_SPOKEN_CHARACTERS
from sms_service.core.contact_tokens import ContactTokens
from sms_service.core.publishing.field_edits import FieldEdit, Fields, value_at
from sms_service.core.reply_book import DEFAULT_LANGUAGE, ContactKey, LanguageCode, ReplyBook
from sms_service.staff.editing.reply_form import columns

PUT_THROUGH: Final = ("call", "put_through")

_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_LONGEST: Final = LONGEST_SPOKEN_CHARACTERS + 200
"""More than the checker would ever let pass."""

_CHOICES: Final = "choices"
_GROUPS: Final[tuple[tuple[str, str, tuple[CallPiece, ...]], ...]] = (
    (
        "begin",
        "When somebody rings",
        (CallPiece.WELCOME, CallPiece.EMERGENCY, CallPiece.HELLO, CallPiece.MENU),
    ),
    (_CHOICES, "The choices", (CallPiece.OTHER_LANGUAGE,)),
    (
        "answer",
        "When they have heard a reply",
        (CallPiece.AFTER_ANSWER, CallPiece.TEXT_OFFER, CallPiece.TEXTED, CallPiece.NOT_TEXTED),
    ),
    ("silence", "When they say nothing, or were not understood", (CallPiece.QUIET, CallPiece.UNCLEAR)),
    (
        "person",
        "When they press 0 for a person",
        (CallPiece.CONNECTING, CallPiece.NEXT, CallPiece.NOT_REACHED, CallPiece.NUMBERS, CallPiece.BACK),
    ),
    ("end", "At the end", (CallPiece.GOODBYE,)),
)
"""The pieces in the order of a call, under the headings of the page; choices come first under theirs."""

_WHEN: Final[Mapping[str, str]] = {
    CallPiece.WELCOME: "Nothing can talk over them, so they are few. 999 comes in the very first sentence.",
    CallPiece.EMERGENCY: "One sentence. It is put before whatever does not name 999 itself.",
    CallPiece.HELLO: "Said after the first words.",
    CallPiece.MENU: "Said before the choices are read out.",
    CallPiece.OTHER_LANGUAGE: (
        "Said only where two languages are live, to a caller who hears the other one: the English words are heard in a "
        "Welsh call."
    ),
    CallPiece.AFTER_ANSWER: "Which keys a caller can press now.",
    CallPiece.TEXT_OFFER: "Only for callers from a mobile, who can get a text.",
    CallPiece.TEXTED: "Said when they pressed hash, and a text was sent.",
    CallPiece.NOT_TEXTED: "The numbers are read out after it.",
    CallPiece.QUIET: "How to ring 999 in silence. These words are exact: ask the police before you change them.",
    CallPiece.UNCLEAR: "Said after a key that does nothing, and after words that were not understood twice.",
    CallPiece.CONNECTING: "Said while the first number is rung.",
    CallPiece.NEXT: "Said when the first did not answer.",
    CallPiece.NOT_REACHED: "The numbers are read out after it.",
    CallPiece.NUMBERS: "The numbers to ring, where nobody can be reached and no text can be sent.",
    CallPiece.BACK: "For a caller who stays on the line when the other person has hung up.",
    CallPiece.GOODBYE: "Said before the line hangs up.",
}


@dataclass(kw_only=True)
class CallForm:
    """The words of one place in a call as they stand in the form.

    Attributes:
        slot: The place.
        texts: With tokens for contacts, by language; those with a text field.
        errors: Sentences by id of the field, for what cannot be saved.
    """

    slot: CallSlot
    texts: dict[LanguageCode, str]
    errors: dict[str, list[str]] = field(default_factory=dict)

    def taken(self, tokens: ContactTokens) -> dict[LanguageCode, str]:
        """Give the words as the book keeps them."""
        return {language: tokens.taken(text).strip() for language, text in self.texts.items()}

    def edits(self, tokens: ContactTokens) -> list[FieldEdit]:
        """Give everything in the form as edits; what cannot be saved is noted in ``errors``."""
        for language, text in self.texts.items():
            name = field_id(self.slot, language)
            if len(text) > _LONGEST:
                self.errors[name] = [f"Shorten the words to {_LONGEST} characters or fewer"]
            for token, hint in tokens.unknown(tokens.taken(text)):
                sentence = f"{token} is not a contact. {hint or 'Choose one from the list below the words'}"
                self.errors.setdefault(name, []).append(sentence)
        return [FieldEdit((*self.slot.path, language), text or None) for language, text in self.taken(tokens).items()]


def places_of_call(book: ReplyBook) -> list[tuple[str, str, list[CallSlot]]]:
    """Give every place in a call in its order, under the headings of the page."""
    return [
        (
            anchor,
            heading,
            [
                *(choices_of_call(book) if anchor == _CHOICES else ()),
                *(CallSlot(WORDS, piece.value) for piece in pieces),
            ],
        )
        for anchor, heading, pieces in _GROUPS
    ]


def field_id(slot: CallSlot, language: LanguageCode) -> str:
    """Give the id and name of a text's field."""
    return "-".join((*slot.path, language))


def heading_of(slot: CallSlot, book: ReplyBook) -> str:
    """Name a place in a call."""
    if slot.room == WORDS:
        return CALL_WORDS[slot.name]
    reply = book.replies.get(slot.name)
    return slot.name if reply is None else reply.title


def when_said(slot: CallSlot, book: ReplyBook) -> str:
    """Say when a caller hears it."""
    if slot.room == WORDS:
        return _WHEN[slot.name]
    menu = book.service.menu
    if slot.name not in menu:
        return "Never said: the reply is not on the menu."
    return f"Said before 'press {menu.index(slot.name) + 1}'."


def form_of_call(slot: CallSlot, fields: Fields, book: ReplyBook, tokens: ContactTokens) -> CallForm:
    """Fill the form from the file."""
    found = value_at(fields, slot.path)
    written = found if isinstance(found, Mapping) else {}
    texts = {language: str(written.get(language, "")).strip() for language in columns(book, written)}
    return CallForm(slot=slot, texts={language: tokens.shown(text) for language, text in texts.items()})


def call_of_request(slot: CallSlot, sent: Mapping[str, str]) -> CallForm:
    """Fill the form from what was sent."""
    start = "-".join((*slot.path, ""))
    texts = {
        name.removeprefix(start): text.replace("\r\n", "\n")
        for name, text in sent.items()
        if name.startswith(start) and _LANGUAGE.fullmatch(name.removeprefix(start))
    }
    return CallForm(slot=slot, texts={DEFAULT_LANGUAGE: "", **texts})


def put_through_edits(keys: list[ContactKey], base: Fields) -> list[FieldEdit]:
    """Give whom key 0 rings as an edit; what is left out because it is usual is left out again."""
    is_usual = tuple(keys) == CallSettings().put_through and value_at(base, PUT_THROUGH) is None
    return [] if is_usual else [FieldEdit(PUT_THROUGH, tuple(keys))]


def slot_at(room: str, name: str, book: ReplyBook) -> CallSlot | None:
    """Give the place that an address names, when there is such a one."""
    if room == WORDS and name in set(CallPiece):
        return CallSlot(WORDS, name)
    if room == CHOICE and name in {*book.service.menu, *book.service.call.menu}:
        return CallSlot(CHOICE, name)
    return None
