"""From form fields to a message: exact shapes, safe numbers, and nothing that was not asked for."""

from __future__ import annotations

import dataclasses

import pytest

from sms_service.core.errors import RequestRefused
from sms_service.core.messages import Channel, InboundMessage, ProviderOptOut
from sms_service.webhooks.form_parsing import FormFields
from sms_service.webhooks.sms_parsing import OwnAccount, parse_message

ACCOUNT = "AC" + 32 * "a"
MESSAGE_ID = "SM" + 32 * "1"
OWN = OwnAccount(ACCOUNT, frozenset({"+447700900000", "whatsapp:+447700900000"}))

WHATSAPP_AND_PLACES = {
    "ProfileName": "Canary Name",
    "WaId": "447700900123",
    "FromCity": "CANARY CITY",
    "FromZip": "LE1 1AA",
    "Latitude": "52.63",
    "Address": "1 Canary Street",
    "MediaUrl0": "https://canary.example/picture",
    "MediaContentType0": "image/canary",
    "OriginalRepliedMessageSender": "whatsapp:+447700900999",
    "ReferralHeadline": "canary headline",
}


def parse(**changes: str | None) -> InboundMessage:
    fields: dict[str, str | None] = {
        "AccountSid": ACCOUNT,
        "MessageSid": MESSAGE_ID,
        "From": "+447700900123",
        "To": "+447700900000",
        "Body": "help",
        **changes,
    }
    return parse_message(FormFields([(name, value) for name, value in fields.items() if value is not None]), OWN)


def test_a_plain_text_message() -> None:
    assert parse() == InboundMessage(MESSAGE_ID, "+447700900123", "help", Channel.SMS)


@pytest.mark.parametrize("name", ["MessageSid", "SmsMessageSid", "SmsSid"])
def test_the_old_names_of_the_id_still_count(name: str) -> None:
    assert parse(**{"MessageSid": None, name: "MM" + 32 * "2"}).message_id == "MM" + 32 * "2"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"AccountSid": None}, "other_account"),
        ({"AccountSid": "AC" + 32 * "b"}, "other_account"),
        ({"AccountSid": ACCOUNT + "\n"}, "other_account"),
        ({"To": "+447700900001"}, "other_number"),
        ({"To": None}, "other_number"),
        ({"MessageSid": None}, "odd_message_id"),
        ({"MessageSid": "SM123"}, "odd_message_id"),
        ({"MessageSid": MESSAGE_ID.lower()}, "odd_message_id"),
        ({"MessageSid": MESSAGE_ID + "\n"}, "odd_message_id"),
        ({"MessageSid": "SM" + 32 * "G"}, "odd_message_id"),
        ({"MessageSid": "SM" + 32 * "\N{ARABIC-INDIC DIGIT ONE}"}, "odd_message_id"),
        ({"MessageSid": "CA" + 32 * "1"}, "odd_message_id"),
    ],
)
def test_is_not_ours(changes: dict[str, str | None], code: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        parse(**changes)
    assert (refused.value.status, refused.value.code) == (403, code)


def test_without_own_account_and_numbers_any_will_do() -> None:
    fields = FormFields([("MessageSid", MESSAGE_ID), ("From", "+447700900123")])
    assert parse_message(fields, OwnAccount()).text == ""


@pytest.mark.parametrize(
    ("written", "count"),
    [("0", 0), ("1", 1), ("10", 10), ("11", 10), ("9" * 1_000_000, 10), ("1e9", 0), ("-1", 0), ("+1", 0), ("1.5", 0),
     ("\N{ARABIC-INDIC DIGIT THREE}", 0), ("\N{SUPERSCRIPT TWO}", 0), (" 1", 0), ("0x10", 0), ("", 0), (None, 0)],
)  # fmt: skip
def test_a_count_of_pictures_is_read_safely(written: str | None, count: int) -> None:
    assert parse(NumMedia=written).media_count == count


@pytest.mark.parametrize(
    ("written", "channel", "sender"),
    [
        ("+447700900123", Channel.SMS, "+447700900123"),
        ("whatsapp:+447700900123", Channel.WHATSAPP, "+447700900123"),
        ("WhatsApp:+447700900123", Channel.WHATSAPP, "+447700900123"),
        ("rcs:+447700900123", Channel.RCS, "+447700900123"),
        ("messenger:12345", Channel.SMS, "messenger:12345"),
        ("60777", Channel.SMS, "60777"),
        ("", Channel.SMS, MESSAGE_ID),
        ("whatsapp:", Channel.WHATSAPP, MESSAGE_ID),
        (None, Channel.SMS, MESSAGE_ID),
    ],
)
def test_channel_and_sender(written: str | None, channel: Channel, sender: str) -> None:
    message = parse(From=written)
    assert (message.channel, message.sender) == (channel, sender)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"Body": "seen", "ButtonText": "Get help", "ButtonPayload": "URGENT"}, "Get help"),
        ({"Body": "", "ButtonText": "Get help"}, "Get help"),
        ({"Body": "x", "ListTitle": "Meeting up", "ListId": "5"}, "Meeting up"),
        ({"Body": None}, ""),
    ],
)
def test_a_button_counts_as_its_text(fields: dict[str, str | None], text: str) -> None:
    message = parse(**fields)
    assert message.text == text
    assert message.choice == (fields.get("ButtonPayload") or fields.get("ListId") or "")


@pytest.mark.parametrize(
    ("fields", "voice_note"),
    [
        ({"NumMedia": "1", "MediaContentType0": "audio/ogg"}, True),
        ({"NumMedia": "2", "MediaContentType0": "audio/ogg", "MediaContentType1": "image/png"}, False),
        ({"NumMedia": "2", "MediaContentType0": "audio/ogg"}, False),
        ({"NumMedia": "0", "MediaContentType0": "audio/ogg"}, False),
        ({"NumMedia": "1"}, False),
    ],
)
def test_a_voice_note_is_sound_and_nothing_else(fields: dict[str, str | None], voice_note: bool) -> None:
    assert parse(**fields).voice_note is voice_note


@pytest.mark.parametrize(
    ("sender", "ours"),
    [
        ("+447700900000", True),
        ("whatsapp:+447700900000", True),
        ("rcs:+447700900000", True),
        ("+447700900123", False),
        ("", False),
    ],
)
def test_our_own_number_is_known_on_every_channel(sender: str, ours: bool) -> None:
    assert parse(From=sender).from_ourselves is ours


@pytest.mark.parametrize(
    ("written", "kind"),
    [("STOP", ProviderOptOut.STOP), ("Start", ProviderOptOut.START), ("HELP", ProviderOptOut.HELP), ("", None),
     (None, None), ("NEWKIND", None)],
)  # fmt: skip
def test_what_the_provider_has_answered_already(written: str | None, kind: ProviderOptOut | None) -> None:
    assert parse(OptOutType=written).provider_opt_out is kind


def test_names_places_and_media_addresses_end_in_the_parser() -> None:
    message = parse(**WHATSAPP_AND_PLACES)
    kept = "\n".join(str(value) for value in dataclasses.astuple(message))
    assert "canary" not in kept.casefold()
    assert not any(value in kept for value in WHATSAPP_AND_PLACES.values() if value not in "+447700900123")


def test_a_message_shows_neither_number_nor_text() -> None:
    assert "07700" not in repr(parse(Body="canary"))
    assert "canary" not in repr(parse(Body="canary"))
