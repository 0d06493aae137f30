"""The words of a call one by one, in the order in which a caller comes upon them: what staff write and check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sms_service.core.book_fields import DEFAULT_LANGUAGE, LanguageCode
from sms_service.core.call_settings import BUILT_IN_WORDS, CallPiece, CallSettings
from sms_service.core.calls.script import CallWords
from sms_service.core.reply_book import ReplyBook, ServiceSettings

WORDS: Final = "words"
CHOICE: Final = "menu"


@dataclass(frozen=True, slots=True)
class CallSlot:
    """Words with one purpose in a call.

    Attributes:
        room: ``words`` for a piece, ``menu`` for what is said before 'press 1': as in the settings of the line.
        name: Of the piece, or the key of the reply that the choice leads to.
    """

    room: str
    name: str

    @property
    def path(self) -> tuple[str, ...]:
        """Where they stand in the settings of the line."""
        return ("call", self.room, self.name)

    def written(self, service: ServiceSettings) -> Mapping[LanguageCode, str]:
        """Give what is written, by language."""
        call = service.call
        if self.room == CHOICE:
            return call.menu.get(self.name, {})
        return call.words.get(CallPiece(self.name), {})

    def heard(self, words: CallWords, language: LanguageCode) -> str:
        """Give what a caller hears, in English where the language has no words of its own."""
        menu = words.book.service.menu
        if self.room == WORDS:
            built_in = BUILT_IN_WORDS.get(CallPiece(self.name), "")
            own = self.written(words.book.service)
            spoken_in = language if language in own else DEFAULT_LANGUAGE
            return words.said(own.get(spoken_in, built_in), spoken_in) or ""
        return words.choice(menu.index(self.name) + 1, self.name, language).text if self.name in menu else ""


def choices_of_call(book: ReplyBook) -> tuple[CallSlot, ...]:
    """Give the choices in the order of the menu; then those that have words although nothing leads to them."""
    return tuple(CallSlot(CHOICE, key) for key in dict.fromkeys((*book.service.menu, *book.service.call.menu)))


def with_words(book: ReplyBook, slot: CallSlot, texts: Mapping[LanguageCode, str]) -> ReplyBook:
    """Give a book in which a call says other words in one place, to look at only."""
    call = book.service.call
    written = {language: text for language, text in texts.items() if text.strip()}
    change: Mapping[str, object] = (
        {"menu": {**call.menu, slot.name: written}}
        if slot.room == CHOICE
        else {"words": {**call.words, CallPiece(slot.name): written}}
    )
    settings: CallSettings = call.model_copy(update=change)
    return book.model_copy(update={"service": book.service.model_copy(update={"call": settings})})
