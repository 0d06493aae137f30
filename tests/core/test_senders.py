from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.messages import Channel, InboundMessage
from sms_service.core.senders import SenderKind, kind_of_number, kind_of_sender


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("+447700900123", SenderKind.MOBILE),
        ("+447700900999", SenderKind.MOBILE),
        ("+441632960123", SenderKind.LANDLINE),
        ("+441164541004", SenderKind.LANDLINE),
        ("+448001111000", SenderKind.SERVICE_NUMBER),
        ("+443001234567", SenderKind.SERVICE_NUMBER),
        ("+449098790123", SenderKind.LANDLINE),
        ("60777", SenderKind.SHORT_CODE),
        ("85258", SenderKind.SHORT_CODE),
        ("+266696687", SenderKind.WITHHELD),
        ("Anonymous", SenderKind.WITHHELD),
        ("", SenderKind.WITHHELD),
        ("MYBANK", SenderKind.NAME),
        ("Bank 24", SenderKind.NAME),
        ("someone@example.com", SenderKind.EMAIL),
        ("07700900123@example.net", SenderKind.EMAIL),
        ("+12025550123", SenderKind.MOBILE),
        ("+48500100200", SenderKind.MOBILE),
        ("messenger:12345", SenderKind.OTHER),
        ("\N{SNOWMAN}", SenderKind.OTHER),
    ],
)
def test_kinds_of_numbers(written: str, kind: SenderKind) -> None:
    assert kind_of_number(written) is kind


def test_uk_numbers_that_are_not_given_to_the_library_are_of_the_kind_it_says() -> None:
    """Every range of four digits behind +447, beginning, middle and end."""
    for number in (f"+447{area:03d}{rest}" for area in range(1000) for rest in ("000000", "500500", "999999")):
        if number.startswith("+447700900"):  # for drama: the library calls them invalid
            continue
        is_mobile = phonenumbers.number_type(phonenumbers.parse(number)) == phonenumbers.PhoneNumberType.MOBILE
        assert (kind_of_number(number) is SenderKind.MOBILE) == is_mobile


@given(st.text())
def test_no_text_raises(written: str) -> None:
    assert kind_of_number(written) in SenderKind


def test_an_app_has_a_screen_whatever_its_number() -> None:
    message = InboundMessage("SM1", "+441632960123", "hi", Channel.WHATSAPP)
    assert kind_of_sender(message).can_be_answered
    assert not kind_of_sender(InboundMessage("SM1", "+447700900000", "hi", from_ourselves=True)).can_be_answered
