"""One step of a call. Pure: the same script, state and input give the same step.

Three things hold for every step, and a test walks the whole graph for them: it says 999, it leads on (or ends, after
the numbers have been said), and nothing is said more than three times again.
"""

from __future__ import annotations

from dataclasses import replace

from sms_service.core.book_fields import ReplyKey
from sms_service.core.call_settings import CallPiece
from sms_service.core.calls.putting_through import came_back, put_through
from sms_service.core.calls.saying import (
    goodbye,
    listen,
    menu,
    menu_words,
    other_language,
    pieces,
    said_answer,
)
from sms_service.core.calls.script import Script
from sms_service.core.calls.state import (
    MOST_MISSED,
    MOST_REPEATS,
    MOST_STEPS,
    CallOutcome,
    CallPlace,
    CallState,
    CallStep,
    Did,
    Heard,
    Spoken,
    Then,
)
from sms_service.core.reply_book import LANGUAGE, NO_MATCH
from sms_service.core.understanding.result import Stage, Understanding

TEXT_KEY = "#"
_TEXT_WITHOUT_ANSWER = "help"
"""The reply whose text is sent to a caller who has heard none yet."""
_FIVE = "5"
_URGENT = "urgent"
"""The reply for somebody who presses five five here instead of on a call to 999."""

_PIECES = {
    CallPlace.QUIET: (CallPiece.QUIET,),
    CallPlace.UNCLEAR: (CallPiece.UNCLEAR,),
    CallPlace.NOT_REACHED: (CallPiece.NOT_REACHED, CallPiece.NUMBERS),
    CallPlace.BACK: (CallPiece.BACK,),
    CallPlace.TEXTED: (CallPiece.TEXTED,),
    CallPlace.NUMBERS: (CallPiece.NUMBERS,),
}
"""Places whose words are always the same pieces."""


def advance(script: Script, state: CallState, heard: Heard) -> CallStep:
    """Give the next step of a call.

    A step with the outcome ``WANTS_TEXT`` is half a step: send the text of its reply, then ask :func:`told_of_text`.
    """
    before = replace(state, step=state.step + 1)
    return _bounded(script, before, _next(script, before, heard))


def _next(script: Script, state: CallState, heard: Heard) -> CallStep:
    if heard.did is Did.HUNG_UP:
        return goodbye(script, state, CallOutcome.HUNG_UP)
    if heard.did is Did.RANG:
        return _welcome(script, state)
    if state.step > MOST_STEPS:
        return goodbye(script, state)
    if heard.did is Did.CAME_BACK or state.place is CallPlace.CALLING:
        return came_back(script, state, reached=heard.reached)
    if heard.did is Did.PRESSED:
        return _pressed(script, state, heard.key)
    if heard.did is Did.SPOKE:
        return _spoke(script, state, heard)
    return _silence(script, state)


def told_of_text(script: Script, state: CallState, *, sent: bool) -> CallStep:
    """Give what is said after trying to send a text."""
    if sent:
        after = replace(state, place=CallPlace.TEXTED, texted=True, missed=0)
        step = listen(script, after, CallOutcome.TEXTED, pieces(script, after, CallPiece.TEXTED))
    else:
        after = replace(state, place=CallPlace.NUMBERS, missed=0)
        words = pieces(script, after, CallPiece.NOT_TEXTED, CallPiece.NUMBERS)
        step = listen(script, after, CallOutcome.NOT_TEXTED, words)
    return _bounded(script, state, step)


def _bounded(script: Script, before: CallState, step: CallStep) -> CallStep:
    """Count how often a caller hears the same in a row; instead of a fourth repeat the call goes on elsewhere."""
    if step.then is not Then.LISTEN or step.outcome is CallOutcome.WANTS_TEXT:
        return step
    after = step.state
    same = after.place is before.place and after.reply == before.reply and step.outcome is not CallOutcome.WELCOMED
    repeated = before.repeated + 1 if same else 0
    if repeated <= MOST_REPEATS:
        return replace(step, state=replace(after, repeated=repeated))
    after = replace(after, repeated=0)
    return menu(script, after) if after.place is not CallPlace.MENU else _quiet(script, after)


# What the caller did ----------------------------------------------------------------------------------------------


def _welcome(script: Script, state: CallState) -> CallStep:
    words = pieces(script, state, CallPiece.HELLO) + menu_words(script, state)
    first_words = pieces(script, state, CallPiece.WELCOME)
    return listen(script, replace(state, place=CallPlace.MENU), CallOutcome.WELCOMED, words, first_words)


def _pressed(script: Script, state: CallState, key: str) -> CallStep:
    if key == Spoken.PERSON.value:
        return put_through(script, state, first=True)
    if key == Spoken.AGAIN.value:
        return _again(script, state)
    if key == TEXT_KEY:
        other = other_language(script, state)
        if state.place is CallPlace.MENU and other is not None:
            return menu(script, replace(state, language=other, missed=0))
        return _text(script, state)
    if key == _FIVE and _may_mean_five_five(script, state):
        return _answer(script, state, _URGENT)
    reply = script.book.menu_number(int(key)) if key.isdigit() else None
    if reply is None or reply not in script.book.replies:
        return _unclear(script, replace(state, missed=state.missed + 1))
    return _answer(script, state, reply)


