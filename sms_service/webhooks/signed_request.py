"""Requests as the provider makes them, signed with its own SDK: for the test page, the command line and tests."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

SAMPLE_LINE_NUMBER: Final = "+447700900000"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request ready to send. ``url`` is what was signed."""

    url: str
    raw_body: bytes
    signature: str


def new_message_id() -> str:
    """Give an id that no message had before."""
    return f"SM{uuid.uuid4().hex}"


def message_fields(
    text: str,
    sender: str,
    account_sid: str,
    *,
    to: str = SAMPLE_LINE_NUMBER,
    message_id: str | None = None,
    media_count: int = 0,
) -> dict[str, str]:
    """Give the fields of an incoming text message (docs: messaging/guides/webhook-request)."""
    message_id = message_id or new_message_id()
    return {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "Body": text,
        "From": sender,
        "FromCity": "",
        "FromCountry": "GB",
        "FromState": "",
        "FromZip": "",
        "MessageSid": message_id,
        "NumMedia": str(media_count),
        "NumSegments": "1",
        "SmsMessageSid": message_id,
        "SmsSid": message_id,
        "SmsStatus": "received",
        "To": to,
        "ToCountry": "GB",
    }


def new_call_id() -> str:
    """Give an id that no call had before."""
    return f"CA{uuid.uuid4().hex}"


def call_fields(caller: str, account_sid: str, call_id: str, *, to: str = SAMPLE_LINE_NUMBER) -> dict[str, str]:
    """Give the fields that every step of a call has (docs: voice/twiml)."""
    return {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": call_id,
        "CallStatus": "in-progress",
        "Called": to,
        "Caller": caller,
        "Direction": "inbound",
        "From": caller,
        "FromCity": "",
        "FromCountry": "GB",
        "To": to,
        "ToCountry": "GB",
    }


def sign(url: str, fields: Mapping[str, str], token: str) -> SignedRequest:
    """Sign fields for a URL.

    Raises:
        UnicodeEncodeError: For a lone surrogate, which no request can carry.
    """
    signature = RequestValidator(token).compute_signature(url, dict(fields))
    return SignedRequest(url, urlencode(fields).encode("ascii"), signature)
