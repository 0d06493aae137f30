"""Key 0: other people's phones are rung for the caller, one after the other; it never ends in nothing."""

from __future__ import annotations

from dataclasses import replace

from sms_service.core.call_settings import CallPiece
from sms_service.core.calls.saying import goodbye, listen, pieces, with_emergency
from sms_service.core.calls.script import Script
from sms_service.core.calls.state import (
    MOST_MISSED,
    MOST_REPEATS,
    CallOutcome,
    CallPlace,
    CallState,
    CallStep,
    Then,
)


def put_through(script: Script, state: CallState, *, first: bool) -> CallStep:
    """Ring the first contact that is not shut, or the next one after somebody who did not answer."""
    index = script.next_open(0 if first else state.contact + 1)
    if state.rounds >= MOST_REPEATS:
        return _only_numbers(script, replace(state, missed=state.missed + 1))
    if index is None:
        state = replace(state, place=CallPlace.NOT_REACHED, missed=0, contact=0, rounds=state.rounds + 1)
        words = pieces(script, state, CallPiece.NOT_REACHED, CallPiece.NUMBERS)
        return listen(script, state, CallOutcome.NOT_REACHED, words)
    words = pieces(script, state, CallPiece.CONNECTING if first else CallPiece.NEXT)
    return CallStep(
        CallOutcome.PUT_THROUGH,
        with_emergency(script, state, words),
        Then.RING,
        replace(state, place=CallPlace.CALLING, contact=index, missed=0, repeated=0),
        contact=script.book.service.call.put_through[index],
    )


def _only_numbers(script: Script, state: CallState) -> CallStep:
    """Everybody has been rung three times: what is left are the numbers, and the choices."""
    if state.missed >= MOST_MISSED:
        return goodbye(script, state, CallOutcome.NOT_REACHED)
    state = replace(state, place=CallPlace.NUMBERS)
    return listen(script, state, CallOutcome.NOT_REACHED, pieces(script, state, CallPiece.NUMBERS))


def came_back(script: Script, state: CallState, *, reached: bool) -> CallStep:
    """Go on after another phone was rung: with the next one, or with the choices after a talk."""
    if not reached:
        return put_through(script, state, first=False)
    state = replace(state, place=CallPlace.BACK, contact=0, missed=0)
    return listen(script, state, CallOutcome.CAME_BACK, pieces(script, state, CallPiece.BACK))
