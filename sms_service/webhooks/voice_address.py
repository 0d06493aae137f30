"""Where a call is, written into the address that the next step comes to. The provider signs the whole address.

So a step cannot be made up or moved, and nothing needs to be remembered between two steps. The address holds names of
ours and small numbers, never a phone number or a word of the caller's.
"""

from __future__ import annotations

import re
from dataclasses import fields
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs, urlencode

from sms_service.core.calls.state import CallPlace, CallState

VOICE_PATH: Final = "/voice"
VOICE_STATUS_PATH: Final = "/voice/status"
VOICE_FALLBACK_PATH: Final = "/voice/fallback"

_CALL_ID: Final = re.compile(r"CA[0-9a-f]{32}")
_REPLY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_PLACES: Final = frozenset(place.value for place in CallPlace)
_DEFAULT: Final = CallState()


def is_call_id(written: str) -> bool:
    """Whether something has the shape of the provider's ids of calls."""
    return _CALL_ID.fullmatch(written) is not None


def step_address(public_url: str, state: CallState) -> str:
    """Give the address of the next step. What is as at the beginning is left out."""
    said = {}
    for field in fields(state):
        value = getattr(state, field.name)
        if value != getattr(_DEFAULT, field.name):
            said[field.name] = (
                value.value if isinstance(value, StrEnum) else str(int(value) if value is True else value)
            )
    return f"{public_url}{VOICE_PATH}?{urlencode({'step': state.step, **said})}"


def state_in(path_and_query: str) -> CallState | None:
    """Read the state out of an address; None for the address without a step, at which a call begins.

    An odd value counts as the one at the beginning: the caller then hears the choices, whatever went wrong.
    """
    query = parse_qs(path_and_query.partition("?")[2])
    said = {name: values[0] for name, values in query.items() if len(values) == 1}
    if "step" not in said:
        return None

    def number(name: str) -> int:
        written = said.get(name, "")
        return int(written) if _NUMBER.fullmatch(written) else 0

    place, reply, language = said.get("place", ""), said.get("reply", ""), said.get("language", "")
    return CallState(
        place=CallPlace(place) if place in _PLACES else CallPlace.MENU,
        reply=reply if _REPLY.fullmatch(reply) else None,
        language=language if _LANGUAGE.fullmatch(language) else _DEFAULT.language,
        missed=number("missed"),
        repeated=number("repeated"),
        contact=number("contact"),
        rounds=number("rounds"),
        texted=number("texted") > 0,
        forgotten=number("forgotten") > 0,
        step=number("step"),
        release=number("release"),
    )
