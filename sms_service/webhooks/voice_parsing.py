"""From the form fields of a call to :class:`CallRequest`: what is not named here ends here.

Fields by Twilio's pages (docs: voice/twiml, voice/twiml/gather, voice/twiml/dial). Names, places and the caller's
network are never read.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from sms_service.core.calls.requests import CallRequest
from sms_service.core.calls.state import CallState, Did
from sms_service.core.delivery import read_error_code
from sms_service.core.errors import RequestRefused
from sms_service.core.events import Event, EventKind
from sms_service.core.messages import Channel
from sms_service.core.senders import SenderKind, kind_of_number
from sms_service.webhooks.form_parsing import FormFields
from sms_service.webhooks.sms_parsing import OwnAccount
from sms_service.webhooks.voice_address import is_call_id, state_in

_KEYS: Final = re.compile(r"[0-9*#]+", re.ASCII)
_CONFIDENCE: Final = re.compile(r"[01](?:\.[0-9]{1,20})?", re.ASCII)
_ENDED: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_REACHED: Final = frozenset({"completed", "answered"})
_STATUSES: Final = _ENDED | {"queued", "initiated", "ringing", "in-progress"}
_LONGEST_SENDER: Final = 120


def checked_call_id(fields: FormFields, own: OwnAccount) -> str:
    """Give the id of a call that is ours.

    Raises:
        RequestRefused: When it is for another account or number, or its id has not the provider's shape.
    """
    if own.account_sid is not None and fields.only("AccountSid") != own.account_sid:
        raise RequestRefused("The call is for another account.", code="other_account", status=403)
    if own.numbers and fields.only("To") not in own.numbers:
        raise RequestRefused("The call is for another number.", code="other_number", status=403)
    call_id = fields.only("CallSid")
    if not is_call_id(call_id):
        raise RequestRefused("The call has no id of the provider's shape.", code="odd_call_id", status=403)
    return call_id


def parse_call(fields: FormFields, own: OwnAccount, path_and_query: str) -> CallRequest:
    """Read a step out of a request whose signature has been checked.

    Raises:
        RequestRefused: When it is not for us.
    """
    call_id = checked_call_id(fields, own)
    state = state_in(path_and_query)
    caller = fields.only("From").strip()[:_LONGEST_SENDER]
    did, key, said = _done(fields, first=state is None)
    return CallRequest(
        call_id=call_id,
        state=state or CallState(),
        did=did,
        caller=None if kind_of_number(caller) is SenderKind.WITHHELD else caller,
        line=fields.only("To"),
        key=key,
        said=said,
        confidence=_confidence(fields.only("Confidence")),
        reached=fields.only("DialCallStatus") in _REACHED,
    )


def _done(fields: FormFields, *, first: bool) -> tuple[Did, str, str]:
    """Tell what the caller did; with it the key or the words."""
    if fields.only("CallStatus") in _ENDED:
        return Did.HUNG_UP, "", ""
    if first:
        return Did.RANG, "", ""
    if fields.only("DialCallStatus"):
        return Did.CAME_BACK, "", ""
    keys = fields.only("Digits").strip()
    if keys:
        # A key that no telephone has is one that does nothing.
        return Did.PRESSED, keys[0] if _KEYS.fullmatch(keys) else "", ""
    said = fields.only("SpeechResult").strip()
    return (Did.SPOKE, "", said) if said else (Did.WAITED, "", "")


def _confidence(written: str) -> float | None:
    return min(float(written), 1.0) if _CONFIDENCE.fullmatch(written) else None


def parse_call_status(fields: FormFields, own: OwnAccount, at: dt.datetime) -> Event:
    """Read a status callback: what became of a call as a whole. An unknown status is one too.

    Raises:
        RequestRefused: When it is not for us.
    """
    call_id = checked_call_id(fields, own)
    status = fields.only("CallStatus")
    status = status.replace("-", "_") if status in _STATUSES else "unknown"
    return Event(
        event_id=f"call:{call_id}:{status}",
        kind=EventKind.CALL_STEP,
        at=at,
        message_id=call_id,
        channel=Channel.VOICE.value,
        outcome=f"call_{status}",
        error_code=read_error_code(fields.only("ErrorCode")),
    )
