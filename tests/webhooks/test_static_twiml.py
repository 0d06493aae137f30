"""Static answers say the right words without anything of ours alive."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from sms_service.webhooks.static_twiml import StaticTwiml, same_answer


def test_a_text_carries_no_address() -> None:
    made = StaticTwiml().text("In danger: 999 & more")
    assert b"statusCallback" not in made
    assert ET.fromstring(made).findtext("Message") == "In danger: 999 & more"


def test_a_call_says_every_line_twice_and_hangs_up() -> None:
    root = ET.fromstring(StaticTwiml().call("In danger: 9 9 9.\n\nFish & <chips>.\x00\n"))
    assert [say.text for say in root.iter("Say")] == ["In danger: 9 9 9.", "Fish & <chips>."] * 2
    assert {say.get("language") for say in root.iter("Say")} == {"en-GB"}
    assert root[-1].tag == "Hangup"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (b"<Response><Message>A\nb</Message></Response>", True),
        (b'<?xml version="1.0"?>\n<Response>\n  <Message>\nA\n  b\n</Message>\n</Response>\n', True),
        (b"<Response><Message>A&#10;b</Message></Response>", True),
        (b"<Response><Message>A c</Message></Response>", False),
        (b"<Response/>", False),
        (b"not xml", False),
        (b"", False),
    ],
)
def test_answers_are_compared_by_what_they_say(other: bytes, same: bool) -> None:
    assert same_answer(StaticTwiml().text("A\nb"), other) == same