def _may_mean_five_five(script: Script, state: CallState) -> bool:
    """Whether a five may be the sign for danger without words: on a call to 999 it is pressed twice.

    Somebody who has just heard of it, or presses five again at once, is answered as in danger, whatever choice 5 is.
    """
    if _URGENT not in script.book.replies:
        return False
    fives = (script.book.menu_number(int(_FIVE)), _URGENT)
    return state.place is CallPlace.QUIET or (state.place is CallPlace.ANSWER and state.reply in fives)


def _spoke(script: Script, state: CallState, heard: Heard) -> CallStep:
    if heard.command is not None:
        return _commanded(script, state, heard.command)
    found = heard.understanding
    if found is None:
        return _silence(script, state)
    if script.book.is_danger(found.reply):
        return _answer(script, state, found.reply, found)
    if found.reply == "stop":
        # It may not be said to us, but to somebody in the room.
        return _silence(script, state)
    guessed = found.stage is Stage.FREE_TEXT and not heard.sure
    if found.reply == LANGUAGE and other_language(script, state) is not None:
        return menu(script, replace(state, missed=0))
    if found.reply == NO_MATCH or guessed or found.reply not in script.book.replies:
        return _not_understood(script, state, emergency_line=found.danger_likely)
    return _answer(script, state, found.reply, found)


def _commanded(script: Script, state: CallState, command: Spoken) -> CallStep:
    match command:
        case Spoken.TEXT:
            return _text(script, state)
        case Spoken.MENU:
            return menu(script, replace(state, missed=0))
        case Spoken.GOODBYE:
            return goodbye(script, state)
        case Spoken.CRY:
            return _answer(script, state, _URGENT) if _URGENT in script.book.replies else _quiet(script, state)
        case Spoken.AGAIN | Spoken.PERSON:
            return _pressed(script, state, command.value)


def _silence(script: Script, state: CallState) -> CallStep:
    """Nothing came: after an answer the choices, then how to ring 999 in silence, then the last words."""
    after_menu = state.place in (CallPlace.MENU, CallPlace.QUIET)
    state = replace(state, missed=state.missed + 1)
    if state.missed >= MOST_MISSED:
        return goodbye(script, state, CallOutcome.SILENT_CALLER)
    return _quiet(script, state) if after_menu else menu(script, state, CallOutcome.SILENT_CALLER)


def _quiet(script: Script, state: CallState) -> CallStep:
    state = replace(state, place=CallPlace.QUIET)
    return listen(script, state, CallOutcome.SILENT_CALLER, pieces(script, state, CallPiece.QUIET))


def _not_understood(script: Script, state: CallState, *, emergency_line: bool) -> CallStep:
    missed = state.missed + 1
    if missed > 1:
        return _unclear(script, replace(state, missed=missed))
    words, key = script.reply(NO_MATCH, state.language, emergency_line=emergency_line)
    state = replace(state, place=CallPlace.MENU, missed=missed)
    spoken = (words, *menu_words(script, state))
    step = listen(script, state, CallOutcome.NOT_UNDERSTOOD, spoken)
    return replace(step, reply=key, emergency_line=emergency_line)


def _unclear(script: Script, state: CallState) -> CallStep:
    if state.missed >= MOST_MISSED:
        return goodbye(script, state, CallOutcome.NOT_UNDERSTOOD)
    state = replace(state, place=CallPlace.UNCLEAR)
    return listen(script, state, CallOutcome.NOT_UNDERSTOOD, pieces(script, state, CallPiece.UNCLEAR))


def _again(script: Script, state: CallState) -> CallStep:
    state = replace(state, missed=0)
    if state.place is CallPlace.ANSWER and state.reply is not None:
        return said_answer(script, state, state.reply, CallOutcome.REPEATED)
    if state.place in _PIECES:
        return listen(script, state, CallOutcome.REPEATED, pieces(script, state, *_PIECES[state.place]))
    return menu(script, state, CallOutcome.REPEATED)


# What the line says -------------------------------------------------------------------------------------------------


def _answer(script: Script, state: CallState, reply: ReplyKey, found: Understanding | None = None) -> CallStep:
    language = script.book.live_language(found.language if found is not None else None, state.language)
    state = replace(state, place=CallPlace.ANSWER, reply=reply, language=language, missed=0)
    danger_likely = found is not None and found.danger_likely
    return said_answer(script, state, reply, CallOutcome.ANSWERED, emergency_line=danger_likely)


def _text(script: Script, state: CallState) -> CallStep:
    if state.texted:
        # One text a call.
        state = replace(state, place=CallPlace.TEXTED, missed=0)
        return listen(script, state, CallOutcome.REPEATED, pieces(script, state, CallPiece.TEXTED))
    if not script.can_text:
        return told_of_text(script, state, sent=False)
    reply = state.reply if state.reply in script.book.replies else _TEXT_WITHOUT_ANSWER
    return CallStep(CallOutcome.WANTS_TEXT, (), Then.LISTEN, state, reply=reply)
