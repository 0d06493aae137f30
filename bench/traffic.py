"""Requests as the provider makes them: signed, realistic, and no two alike.

The mix is a guess that can be read in :data:`LINE_MIX`: most people type the word that the poster tells them. The
messages in somebody's own words are those of ``tests/messages/evaluation``, which the line never learned from.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parents[1]
TOKEN: Final = "0123456789abcdef0123456789abcdef"  # noqa: S105 - made up
ACCOUNT_SID: Final = "AC" + 16 * "5e"
LINE_NUMBER: Final = "+447700900000"
_SPELLINGS: Final = ("+447700900", "+44-7700900", "+44.7700900", "+447700-900", "+447700.900", "+44(7700)900",
                     "+44-7700-900", "+44.7700.900", "+44-7700.900", "+44.7700-900")  # fmt: skip
SENDERS: Final = tuple(f"{begins}{number:03d}" for begins in _SPELLINGS for number in range(1000))
"""Ten thousand people who do not exist. Ofcom keeps only a thousand mobiles for drama, and a landline gets no answer:
so each is spelled in ten ways: whoever writes a number another way is somebody else to the limits."""

LINE_MIX: Final = {"keyword": 0.55, "courtesy": 0.15, "dressed": 0.10, "slip": 0.07, "own words": 0.10, "stop": 0.03}
OWN_WORDS_MIX: Final = {"own words": 1.0}
KEYWORD_MIX: Final = {**LINE_MIX, "own words": 0.0, "keyword": 0.65}
MIXES: Final[Mapping[str, Mapping[str, float]]] = {
    "line": LINE_MIX,
    "keywords": KEYWORD_MIX,
    "own-words": OWN_WORDS_MIX,
}

_BEFORE: Final = ("please", "hi", "hello can i have info on", "pls send", "i need", "can i get", "hey")
_AFTER: Final = ("please", "thanks", "pls", "thank you", "now please", "info please")
_STOPS: Final = ("STOP", "stop", "Stop.", "HELP", "Help", "START")


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the provider."""

    body: bytes
    signature: str
    text: str


class Traffic:
    """Makes requests, the same ones for the same seed.

    Args:
        url: What the provider signs: the address it was given.
        mix: Share of each kind of message.
        seed: Of everything that is left to chance, message ids too.
        own_words: Messages in somebody's own words; those of the tests unless given.
        keywords: Words that people type; the shipped book's unless given.
    """

    def __init__(
        self,
        url: str,
        mix: Mapping[str, float],
        seed: int,
        own_words: Sequence[str] | None = None,
        keywords: Sequence[str] | None = None,
    ) -> None:
        self._url = url
        self._kinds, self._weights = tuple(mix), tuple(mix.values())
        self._random = random.Random(seed)  # noqa: S311 - the same traffic for everybody is the point
        self._own_words = tuple(own_words or evaluation_texts())
        self._keywords = tuple(keywords or shipped_keywords())

    def requests(self, count: int) -> Iterator[Request]:
        """Give that many."""
        for _ in range(count):
            yield self._request(self._text())

    def _text(self) -> str:
        choose = self._random.choice
        word = choose(self._keywords)
        match self._random.choices(self._kinds, self._weights)[0]:
            case "courtesy":
                return f"{choose(_BEFORE)} {word.lower()} {choose(_AFTER)}"
            case "dressed":
                return choose((word.title() + "!", f"  {word} ?", word.lower() + ".", f"“{word}”", word.lower()))
            case "slip":
                at = self._random.randrange(1, len(word)) if len(word) > 1 else 0
                return word[:at] + choose("aeioustrn") + word[at + self._random.randrange(2) :]
            case "own words":
                return choose(self._own_words)
            case "stop":
                return choose(_STOPS)
        return word

    def _request(self, text: str) -> Request:
        message_id = f"SM{self._random.getrandbits(128):032x}"
        fields = {
            "ToCountry": "GB", "ToState": "", "SmsMessageSid": message_id, "NumMedia": "0", "ToCity": "",
            "FromZip": "", "SmsSid": message_id, "FromState": "", "SmsStatus": "received", "FromCity": "",
            "Body": text, "FromCountry": "GB", "To": LINE_NUMBER, "MessagingServiceSid": "MG" + 16 * "0a",
            "ToZip": "", "NumSegments": "1", "MessageSid": message_id, "AccountSid": ACCOUNT_SID,
            "From": self._random.choice(SENDERS), "ApiVersion": "2010-04-01",
        }  # fmt: skip
        return Request(urlencode(fields).encode(), signature(self._url, fields), text)


def signature(url: str, fields: dict[str, str]) -> str:
    """Sign as Twilio does (docs: usage/security); its SDK takes eight times as long, and there are many to sign."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(TOKEN.encode(), signed.encode(), hashlib.sha1)).decode()


def evaluation_texts(path: Path | None = None) -> list[str]:
    """Give the texts of labelled messages: of one file, or of all that the tests have."""
    paths = [path] if path else sorted((ROOT / "tests" / "messages" / "evaluation").glob("*.jsonl"))
    lines = [line for one in paths for line in one.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line)["text"] for line in lines if line.strip()]


def shipped_keywords() -> list[str]:
    """Give every keyword of the shipped book."""
    files = sorted((ROOT / "responses").glob("*.yaml"))
    books = [YAML(typ="safe").load(path) for path in files]
    return [str(word) for book in books if isinstance(book, dict) for word in book.get("keywords") or ()]
