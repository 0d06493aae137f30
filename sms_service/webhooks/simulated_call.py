"""A pretend caller: makes the requests of a call as the provider makes them, and hears what the provider would say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from sms_service.service.trying_calls import CallAnswer
from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER, SignedRequest, call_fields, new_call_id, sign
from sms_service.webhooks.voice_address import VOICE_PATH

_KEYS: Final = frozenset("0123456789*#")


@dataclass(frozen=True, slots=True)
class _Heard:
    """What an answer in TwiML comes to."""

    answer: CallAnswer
    next_path: str | None


class SimulatedCall:
    """One call from a pretend phone.

    Args:
        send: Delivers a signed request to ``/voice...`` and gives the TwiML that comes back.
        public_url: What the line's verifier was made with.
        token: Same.
        account_sid: One that the line takes for its own.
        caller: The number that rings; '' for a withheld one.
        to: A number that the line takes for its own.
    """

    def __init__(
        self,
        send: Callable[[SignedRequest], bytes],
        *,
        public_url: str,
        token: str,
        account_sid: str,
        caller: str,
        to: str = SAMPLE_LINE_NUMBER,
    ) -> None:
        self._send = send
        self._public_url = public_url
        self._token = token
        self._fields = call_fields(caller or "anonymous", account_sid, new_call_id(), to=to)
        self._next_path: str | None = VOICE_PATH
        self._rings: str | None = None

    @property
    def call_id(self) -> str:
        """The provider's id of the call."""
        return self._fields["CallSid"]

    def ring(self) -> CallAnswer:
        """Ring the line."""
        return self._step({})

    def do(self, done: str) -> CallAnswer:
        """Do one thing: press a key, say something, say nothing (''); while another phone rings, '' is no answer.

        There a single ``+`` is an answer: somebody talks, and hangs up.
        """
        if self._rings is not None:
            return self._step({"DialCallStatus": "completed" if done.strip() == "+" else "no-answer"})
        if done.strip() in _KEYS:
            return self._step({"Digits": done.strip(), "FinishedOnKey": ""})
        said = {"SpeechResult": done, "Confidence": "0.9"} if done.strip() else {}
        return self._step(said)

    def hang_up(self) -> None:
        """Hang up: the provider still asks for what comes next, and uses nothing of it."""
        if self._next_path is not None:
            self._step({"CallStatus": "completed"})
        self._next_path = None

    def _step(self, more: Mapping[str, str]) -> CallAnswer:
        if self._next_path is None:
            raise ValueError("the call has ended")
        request = sign(self._public_url + self._next_path, {**self._fields, **more}, self._token)
        heard = read_answer(self._send(request))
        self._next_path, self._rings = heard.next_path, heard.answer.rings
        return heard.answer


def read_answer(twiml: bytes) -> _Heard:
    """Read an answer of the line as the provider would carry it out."""
    spoken: list[ET.Element] = []
    next_path, rings, listens = None, None, False
    for verb in ET.fromstring(twiml):  # noqa: S314 - our own answer
        if next_path is not None:
            break  # what comes after listening or ringing is for when the provider cannot come back
        spoken += verb.iter("Say")
        if verb.tag in ("Gather", "Dial"):
            address = urlsplit(verb.get("action", ""))
            next_path = f"{address.path}?{address.query}"
            listens = verb.tag == "Gather"
            rings = verb.findtext("Number")
    words, languages = tuple(one.text or "" for one in spoken), tuple(one.get("language", "") for one in spoken)
    return _Heard(CallAnswer(words, languages, listens=listens, rings=rings), next_path)
