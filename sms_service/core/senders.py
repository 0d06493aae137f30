"""What kind of phone a message or call comes from: can it get a text, and show it on a screen?

A text to a landline is read aloud in somebody's hall (Twilio's guideline for the United Kingdom); a short code, a name
or an e-mail gateway is a machine, or cannot be answered; our own number would be ourselves. Kinds by Google's library
of numbering plans, which calls Ofcom's drama numbers invalid: those are told here.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from sms_service.core.messages import Channel, InboundMessage

_SHORTEST_NUMBER_DIGITS: Final = 9
"""With its country code: below that it is a short code."""

_NAME: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 &_+-]{0,10}")
_NUMBER: Final = re.compile(r"\+?[0-9]{2,15}")
_DRAMA_MOBILE: Final = re.compile(r"\+447700900[0-9]{3}")
_DRAMA_LANDLINE: Final = re.compile(
    r"\+44(?:1632960|1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960|1514960|1614960|"
    r"2079460|1914980|2890180|2920180|3069990|8081570|9098790)[0-9]{3}"
)
"""Ofcom's numbers for television and radio drama, the mobile ones aside."""

_UK_MOBILE: Final = re.compile(
    # The library's types allow for a region that it does not know, or without mobiles: neither is the UK.
    rf"\+44(?:{PhoneMetadata.metadata_for_region('GB').mobile.national_number_pattern})"  # type: ignore[union-attr]
)
"""The library's own pattern. Nearly every sender is one, and to ask the library takes a hundred times as long."""

_WITHHELD: Final = frozenset(
    {"", "anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld"}
    | {"+266696687", "266696687", "+7378742833", "7378742833", "+2562533", "2562533", "+8656696", "8656696"}
    | {"+86282452253", "86282452253", "+464", "464"}
)
"""How Twilio writes a caller who shows no number: a word, or the word spelled on a keypad."""

_LANDLINES: Final = frozenset({PhoneNumberType.FIXED_LINE})
_SERVICES: Final = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


class SenderKind(StrEnum):
    """What a sender is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE_NUMBER = "service_number"
    """Freephone, premium and 03 numbers: nobody's phone; an answer to a premium number could cost a fortune."""
    SHORT_CODE = "short_code"
    NAME = "name"
    """An alphanumeric sender, which nothing can be sent to."""
    EMAIL = "email"
    OWN_NUMBER = "own_number"
    WITHHELD = "withheld"
    OTHER = "other"
    """Not known to be anything else, such as a number abroad: it may be somebody's phone."""

    @property
    def can_be_answered(self) -> bool:
        """Whether a text back would reach a person's screen and nobody else's ear. In doubt it would."""
        return self in (SenderKind.MOBILE, SenderKind.OTHER, SenderKind.WITHHELD)


def kind_of_sender(message: InboundMessage) -> SenderKind:
    """Say what sent a message. On WhatsApp and RCS every sender is an app with a screen."""
    if message.from_ourselves:
        return SenderKind.OWN_NUMBER
    if message.channel in (Channel.WHATSAPP, Channel.RCS, Channel.SIMULATOR):
        return SenderKind.OTHER
    if message.sender == message.message_id:
        return SenderKind.WITHHELD
    return kind_of_number(message.sender)


def kind_of_number(written: str) -> SenderKind:
    """Say what a number, as the provider writes it, belongs to. Never raises."""
    if _DRAMA_MOBILE.fullmatch(written) or _UK_MOBILE.fullmatch(written):
        return SenderKind.MOBILE
    written = written.strip()
    if written.casefold() in _WITHHELD:
        return SenderKind.WITHHELD
    if "@" in written:
        return SenderKind.EMAIL
    number = re.sub(r"[\s().-]", "", written)
    if not _NUMBER.fullmatch(number):
        # An alphanumeric sender: letters and digits, 11 at most (GSM 03.40). Anything odder may still be somebody.
        named = _NAME.fullmatch(written) is not None
        return SenderKind.NAME if named else SenderKind.OTHER
    if len(number.lstrip("+")) < _SHORTEST_NUMBER_DIGITS:
        return SenderKind.SHORT_CODE
    return _kind_of_long_number(number)


def _kind_of_long_number(number: str) -> SenderKind:
    if _DRAMA_MOBILE.fullmatch(number):
        return SenderKind.MOBILE
    if _DRAMA_LANDLINE.fullmatch(number):
        return SenderKind.LANDLINE
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, "GB"))
    except phonenumbers.NumberParseException:
        return SenderKind.OTHER
    if kind in _LANDLINES:
        return SenderKind.LANDLINE
    if kind in _SERVICES:
        return SenderKind.SERVICE_NUMBER
    mobile = kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return SenderKind.MOBILE if mobile else SenderKind.OTHER


def uk_mobile(typed: str) -> str | None:
    """Read a UK mobile number as people write it (07700 900123, +44 7700 900123); give it as senders are written."""
    try:
        parsed = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return None
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    is_uk_mobile = _DRAMA_MOBILE.fullmatch(written) or _UK_MOBILE.fullmatch(written)
    return written if is_uk_mobile else None
