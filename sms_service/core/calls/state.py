"""What is known of a call between two steps, and what a caller can do. No number, no words of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sms_service.core.book_fields import DEFAULT_LANGUAGE, ContactKey, LanguageCode, ReplyKey
from sms_service.core.understanding.result import Understanding

MOST_REPEATS: Final = 3
"""How often the same words are said again, whether they were asked for or nobody answered them."""

MOST_MISSED: Final = 3
"""Steps in a row without anything that we understood, after which a call ends with the numbers."""

MOST_STEPS: Final = 80
"""Half an hour of the shortest steps: whatever a caller, or a machine, does, a call ends."""


class CallPlace(StrEnum):
    """What the caller heard last, and so what 'again' means."""

    MENU = "menu"
    ANSWER = "answer"
    QUIET = "quiet"
    UNCLEAR = "unclear"
    NOT_REACHED = "not_reached"
    BACK = "back"
    TEXTED = "texted"
    NUMBERS = "numbers"
    CALLING = "calling"
    """Somebody else's phone is ringing for them."""


@dataclass(frozen=True, slots=True)
class CallState:
    """Where a call is.

    Attributes:
        place: What was said last.
        reply: The reply that was said last, None before the first.
        language: What is spoken.
        missed: Steps in a row without anything that we understood.
        repeated: How often in a row the same place was come to again.
        contact: Index of the contact that is being rung, in the order of the service file.
        rounds: How often everybody was rung without reaching anybody.
        texted: Whether a text has been sent in this call.
        forgotten: Whether the caller asked to be forgotten in this call: later rows then carry no pseudonym either.
        step: Number of this step, from 0.
        release: Number of the release that the call began with; 0 for a book from files.
    """

    place: CallPlace = CallPlace.MENU
    reply: ReplyKey | None = None
    language: LanguageCode = DEFAULT_LANGUAGE
    missed: int = 0
    repeated: int = 0
    contact: int = 0
    rounds: int = 0
    texted: bool = False
    forgotten: bool = False
    step: int = 0
    release: int = 0


class Did(StrEnum):
    """What a caller, or the line, did since the last step."""

    RANG = "rang"
    PRESSED = "pressed"
    SPOKE = "spoke"
    WAITED = "waited"
    CAME_BACK = "came_back"
    """From a number that we rang for them."""
    HUNG_UP = "hung_up"


class Spoken(StrEnum):
    """What a caller may say instead of pressing a key."""

    AGAIN = "*"
    PERSON = "0"
    TEXT = "text"
    MENU = "menu"
    GOODBYE = "goodbye"
    CRY = "55"
    """For help: the sign of five five, which is for 999, or words to somebody who is in the room."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One input of the machine.

    Attributes:
        did: What was done.
        key: The key, of 0-9, ``*`` and ``#``; '' for one that no telephone has.
        command: What was said, when it is about the call itself.
        understanding: What was said, when it is about anything else.
        sure: Whether the words were heard clearly.
        reached: Whether somebody took the call that we made for them.
    """

    did: Did
    key: str = ""
    command: Spoken | None = None
    understanding: Understanding | None = None
    sure: bool = True
    reached: bool = False


class CallOutcome(StrEnum):
    """What a step was, for the message log."""

    WELCOMED = "welcomed"
    ANSWERED = "answered"
    REPEATED = "repeated"
    MENU = "menu"
    SILENT_CALLER = "silent_caller"
    NOT_UNDERSTOOD = "not_understood"
    PUT_THROUGH = "put_through"
    NOT_REACHED = "not_reached"
    CAME_BACK = "came_back"
    WANTS_TEXT = "wants_text"
    TEXTED = "texted"
    NOT_TEXTED = "not_texted"
    ENDED = "ended"
    HUNG_UP = "hung_up"


class Then(StrEnum):
    """What the line does when it has spoken."""

    LISTEN = "listen"
    RING = "ring"
    HANG_UP = "hang_up"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words and the language they really are in, so that the right voice says them."""

    text: str
    language: LanguageCode


@dataclass(frozen=True, slots=True)
class CallStep:
    """What the line does next.

    Attributes:
        outcome: What this step was.
        words: Said in this order; a key or a voice cuts them short.
        then: What comes after them.
        state: Where the caller then is.
        first_words: Said before anything can cut them short.
        contact: Whom to ring, for ``RING``.
        reply: The reply among the words, None without one.
        emergency_line: Whether danger was likely beside what was asked.
    """

    outcome: CallOutcome
    words: tuple[Words, ...]
    then: Then
    state: CallState
    first_words: tuple[Words, ...] = ()
    contact: ContactKey | None = None
    reply: ReplyKey | None = None
    emergency_line: bool = False
