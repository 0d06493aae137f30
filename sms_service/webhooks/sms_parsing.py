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
_LONGEST_CHOICE: Final = 200
_VOICE_NOTE: Final = "audio/"


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
    media_count = _media_count(fields.only("NumMedia"))
    return InboundMessage(
        message_id=message_id,
        # Without a sender every message is a stranger's: limits and memory must not be shared by all of them.
        sender=sender or message_id,
        # What the person saw on a button or in a list; elsewhere what they wrote.
        text=fields.only("ButtonText") or fields.only("ListTitle") or fields.only("Body"),
        # What whoever made the button or the list put behind it: a menu number or a keyword.
        choice=(fields.only("ButtonPayload") or fields.only("ListId"))[:_LONGEST_CHOICE],
        channel=channel,
        media_count=media_count,
        voice_note=_is_voice_note(fields, media_count),
        # A kind we do not know is treated as none: better two answers than none.
        provider_opt_out=_OPT_OUTS.get(fields.only("OptOutType").lower()),
        from_ourselves=_is_our_own(sender, fields.only("To"), own),
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


def _is_voice_note(fields: FormFields, media_count: int) -> bool:
    """Whether everything that came along is sound. Of a medium's kind only this is read, of its address nothing."""
    kinds = [fields.only(f"MediaContentType{index}") for index in range(media_count)]
    return bool(kinds) and all(kind.casefold().startswith(_VOICE_NOTE) for kind in kinds)


def _is_our_own(sender: str, to: str, own: OwnAccount) -> bool:
    """Whether the sender is a number of this line, on whichever channel."""
    return bool(sender) and (sender == _bare(to) or any(sender == _bare(number) for number in own.numbers))


def _bare(number: str) -> str:
    return number.rpartition(":")[2]
