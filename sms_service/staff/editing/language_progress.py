"""How far a language is: what is written in it, and what is not yet."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from sms_service.core.calls.slots import CallSlot
from sms_service.core.reply_book import DEFAULT_LANGUAGE, LanguageCode, ReplyBook, ReplyKey
from sms_service.staff.editing.calls_form import heading_of, places_of_call
from sms_service.staff.editing.reply_form import columns


@dataclass(frozen=True, slots=True)
class LanguageProgress:
    """One language besides English.

    Attributes:
        code: Two letters.
        is_live: Whether the line sends it.
        replies: How many replies there are.
        without_text: Key and title of those that go out in English.
        places: How many places there are in a call.
        unsaid: Place and heading of those that are said in English.
    """

    code: LanguageCode
    is_live: bool
    replies: int
    without_text: tuple[tuple[ReplyKey, str], ...]
    places: int
    unsaid: tuple[tuple[CallSlot, str], ...]


def languages_under_way(book: ReplyBook) -> list[LanguageProgress]:
    """Give how far each language is that is live, waits, or has a text somewhere."""
    used = {language for reply in book.replies.values() for language in reply.text}
    return [_progress(book, one) for one in columns(book, used) if one != DEFAULT_LANGUAGE]


def _progress(book: ReplyBook, language: LanguageCode) -> LanguageProgress:
    slots = list(chain.from_iterable(slots for _, _, slots in places_of_call(book)))
    return LanguageProgress(
        code=language,
        is_live=language in book.service.languages,
        replies=len(book.replies),
        without_text=tuple((key, reply.title) for key, reply in book.replies.items() if language not in reply.text),
        places=len(slots),
        unsaid=tuple((slot, heading_of(slot, book)) for slot in slots if language not in slot.written(book.service)),
    )
