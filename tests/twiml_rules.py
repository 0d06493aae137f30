"""Twilio's rules for TwiML, as far as a line like this can come near them: verbs, attributes, values and nesting.

Attribute names come from the signatures of Twilio's own builder, so that a slip of the pen here is found out; values
and nesting from its pages (docs: voice/twiml/gather, /say, /dial, messaging/twiml/message). Whatever breaks a rule here
is error 12200 or 12100 there, and silence for the caller.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

LARGEST_BYTES = 64 * 1024
"""Error 11750 above."""

_WHOLE = re.compile(r"[0-9]{1,4}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_VOICES = {"en-GB": "Polly.Amy-Neural", "cy-GB": "Polly.Gwyneth"}

Rule = Callable[[str], bool]


def _is_ours(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("https", "http") and bool(parts.netloc) and parts.path.startswith(("/voice", "/sms"))


def _are_hints(written: str) -> bool:
    hints = written.split(",")
    return len(hints) <= 500 and all(0 < len(hint) <= 100 for hint in hints)


_TRUTH: Rule = ("true", "false").__contains__
_VALUES: dict[str, dict[str, Rule]] = {
    "Response": {},
    "Say": {"voice": lambda v: v in _VOICES.values(), "language": lambda v: v in _VOICES},
    "Gather": {
        "input": ("dtmf", "speech", "dtmf speech").__contains__,
        "action": _is_ours,
        "method": ("POST",).__contains__,
        "numDigits": lambda v: bool(_WHOLE.fullmatch(v)) and int(v) > 0,
        "finishOnKey": lambda v: v in {"", *"0123456789#*"},
        "timeout": lambda v: bool(_WHOLE.fullmatch(v)),
        "speechTimeout": lambda v: v == "auto" or bool(_WHOLE.fullmatch(v)),
        "actionOnEmptyResult": _TRUTH,
        "profanityFilter": _TRUTH,
        "language": ("en-GB",).__contains__,
        "hints": _are_hints,
    },
    "Dial": {
        "action": _is_ours,
        "method": ("POST",).__contains__,
        "timeout": lambda v: bool(_WHOLE.fullmatch(v)) and 5 <= int(v) <= 600,
        "callerId": lambda v: bool(_E164.fullmatch(v)),
    },
    "Number": {},
    "Hangup": {},
    "Message": {"statusCallback": _is_ours},
}
_CHILDREN: dict[str, set[str]] = {
    "Gather": {"Say"},
    "Dial": {"Number"},
    "Say": set(),
    "Number": set(),
    "Hangup": set(),
    "Message": set(),
}
_VOICE_VERBS = {"Say", "Gather", "Dial", "Hangup"}
_MESSAGE_VERBS = {"Message"}
_HOLDS_TEXT = {"Say", "Number", "Message"}

_BUILDERS: dict[str, Any] = {
    "Say": VoiceResponse.say,
    "Gather": VoiceResponse.gather,
    "Dial": VoiceResponse.dial,
    "Number": Dial.number,
    "Hangup": VoiceResponse.hangup,
    "Message": MessagingResponse.message,
}


def check_own_rules() -> None:
    """Compare the names above with those of Twilio's builder."""
    for verb, builder in _BUILDERS.items():
        known = {_camel(name) for name in inspect.signature(builder).parameters}
        assert _VALUES[verb].keys() <= known, verb
    assert hasattr(Gather, "say")


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def checked(twiml: bytes) -> ET.Element:
    """Parse an answer and hold it against the rules; give its root."""
    assert twiml.startswith(b'<?xml version="1.0" encoding="UTF-8"?><'), "12100: nothing may stand before it"
    assert len(twiml) < LARGEST_BYTES, "11750: too large"
    root = ET.fromstring(twiml)
    assert root.tag == "Response"
    verbs = {child.tag for child in root}
    assert verbs <= _VOICE_VERBS or verbs <= _MESSAGE_VERBS, f"12200: {verbs} do not go together"
    _check(root)
    return root


def _check(element: ET.Element) -> None:
    rules = _VALUES[element.tag]
    for name, value in element.attrib.items():
        assert name in rules, f"12200: {element.tag} has no attribute {name}"
        assert rules[name](value), f"12200: {element.tag} {name}={value!r}"
    text = (element.text or "").strip()
    assert bool(text) == (element.tag in _HOLDS_TEXT), f"{element.tag} holds {text!r}"
    if element.tag == "Say":
        assert len(text) <= 3000
        assert _VOICES[element.attrib["language"]] == element.attrib["voice"]
    if element.tag == "Number":
        assert _E164.fullmatch(text), "a number to ring is written in E.164"
    if element.tag == "Gather":
        assert element.attrib["actionOnEmptyResult"] == "true"
        assert element.attrib["profanityFilter"] == "false"
    for child in element:
        assert not (child.tail or "").strip()
        if element.tag != "Response":
            assert child.tag in _CHILDREN[element.tag], f"12200: {child.tag} in {element.tag}"
        _check(child)
