"""Which passwords are good enough (NIST SP 800-63B-4, 3.1.1; OWASP ASVS 5.0, 6.2).

Length counts, nothing else: no rule asks for digits or signs, no password ever expires, and it is compared exactly as
typed. Refused is what stands at the top of every guesser's list, bare or with a few digits around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 12
ADVISED: Final = 15
LONGEST: Final = 256
"""Far above the 64 that must be possible; a bound at all, so that nobody makes us hash a book."""

_FEWEST_DIFFERENT: Final = 5
_ROWS: Final = ("qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1234567890", "01234567890")
_SHORTEST_PERSONAL: Final = 4
_EDGES: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def why_not(password: str, common: frozenset[str], personal: Iterable[str] = ()) -> str | None:
    """Give one sentence when a password is not good enough, otherwise None.

    Args:
        password: As typed.
        common: Passwords that everybody uses, in small letters.
        personal: Words that a guesser would try for this person: name, address, the service's name.
    """
    if len(password) < SHORTEST:
        return (
            f"Use {SHORTEST} characters or more. {ADVISED} is better: three or four words that do not belong together"
        )
    if len(password) > LONGEST:
        return f"Use {LONGEST} characters or fewer"
    small = password.casefold()
    bare = _EDGES.sub("", small)
    if len(set(small)) < _FEWEST_DIFFERENT or _is_a_row(small) or {small, bare, _unit(small), _unit(bare)} & common:
        return "This password is easy to guess: others use it or one like it. Try three or four words instead"
    if bare in set(_personal_words(personal)):
        return "Use a password that is not made of your name, your email address or this service's name"
    return None


def _unit(text: str) -> str:
    """Give what a text repeats: 'liverpoolliverpool' is 'liverpool' twice."""
    period = (text + text).find(text, 1) if text else 0
    return text[:period]


def _is_a_row(text: str) -> bool:
    """Whether it runs along the keyboard or the alphabet, from any place, again and again."""
    return any(text in row * len(text) or text[::-1] in row * len(text) for row in _ROWS)


def _personal_words(personal: Iterable[str]) -> Iterable[str]:
    for entry in personal:
        small = entry.casefold()
        words = [word for word in re.split(r"[\W_]+", small) if len(word) >= _SHORTEST_PERSONAL]
        yield from (small, re.sub(r"[\W_]+", "", small), *words, _EDGES.sub("", small))
