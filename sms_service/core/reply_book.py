"""The reply book: every reply, contact and service setting that may leave the line.

These models are the file format too: ``storage.response_files`` reads YAML into them, the JSON Schema for editors is
exported from them, and staff pages will fill them from forms. The rules that need more than one field or file (clashing
keywords, segments, lock-screen words, ...) live in :mod:`sms_service.core.checks`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Discriminator, Field, StringConstraints, Tag, field_validator, model_validator

from sms_service.core.book_fields import DEFAULT_LANGUAGE, ContactKey, LanguageCode, ReplyKey, Strict, Text
from sms_service.core.call_settings import CallSettings
from sms_service.core.language_phrases import LanguagePhrases

__all__ = [
    "ALL_HOURS_CONTACT",
    "DANGER_ORDER",
    "DEFAULT_LANGUAGE",
    "EMERGENCY_CONTACT",
    "FALLBACK",
    "LANGUAGE",
    "LEAST_DANGER",
    "NO_MATCH",
    "OPTIONAL_REPLIES",
    "SYSTEM_REPLIES",
    "VOICE_NOTE",
    "Contact",
    "ContactKey",
    "Danger",
    "Hours",
    "KnownHours",
    "LanguageCode",
    "OpenSpan",
    "Reply",
    "ReplyBook",
    "ReplyKey",
    "ReservedWords",
    "ServiceSettings",
    "Text",
    "Weekday",
    "WeeklyHours",
]

EMERGENCY_CONTACT: Final = "emergency"
ALL_HOURS_CONTACT: Final = "duty_and_advice"
"""The two contacts that every danger reply names in its first segment: 999, and the team that answers at any hour."""

NO_MATCH = "no_match"
FALLBACK = "fallback"
VOICE_NOTE = "voice_note"
"""Sent for a voice note; ``picture`` where a book has none."""
LANGUAGE = "language"
"""Sent for the word LANGUAGE, with the list of live languages after it; ``help`` where a book has none."""
OPTIONAL_REPLIES = frozenset({VOICE_NOTE, LANGUAGE})
"""Replies the service itself chooses where a book has them."""
SYSTEM_REPLIES = frozenset({NO_MATCH, FALLBACK, "picture", "thanks", "stop", "start", "slow_down", "forget_me"})
"""Replies the service itself chooses. They need no keyword, and none may be missing from a book."""


class Danger(StrEnum):
    """How dangerous the situation is that a reply is for.

    ``EMERGENCY`` and ``HIGH`` replies win over any other in the same message and carry 999 and the 24-hour
    number in their first segment.
    """

    NONE = "none"
    HIGH = "high"
    EMERGENCY = "emergency"


DANGER_ORDER = (Danger.NONE, Danger.HIGH, Danger.EMERGENCY)
"""From least to most."""

LEAST_DANGER = {"urgent": Danger.EMERGENCY, "crisis": Danger.EMERGENCY, "blackmail": Danger.HIGH}
"""Replies that messages about danger lead to, and how dangerous each must at least say it is."""


class Reply(Strict):
    """What we send for one kind of message."""

    title: Text = Field(description="What staff call this reply. Never sent.")
    danger: Danger = Field(default=Danger.NONE, description="none, high or emergency.")
    keywords: tuple[Text, ...] = Field(
        default=(), description="Words or short phrases that are texted to get this reply."
    )
    keywords_in: dict[LanguageCode, tuple[Text, ...]] = Field(
        default_factory=dict,
        description="Keywords of other languages. Whoever texts one is answered in it, once it is live.",
    )
    examples: tuple[Text, ...] = Field(
        default=(), description="A few sentences that people write. Many go to examples/<reply>.txt."
    )
    text: dict[LanguageCode, Text] = Field(description="The text message, by language. English is required.")
    again: dict[LanguageCode, Text] = Field(
        default_factory=dict, description="What to say when the same reply is due a second time."
    )
    more: dict[LanguageCode, Text] = Field(default_factory=dict, description="A second part, sent for the word MORE.")
    spoken: dict[LanguageCode, Text] = Field(
        default_factory=dict, description="What a caller hears. Made from the text when left out."
    )
    follow: tuple[ReplyKey, ...] = Field(default=(), description="Replies offered next, in this order.")

    @property
    def all_keywords(self) -> tuple[Text, ...]:
        """Keywords of every language, English first."""
        return (*self.keywords, *(keyword for keywords in self.keywords_in.values() for keyword in keywords))

    @field_validator("text")
    @classmethod
    def _english_is_required(cls, text: dict[LanguageCode, Text]) -> dict[LanguageCode, Text]:
        if DEFAULT_LANGUAGE not in text:
            raise ValueError("text needs an 'en' entry: English is the language every other one falls back to")
        return text


class Weekday(StrEnum):
    """Days as the directory writes them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


