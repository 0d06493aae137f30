"""What comes in with one step of a call, in the line's own words."""

from __future__ import annotations

from dataclasses import dataclass, field

from sms_service.core.calls.state import CallState, Did


@dataclass(frozen=True, slots=True)
class CallRequest:
    """One step of a call.

    ``caller`` and ``said`` live for as long as one request and are hidden from ``repr``, so that no log or traceback
    can show them.

    Attributes:
        call_id: The provider's id of the call.
        state: Where the call is.
        did: What the caller did.
        caller: Their number; None where it is withheld.
        line: The number that they rang.
        key: What they pressed.
        said: What they said, as the provider understood it.
        confidence: How sure the provider is of that, from 0 to 1; None where it does not say.
        reached: Whether somebody took the call that we made for them.
    """

    call_id: str
    state: CallState
    did: Did
    caller: str | None = field(default=None, repr=False)
    line: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    said: str = field(default="", repr=False)
    confidence: float | None = None
    reached: bool = False
