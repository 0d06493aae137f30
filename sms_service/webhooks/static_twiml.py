"""TwiML that stands in a file at the provider: no address in it, so nothing of ours has to be alive."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from sms_service.webhooks.twiml import message_twiml

_NOT_IN_XML: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class StaticTwiml:
    """The :class:`~sms_service.service.fallback_export.StaticAnswers` of Twilio."""

    def text(self, text: str) -> bytes:
        """Give the answer that sends one text."""
        return message_twiml(text)

    def call(self, words: str) -> bytes:
        """Give the answer that says words twice, a line a breath, and hangs up."""
        lines = [escape(_NOT_IN_XML.sub("", line).strip()) for line in words.splitlines() if line.strip()]
        said = "".join(f'<Say language="en-GB">{line}</Say><Pause length="1"/>' for line in lines)
        return f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}{said}<Hangup/></Response>'.encode()


def same_answer(one: bytes, other: bytes) -> bool:
    """Whether two answers say the same; spaces between elements and how characters are written do not matter."""
    return _essence(one) == _essence(other)


def _essence(twiml: bytes) -> object:
    try:
        return _of(ET.fromstring(twiml))  # noqa: S314 - of our own provider's console, 64 kB at most; expat stops what would grow beyond measure
    except ET.ParseError:
        return twiml


def _of(element: ET.Element) -> object:
    text = "\n".join(line.strip() for line in (element.text or "").strip().splitlines())
    return element.tag, sorted(element.attrib.items()), text, [_of(child) for child in element]
