"""What the machine of a call says: words put together from the script, each with the number that saves lives."""

from __future__ import annotations

from dataclasses import replace

from sms_service.core.book_fields import LanguageCode, ReplyKey
from sms_service.core.call_settings import CallPiece
from sms_service.core.calls.script import Script
from sms_service.core.calls.state import CallOutcome, CallPlace, CallState, CallStep, Then, Words


def said_answer(
    script: Script, state: CallState, reply: ReplyKey, outcome: CallOutcome, *, emergency_line: bool = False
) -> CallStep:
    """Say a reply, and what can be done after it."""
    words, key = script.reply(reply, state.language, emergency_line=emergency_line)
    spoken = (words, *pieces(script, state, CallPiece.AFTER_ANSWER), *text_offer(script, state))
    step = listen(script, replace(state, reply=reply), outcome, spoken)
    return replace(step, reply=key, emergency_line=emergency_line)


def menu(script: Script, state: CallState, outcome: CallOutcome = CallOutcome.MENU) -> CallStep:
    """Say the choices."""
    return listen(script, replace(state, place=CallPlace.MENU), outcome, menu_words(script, state))


def menu_words(script: Script, state: CallState) -> tuple[Words, ...]:
    """Give the words of the choices, in the order of the service file."""
    other = other_language(script, state)
    offer = text_offer(script, state) if other is None else (script.words.piece(CallPiece.OTHER_LANGUAGE, other),)
    return (*pieces(script, state, CallPiece.MENU), *script.words.choices(state.language), *offer)


def text_offer(script: Script, state: CallState) -> tuple[Words, ...]:
    """Give the offer of a text, where one can be had."""
    return pieces(script, state, CallPiece.TEXT_OFFER) if script.can_text and not state.texted else ()


def other_language(script: Script, state: CallState) -> LanguageCode | None:
    """Give the live language after the one of the call that can say how to change to it."""
    live = [code for code in script.words.languages if script.words.has(CallPiece.OTHER_LANGUAGE, code)]
    after = [*live[live.index(state.language) + 1 :], *live] if state.language in live else live
    return next((code for code in after if code != state.language), None)


def goodbye(script: Script, state: CallState, outcome: CallOutcome = CallOutcome.ENDED) -> CallStep:
    """Say the last words, with the numbers, and end the call."""
    words = with_emergency(script, state, pieces(script, state, CallPiece.GOODBYE))
    return CallStep(outcome, words, Then.HANG_UP, state)


def listen(
    script: Script,
    state: CallState,
    outcome: CallOutcome,
    words: tuple[Words, ...],
    first_words: tuple[Words, ...] = (),
) -> CallStep:
    """Say some words and listen."""
    if not script.names_emergency(first_words):
        words = with_emergency(script, state, words)
    return CallStep(outcome, words, Then.LISTEN, state, first_words)


def with_emergency(script: Script, state: CallState, words: tuple[Words, ...]) -> tuple[Words, ...]:
    """Put 999 before words that do not name it."""
    if script.names_emergency(words):
        return words
    return (*pieces(script, state, CallPiece.EMERGENCY), *words)


def pieces(script: Script, state: CallState, *pieces: CallPiece) -> tuple[Words, ...]:
    """Give some pieces in the language of the call."""
    return tuple(script.words.piece(piece, state.language) for piece in pieces)
