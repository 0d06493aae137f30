"""Words that are hard for a nine-year-old: long ones by a count of syllables, and a list of adults' words.

The count is a rule of thumb, so it only ever warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_SYLLABLES: Final = 3

_WORD: Final = re.compile(r"(?<![\w{./@])[A-Za-z][A-Za-z']*(?![\w}/@]|\.\w)")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_SILENT_END: Final = re.compile(r"(?:[^aeiouylr]e|[^aeiouydt]ed|(?<=[aeiouy])[^aeiouyscxzgh]es|(?<=[aeiouy])[lr]e)$")
_TWO_IN_A_ROW: Final = re.compile(
    r"ia(?!l\b|n\b)|eo(?!n\b|us\b|ple)|io(?!n|us)|(?<!g)ua|uou|[^q]ue[lnt]|ying|eing|oing"
)

_SILENT_INSIDE: Final = re.compile(
    r"^(face|game|here|home|life|like|live|lone|love|made|mate|name|safe|same|some|there|time|where)(?=[b-dfg-np-tv-z])"
)
"""First parts of compounds whose e is silent: somebody, safeguard, livestream."""

_KNOWN: Final = frozenset("emergency emergencies anybody everybody television january february".split())

_EASIER: Final = {
    "additional": "more", "advise": "tell", "aggressive": "angry", "appropriate": "OK", "approximately": "about",
    "assist": "help", "assistance": "help", "attempt": "try", "coerce": "push", "coerced": "pushed",
    "coercion": "pushing", "communicate": "talk", "concerned": "worried", "concerning": "about",
    "confidential": "private", "consent": "saying yes", "contact": "call, or text", "content": "picture, or video",
    "counsellor": "someone to talk to", "disclose": "tell", "disclosure": "telling", "distribute": "send on",
    "distressed": "upset", "ensure": "make sure", "experiencing": "having", "explicit": "naked",
    "exploitation": "being used", "immediate": "now", "immediately": "now", "inappropriate": "not OK",
    "individual": "person", "individuals": "people", "inform": "tell", "information": "facts", "intimate": "private",
    "manipulate": "trick", "manipulated": "tricked", "obtain": "get", "offender": "person who did it",
    "perpetrator": "person who did it", "prior": "before", "procedure": "steps", "purchase": "buy", "receive": "get",
    "regarding": "about", "require": "need", "required": "needed", "requires": "needs", "reside": "live",
    "sufficient": "enough", "suspicious": "odd", "terminate": "end", "therefore": "so", "utilise": "use",
    "vulnerable": "at risk",
}  # fmt: skip
"""Adults' words that are short enough to pass the count, and what to say instead."""


@dataclass(frozen=True, slots=True)
class HardWord:
    """A hard word in a text: where, as written, and an easier one if we know one."""

    position: int
    written: str
    easier: str | None


def find_hard_words(text: str, *, known: set[str]) -> Iterator[HardWord]:
    """Find the words that are hard to read.

    Args:
        text: With its placeholders; these, web addresses and names (capitals inside a sentence) are left alone.
        known: Lower-case words that are never hard.
    """
    for match in _WORD.finditer(text):
        written = match.group()
        word = written.casefold()
        if word in known or word in _KNOWN or _is_a_name(text, match):
            continue
        if word in _EASIER or count_syllables(word) > MOST_SYLLABLES:
            yield HardWord(match.start(), written, _EASIER.get(word))


def count_syllables(word: str) -> int:
    """Guess the syllables of an English word in lower case; at least one."""
    bare = word.replace("'", "")
    trimmed = _SILENT_END.sub("", _SILENT_INSIDE.sub(lambda first: first.group()[:-1], bare))
    return max(1, len(_VOWELS.findall(trimmed)) + len(_TWO_IN_A_ROW.findall(trimmed)))


def _is_a_name(text: str, match: re.Match[str]) -> bool:
    """Whether a word begins with a capital although no sentence begins there."""
    before = text[: match.start()].rstrip(" '\"(")
    return match.group()[0].isupper() and bool(before) and before[-1] not in ".?!:\n"
