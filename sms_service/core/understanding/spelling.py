"""Guarded repair of misspelt words: a word becomes another only when it is no real word itself and one slip away.

The table of single deletions (SymSpell's idea, W. Garbe 2012) finds the candidates in constant time; optimal string
alignment distance confirms them, so a swap of two neighbours counts as one slip. A longer word that no slip explains
may be written by ear ('sextorshun'): then the one listed word that sounds alike is meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import regex
from rapidfuzz.distance import OSA

MIN_LENGTH = 3
"""Shorter words have too many neighbours to be repaired."""

_TWO_SLIPS_FROM = 8
"""From this many letters on, two slips still leave one plausible word."""

_SHORT = 4
_FARTHEST_SHORT, _FARTHEST_LONG, _FARTHEST_TWO_SLIPS = 1.4, 1.6, 2.3
"""Costs (:func:`_cost`) below which a word is taken for a slip: 'scam' is no slip of CAM."""

_MAX_LENGTH = 24
"""Longer tokens are not slips of a word; skipping them keeps the cost of hostile input flat."""

_NEIGHBOURS = {
    entry[0]: frozenset(entry[2:])
    for entry in (
        "q:wa w:qeas e:wrsd r:etdf t:ryfg y:tugh u:yihj i:uojk o:ipkl p:ol a:qwsz s:awedxz d:serfcx "
        "f:drtgvc g:ftyhbv h:gyujnb j:huiknm k:jiolm l:kop z:asx x:zsdc c:xdfv v:cfgb b:vghn n:bhjm m:njk"
    ).split()
}
"""Keys beside each key on a QWERTY phone keyboard: a slip onto one of them is likelier than any other letter."""


_SOUNDS = tuple(
    (regex.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"(?:ti|si|ssi|ci|shi|xi|sh|ch)(?:on|un|en)", "xn"),
        (r"(?:ph|th|gh(?=t))", "f"),
        (r"tch|ch|sh", "x"),
        (r"dg|g(?=[eiy])", "j"),
        (r"c(?=[eiy])|z", "s"),
        (r"ck|[cq]", "k"),
        (r"(?<=k)s|x", "ks"),
        (r"v", "f"),
        (r"[aeiouyhw]", ""),
        (r"(.)\1+", r"\1"),
    )
)
"""What letters sound like, roughly as Metaphone has it (L. Philips 1990), with 'th' as young Londoners say it."""

_SOUND_FROM_LETTERS = 6
_SHORTEST_SOUND = 4
"""Fewer consonants sound like too many words."""

_FARTHEST_BY_EAR = 0.45
"""Share of the letters that may differ: names and words of other languages sound like something, too."""


class SpellingTable:
    """Finds the known word that a misspelt one was meant to be.

    Args:
        words: Known words, each with a weight (how common it is); the heavier one wins among equals.
        real_words: Words that are never repaired, because they mean themselves.
    """

    def __init__(self, words: Mapping[str, float], real_words: frozenset[str]) -> None:
        self._weights = dict(words)
        self._real_words = real_words
        table: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._weights):
            if MIN_LENGTH <= len(word) <= _MAX_LENGTH:
                for shape in _shapes(word, slips=2 if len(word) >= _TWO_SLIPS_FROM else 1):
                    table[shape].append(word)
        self._table = {shape: tuple(found) for shape, found in table.items()}
        self._sounds: dict[str, str] = {}
        for word in sorted(self._weights, key=lambda word: (self._weights[word], word)):
            if (sound := _sound(word)) is not None:
                self._sounds[sound] = word

    def knows(self, word: str) -> bool:
        """Whether a word is real or listed, so that it needs no repair."""
        return word in self._weights or word in self._real_words

    def repair(self, word: str) -> str | None:
        """Give the one listed word that ``word`` is a slip of, or sounds like; None for a real one or a toss-up."""
        if not MIN_LENGTH <= len(word) <= _MAX_LENGTH or self.knows(word) or word.isdigit():
            return None
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        candidates = {found for shape in _shapes(word, slips) for found in self._table.get(shape, ())}
        ranked = sorted((_cost(word, found), -self._weights[found], found) for found in candidates)
        farthest = _FARTHEST_TWO_SLIPS if len(word) >= _TWO_SLIPS_FROM else _farthest_slip(word)
        ranked = [entry for entry in ranked if entry[0] < farthest]
        if not ranked:
            return self._alike_by_ear(word)
        if len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]:
            return None
        return ranked[0][2]

    def _alike_by_ear(self, word: str) -> str | None:
        sound = _sound(word)
        meant = None if sound is None else self._sounds.get(sound)
        near = meant is not None and OSA.distance(word, meant) <= _FARTHEST_BY_EAR * len(meant)
        return meant if near else None


def is_slip(written: str, meant: str) -> bool:
    """Whether one word is another with one slip of the thumb in it."""
    return written != meant and OSA.distance(written, meant) == 1 and _cost(written, meant) < _farthest_slip(written)


def _farthest_slip(word: str) -> float:
    return _FARTHEST_SHORT if len(word) <= _SHORT else _FARTHEST_LONG


def _shapes(word: str, slips: int) -> Iterable[str]:
    shapes = {word}
    for _ in range(slips):
        shapes |= {shape[:i] + shape[i + 1 :] for shape in shapes for i in range(len(shape))}
    return shapes


def _sound(word: str) -> str | None:
    """Give what a long enough word sounds like: its first letter and its consonants, like-sounding ones as one."""
    if not _SOUND_FROM_LETTERS <= len(word) <= _MAX_LENGTH:
        return None
    sound = word
    for letters, like in _SOUNDS:
        sound = letters.sub(like, sound)
    if len(sound) < _SHORTEST_SOUND:
        return None
    return (word[0] if word[0] in "aeiou" else "") + sound


def _cost(written: str, meant: str) -> float:
    """Give the number of slips, a little more for an unlikely one (first letter, a key far away)."""
    distance = OSA.distance(written, meant)
    cost = float(distance)
    swapped = len(written) == len(meant) and sorted(written) == sorted(meant)
    if written[0] != meant[0] and not swapped:
        cost += 0.3 if meant[0] in _NEIGHBOURS.get(written[0], frozenset()) else 0.5
    elif distance == 1 and len(written) == len(meant) and not swapped:
        slipped, aimed = next((a, b) for a, b in zip(written, meant, strict=True) if a != b)
        if aimed not in _NEIGHBOURS.get(slipped, frozenset()):
            cost += 0.2
    return cost
