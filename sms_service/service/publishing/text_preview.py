"""A reply as its editor is typing it: how each text looks on a phone, what it costs, what the checker says of it.

Nothing is saved here; the reply is put into the draft's book for as long as the look at it takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sms_service.core.checks import Complaint, Places, check_book
from sms_service.core.checks.wording import LOCK_SCREEN_CHARACTERS
from sms_service.core.reading_age import ReadingEase, reading_ease
from sms_service.core.rendering import Part, extreme_forms, render
from sms_service.core.reply_book import DEFAULT_LANGUAGE, LanguageCode, Reply, ReplyBook, ReplyKey
from sms_service.core.segments import SegmentCount, count_segments, split_segments
from sms_service.core.text_costs import TextCost, price_words, text_cost

Slot = tuple[Part, LanguageCode]
"""One text of a reply."""


@dataclass(frozen=True, slots=True)
class PhoneForm:
    """One form in which a text may arrive.

    Attributes:
        text: As it arrives.
        count: What it costs.
        segment_texts: What each segment carries.
        price: In words.
    """

    text: str
    count: SegmentCount
    segment_texts: tuple[str, ...]
    price: str

    @property
    def lock_screen(self) -> str:
        """What a locked phone shows of it."""
        return " ".join(self.text[:LOCK_SCREEN_CHARACTERS].split())


@dataclass(frozen=True, slots=True)
class TextPreview:
    """One text, looked at.

    Attributes:
        open_form: While everybody in it can be reached.
        shut_form: While those with opening hours are shut, with the longest note about when they open; None when
            nobody in it has any.
        spoken: What a caller hears, for the spoken part; the forms are then of no use.
        cost: What it costs, character by character.
        ease: How easily it is read; None where that cannot be told (another language, too few words).
    """

    open_form: PhoneForm
    shut_form: PhoneForm | None
    spoken: str
    cost: TextCost
    ease: ReadingEase | None


@dataclass(frozen=True, slots=True)
class ReplyPreview:
    """A whole reply, looked at: its texts, and everything the checker says of it."""

    texts: Mapping[Slot, TextPreview]
    complaints: tuple[Complaint, ...]


def preview_reply(
    book: ReplyBook, key: ReplyKey, reply: Reply, places: Places, now: dt.datetime, bank_holidays: frozenset[dt.date]
) -> ReplyPreview:
    """Look at a reply as if it stood in a book.

    Args:
        book: The draft's.
        key: The reply's name; it may be one that the book lacks.
        reply: As it is being typed.
        places: Where the book's parts stand.
        now: For overdue contacts and, on the phone, opening hours.
        bank_holidays: Days off in England and Wales.
    """
    tried = book.model_copy(update={"replies": {**book.replies, key: reply}})
    complaints = check_book(tried, places, today=now.date())
    own = tuple(one for one in complaints if one.path[:2] == ("replies", key))
    texts = {
        (part, language): _preview(tried, key, part, language, text, (now, bank_holidays))
        for part in Part
        for language, text in _texts(reply, part).items()
    }
    return ReplyPreview(texts, own)


def _texts(reply: Reply, part: Part) -> Mapping[LanguageCode, str]:
    """Give the texts of a part; what is not spoken in words of its own is made from the text."""
    texts: Mapping[LanguageCode, str] = getattr(reply, part.value)
    return {**reply.text, **texts} if part is Part.SPOKEN else texts


def _preview(
    book: ReplyBook,
    key: ReplyKey,
    part: Part,
    language: LanguageCode,
    text: str,
    when: tuple[dt.datetime, frozenset[dt.date]],
) -> TextPreview:
    forms = [_form(form, book) for form in extreme_forms(text, language, book.contacts)]
    spoken = ""
    if part is Part.SPOKEN:
        # A book of this one reply: all others would be prepared for nothing at every key that is pressed.
        alone = book.model_copy(update={"replies": {key: book.replies[key]}})
        spoken = render(alone, key, part, language, *when).text
    return TextPreview(
        open_form=forms[0],
        shut_form=forms[1] if len(forms) > 1 else None,
        spoken=spoken,
        cost=text_cost(text, language, book.contacts),
        ease=reading_ease(text) if language == DEFAULT_LANGUAGE else None,
    )


def _form(text: str, book: ReplyBook) -> PhoneForm:
    count = count_segments(text)
    price = price_words(count.segments, book.service.pence_per_segment)
    return PhoneForm(text, count, split_segments(text), price)
