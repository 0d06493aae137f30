"""From the form fields of an incoming message to :class:`InboundMessage`: what is not named here ends here.

Names, geography, profile and media addresses are never read. Fields by Twilio's guide to webhook requests
(docs: messaging/guides/webhook-request). Nothing signed separates a field's name from its value, so the fields that
decide something must have exactly the shape the provider gives them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from sms_service.core.canaries import is_canary
from sms_service.core.errors import RequestRefused
from sms_service.core.messages import Channel, InboundMessage, ProviderOptOut
from sms_service.webhooks.form_parsing import FormFields
from sms_service.webhooks.status_address import is_message_id

_DIGITS: Final = re.compile(r"[0-9]+")
_MOST_MEDIA: Final = 10
"""The provider's limit for one message."""

_CHANNELS: Final = {"whatsapp": Channel.WHATSAPP, "rcs": Channel.RCS}
_OPT_OUTS: Final = {"stop": ProviderOptOut.STOP, "start": ProviderOptOut.START, "help": ProviderOptOut.HELP}
_LONGEST_SENDER: Final = 120


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Which messages are for us.

    Attributes:
        account_sid: Our account, or None in development: any.
        numbers: Our own numbers as the provider writes them in ``To``; none given: any.
        canary_key: What canaries are known by; b"": there are none.
    """

    account_sid: str | None = None
    numbers: frozenset[str] = frozenset()
    canary_key: bytes = field(default=b"", repr=False)


def parse_message(fields: FormFields, own: OwnAccount) -> InboundMessage:
    """Read a message out of a request whose signature has been checked.

    Raises:
        RequestRefused: When it is for another account or number, or its id has not the provider's shape.
    """
    if own.account_sid is not None and fields.only("AccountSid") != own.account_sid:
        raise RequestRefused("The message is for another account.", code="other_account", status=403)
    if own.numbers and fields.only("To") not in own.numbers:
        raise RequestRefused("The message is for another number.", code="other_number", status=403)
    # The two older names are deprecated twins, still sent by some products.
    message_id = fields.only("MessageSid") or fields.only("SmsMessageSid") or fields.only("SmsSid")
    if not is_message_id(message_id):
        raise RequestRefused("The message has no id of the provider's shape.", code="odd_message_id", status=403)
    channel, sender = _sender(fields.only("From"))
    return InboundMessage(
        message_id=message_id,
        # Without a sender every message is a stranger's: limits and memory must not be shared by all of them.
        sender=sender or message_id,
        # A button's payload is ours; its text is what the person saw.
        text=fields.only("ButtonPayload") or fields.only("ButtonText") or fields.only("Body"),
        channel=channel,
        media_count=_media_count(fields.only("NumMedia")),
        # A kind we do not know is treated as none: better two answers than none.
        provider_opt_out=_OPT_OUTS.get(fields.only("OptOutType").lower()),
        is_canary=bool(own.canary_key) and is_canary(own.canary_key, message_id, sender),
    )


def _sender(written: str) -> tuple[Channel, str]:
    """Tell the channel from the number; the same person has the same number on each."""
    written = written.strip()[:_LONGEST_SENDER]
    prefix, colon, number = written.partition(":")
    channel = _CHANNELS.get(prefix.lower()) if colon else None
    return (Channel.SMS, written) if channel is None else (channel, number)


def _media_count(written: str) -> int:
    """Read a count that somebody else wrote: '1e9', '-1' and foreign digits are none, a huge number is the most."""
    if not _DIGITS.fullmatch(written):
        return 0
    return min(int(written), _MOST_MEDIA) if len(written) < len(str(_MOST_MEDIA)) + 1 else _MOST_MEDIA
