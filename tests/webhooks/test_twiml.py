"""Whatever a reply says, the provider can read the answer, and reads the same words."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.messaging_response import MessagingResponse

from sms_service.core.fallback import BUILT_IN_FALLBACK
from sms_service.webhooks.simulated_phone import texts_in
from sms_service.webhooks.status_address import status_address
from sms_service.webhooks.twiml import LAST_RESORT, SILENCE, TwimlAnswers, message_twiml

any_text = st.text(st.characters(), min_size=1)  # surrogates and control characters among them


def message_of(twiml: bytes) -> str:
    root = ET.fromstring(twiml)
    assert (root.tag, [child.tag for child in root], root.attrib) == ("Response", ["Message"], {})
    return root[0].text or ""


@given(any_text)
def test_any_text_gives_well_formed_xml_or_a_clear_no(text: str) -> None:
    try:
        twiml = message_twiml(text)
    except ValueError:
        return
    assert twiml.startswith(b"<?xml")  # not even a blank line before it: error 12100
    assert message_of(twiml).strip()


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), min_size=1
    )
)
def test_the_providers_own_builder_says_the_same(text: str) -> None:
    if not text.strip() or any(end in text for end in "\u0085\u2028\u2029"):
        return
    theirs = MessagingResponse()
    theirs.message(text)
    assert message_of(message_twiml(text)) == message_of(str(theirs).encode())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a < b & c > d", "a < b & c > d"),
        ('"quoted" it\'s', '"quoted" it\'s'),
        ("</Message><Message to='x'>", "</Message><Message to='x'>"),
        ("]]>", "]]>"),
        ("one\ntwo", "one\ntwo"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\u2028two", "one\ntwo"),
        ("nul\0 esc\x1b bell\x07", "nul esc bell"),
        ("half \ud83d pair", "half  pair"),
        ("\ufffeodd\uffff", "odd"),
        ("\N{SQUARED SOS}", "\N{SQUARED SOS}"),
    ],
)
def test_is_read_as(text: str, read: str) -> None:
    twiml = message_twiml(text)
    assert message_of(twiml) == read
    assert texts_in(twiml) == (read,)


@pytest.mark.parametrize("text", ["", " ", "\n", "\0", "\ud800"])
def test_nothing_to_send_is_no_message(text: str) -> None:
    with pytest.raises(ValueError, match="nothing to send"):
        message_twiml(text)


def test_the_address_for_reports_is_an_attribute_whatever_is_in_it() -> None:
    address = "https://line.example.org/a&b/<c>\"d'/sms/status?answers=SM1&x=\u2028"
    twiml = message_twiml("a > b", address)
    [message] = ET.fromstring(twiml)
    assert (message.attrib, message.text) == ({"statusCallback": address}, "a > b")
    assert texts_in(twiml) == ("a > b",)


def test_the_same_message_gets_the_same_address() -> None:
    answers = TwimlAnswers("https://line.example.org")
    one, other = "SM" + 32 * "a", "SM" + 32 * "b"
    assert answers.wrap("hi", one) == answers.wrap("hi", one) != answers.wrap("hi", other)
    assert b"statusCallback" not in answers.wrap("hi", None)


@pytest.mark.parametrize("public_url", ["https://line.example.org", "https://line.example.org/a&b/\"c'<d>"])
def test_the_usual_answer_is_put_together_as_any_other(public_url: str) -> None:
    message_id = "SM" + 32 * "a"
    text = "1 > 0 & \u20ac\n\x00"
    made = TwimlAnswers(public_url).wrap(text, message_id)
    [message] = ET.fromstring(made)
    assert message.attrib == {"statusCallback": status_address(public_url, message_id)}
    if "'" not in public_url:
        assert made == message_twiml(text, status_address(public_url, message_id))


def test_silence_is_an_empty_response() -> None:
    root = ET.fromstring(SILENCE)
    assert (root.tag, len(root), root.text) == ("Response", 0, None)
    assert texts_in(SILENCE) == ()


def test_the_last_resort_is_the_built_in_text() -> None:
    assert message_of(LAST_RESORT) == BUILT_IN_FALLBACK
