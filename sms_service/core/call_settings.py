"""What a caller hears besides the replies, as staff write it in ``service.yaml`` under ``call``."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import Field

from sms_service.core.book_fields import DEFAULT_LANGUAGE, ContactKey, LanguageCode, ReplyKey, Strict, Text


class CallPiece(StrEnum):
    """A few sentences with one purpose in the call."""

    WELCOME = "welcome"
    """The first words, 999 in the first sentence. Nothing can talk over them."""
    EMERGENCY = "emergency"
    """One sentence with 999, put before anything that does not name it."""
    HELLO = "hello"
    """Who answers, and the key for a person."""
    MENU = "menu"
    """Before the list of choices."""
    AFTER_ANSWER = "after_answer"
    """Which keys there are after a reply."""
    TEXT_OFFER = "text_offer"
    """Added where the caller's phone can get a text."""
    QUIET = "quiet"
    """For somebody who says nothing: how to ring 999 in silence."""
    UNCLEAR = "unclear"
    """After a key that does nothing, or words not understood a second time."""
    NUMBERS = "numbers"
    """The numbers to ring, where nothing else can be done."""
    CONNECTING = "connecting"
    """Before the first number is rung for the caller."""
    NEXT = "next"
    """Nobody answered: before the next number is rung."""
    NOT_REACHED = "not_reached"
    """Nobody answered at all."""
    BACK = "back"
    """After a talk with somebody who answered."""
    TEXTED = "texted"
    """A text is on its way."""
    NOT_TEXTED = "not_texted"
    """No text could be sent; the numbers follow."""
    OTHER_LANGUAGE = "other_language"
    """Said in a language that is not the one of the call: how to change to it."""
    GOODBYE = "goodbye"
    """The last words."""


class CallSettings(Strict):
    """The words of a call, and whom it can be put through to."""

    put_through: tuple[ContactKey, ...] = Field(
        default=("duty_and_advice", "safeguarding_team"),
        description="Whom key 0 rings, in this order. One that is shut is left out. Never 999: it needs the own phone.",
    )
    menu: dict[ReplyKey, dict[LanguageCode, Text]] = Field(
        default_factory=dict, description="What is said before 'press 1': 'If someone makes threats', by reply."
    )
    words: dict[CallPiece, dict[LanguageCode, Text]] = Field(
        default_factory=dict, description="What is said between the replies. Left out: built-in English words."
    )


_EMERGENCY: Final = "If you are in danger now, hang up and call {contact.emergency}."
_ALL_HOURS: Final = "For help by day or night, call {contact.duty_and_advice}."

BUILT_IN_WORDS: Final[dict[CallPiece, str]] = {
    CallPiece.WELCOME: f"{_EMERGENCY}\nYou are not in trouble. We can help.",
    CallPiece.EMERGENCY: _EMERGENCY,
    CallPiece.HELLO: "A computer answers. To talk to a person, press zero.",
    CallPiece.MENU: "Tell us what is wrong, in your own words. Or press a key.",
    CallPiece.AFTER_ANSWER: "To hear this again, press star. To talk to a person, press zero.",
    CallPiece.TEXT_OFFER: "To get the numbers in a text, press hash.",
    CallPiece.QUIET: (
        f"You do not have to speak.\n{_EMERGENCY}\n"
        "Cannot speak? Call {contact.emergency} from a mobile, and listen.\nCough, or tap the screen.\n"
        "When they ask you to, press five five.\nFive five does not tell them where you are.\n"
        "On a house phone, press nothing. Stay on the line.\n"
        "To talk to a person by day or night, press zero here."
    ),
    CallPiece.UNCLEAR: f"Sorry, we did not get that.\n{_EMERGENCY}\nTo talk to a person, press zero.",
    CallPiece.NUMBERS: f"If you are in danger now, call {{contact.emergency}}.\n{_ALL_HOURS}",
    CallPiece.CONNECTING: f"We put you through now.\n{_EMERGENCY}",
    CallPiece.NEXT: f"Nobody has answered yet. We try another number now.\n{_EMERGENCY}",
    CallPiece.NOT_REACHED: f"Sorry, nobody could answer just now.\n{_EMERGENCY}\nTo try again, press zero.",
    CallPiece.BACK: f"You are back with our line.\n{_EMERGENCY}\nTo talk to a person again, press zero.",
    CallPiece.TEXTED: f"We are sending you a text now.\n{_EMERGENCY}",
    CallPiece.NOT_TEXTED: "We could not send a text to this phone. Here are the numbers.",
    CallPiece.GOODBYE: f"You can call us again at any time.\n{_EMERGENCY}\n{_ALL_HOURS}\nGoodbye.",
}
"""Said where ``service.yaml`` lacks a piece, such as in a book from before there were calls."""

PRESS: Final[dict[LanguageCode, str]] = {DEFAULT_LANGUAGE: "press {key}", "cy": "pwyswch {key}"}
"""How a choice ends."""