OpenSpan = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""``09:00-17:00`` in UK local time, end not included."""


class WeeklyHours(Strict):
    """Opening hours by weekday, UK local time. A day that is left out is closed."""

    days: dict[Weekday, tuple[OpenSpan, ...]] = Field(description="Weekday to spans such as 09:00-17:00.")
    open_on_bank_holidays: bool = Field(default=False, description="Bank holidays of England and Wales.")

    @model_validator(mode="after")
    def _spans_run_forward(self) -> WeeklyHours:
        for day, spans in self.days.items():
            last_end = ""
            for span in spans:
                start, end = span.split("-")
                if start >= end:
                    raise ValueError(
                        f"{day.value}: {span} ends before it starts; write a night as two spans, "
                        "22:00-24:00 on its own day and 00:00-06:00 on the next"
                    )
                if start < last_end:
                    raise ValueError(f"{day.value}: {span} starts before the span above it ends; write them in order")
                last_end = end
        return self


class KnownHours(StrEnum):
    """Hours that need no table."""

    ALWAYS = "always"
    UNKNOWN = "unknown"


def _kind_of_hours(value: object) -> str:
    return "table" if isinstance(value, Mapping | WeeklyHours) else "word"


Hours = Annotated[
    Annotated[KnownHours, Tag("word")] | Annotated[WeeklyHours, Tag("table")], Discriminator(_kind_of_hours)
]
"""Told apart by shape, so that a bad table is complained about as a table and not as a bad word as well."""


class Contact(Strict):
    """A service somebody can ring, text or visit. Its number is written down here and nowhere else."""

    name: Text = Field(description="What the service is called in a reply.")
    number: Text | None = Field(default=None, description="As people read it, with spaces: 0116 454 1004.")
    address: Text | None = Field(default=None, description="A web address without https://.")
    hours: Hours = Field(description="always, unknown, or a table by weekday.")
    spoken: Text | None = Field(default=None, description="How an address is said on the phone.")
    people: tuple[Text, ...] = Field(default=(), description="Who answers, with their roles.")
    notes: Text | None = Field(default=None, description="For staff. Never sent.")
    checked_by: Text | None = Field(default=None, description="Who last rang or opened it.")
    checked_on: dt.date | None = Field(default=None, description="When, as 2026-11-22.")
    check_again_by: dt.date | None = Field(default=None, description="When somebody has to look again.")

    @model_validator(mode="after")
    def _reachable_one_way(self) -> Contact:
        if (self.number is None) == (self.address is None):
            raise ValueError("a contact has either a number or an address")
        return self

    @property
    def shown(self) -> str:
        """What ``{contact.key}`` becomes in a text."""
        return self.number or self.address or ""


class ReservedWords(StrEnum):
    """Who answers STOP, HELP and the other words the provider reserves (Twilio: advanced-opt-out page)."""

    PROVIDER = "provider"
    """Twilio's default handling is on: it answers HELP and INFO itself as well, and blocks after STOP."""
    LINE = "line"
    """Confirmed: default handling is switched off for our account, every word reaches only us."""


class ServiceSettings(Strict):
    """Settings of the line that staff may change."""

    name: Text = Field(description="The line's name on staff pages. Never sent.")
    languages: tuple[LanguageCode, ...] = Field(default=(DEFAULT_LANGUAGE,), description="Languages that are live.")
    waiting_languages: dict[LanguageCode, Text] = Field(
        default_factory=dict, description="Languages that are written but not live, and what each waits for."
    )
    menu: tuple[ReplyKey, ...] = Field(
        min_length=1, max_length=9, description="The replies behind the menu numbers 1, 2, 3 ... in this order."
    )
    emergency_line: dict[LanguageCode, Text] = Field(
        description="One sentence put before a reply when a message that is about something else may mean danger too."
    )
    call: CallSettings = Field(default_factory=CallSettings, description="What a caller hears besides the replies.")
    reserved_words: ReservedWords = Field(default=ReservedWords.PROVIDER)
    pence_per_segment: float = Field(default=4.0, ge=0, description="What one text segment costs, for staff pages.")


class ReplyBook(Strict):
    """All replies, contacts and settings of one release."""

    replies: dict[ReplyKey, Reply]
    contacts: dict[ContactKey, Contact]
    service: ServiceSettings
    phrases_in: dict[LanguageCode, LanguagePhrases] = Field(default_factory=dict)

    def menu_number(self, number: int) -> ReplyKey | None:
        """Give the reply behind a menu number (1-based), or None."""
        return self.service.menu[number - 1] if 1 <= number <= len(self.service.menu) else None

    def live_language(self, *wanted: LanguageCode | None) -> LanguageCode:
        """Give the first language that is live; English when none is."""
        return next((code for code in wanted if code in self.service.languages), DEFAULT_LANGUAGE)

    def is_danger(self, key: ReplyKey) -> bool:
        """Whether a reply is for danger (emergency or high)."""
        reply = self.replies.get(key)
        return reply is not None and reply.danger is not Danger.NONE
