"""Finding a keyword: alone, with noise or courtesy round it, inside a sentence, or with one slip of the thumb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sms_service.core.normalisation import NormalisedText, keyword_form, squeeze, unleet
from sms_service.core.understanding.keyword_slips import KeywordSlips
from sms_service.core.understanding.mishearings import LETTER_NAMES, MISHEARD
from sms_service.core.understanding.spelling import SpellingTable
from sms_service.core.understanding.text_speak import TEXT_SPEAK
from sms_service.core.understanding.vocabulary import CONTRACTIONS, COURTESY, FUNCTION_WORDS, HASTE, NEGATORS

_LONGEST_GLUED = 24
_SHORTEST_PLURAL = 4
_NEGATION_REACH = 3
"""How many words before a keyword a negator still turns it round ('not in any danger')."""


def _longest_from(runs: Iterable[str]) -> dict[str, int]:
    """Give, for each word that a run of words begins with, how many words the longest such run has."""
    longest: dict[str, int] = {}
    for run in runs:
        words = run.split()
        longest[words[0]] = max(len(words), longest.get(words[0], 1))
    return longest


_LONGEST_MISHEARING = _longest_from(MISHEARD)


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """A keyword found in a message.

    Attributes:
        reply: The reply it leads to.
        keyword: The keyword as listed, in its normalised form.
        position: Index of its first word among the message's words.
        words: How many of them it takes.
        repaired_from: What was written, when a slip was repaired to find it.
        negated: Whether a negator stands just before it.
        shouted: Whether it stands out in capitals from a message that is not all in capitals.
    """

    reply: str
    keyword: str
    position: int
    words: int = 1
    repaired_from: str | None = None
    negated: bool = False
    shouted: bool = False


class KeywordIndex:
    """Looks keywords up; built once per release.

    Args:
        keywords: Reply to its keywords, as staff wrote them.
        english: Real words, never taken for a slip.
    """

    def __init__(self, keywords: Mapping[str, Iterable[str]], english: frozenset[str]) -> None:
        self._replies: dict[str, str] = {}
        for reply, written in keywords.items():
            for keyword in written:
                form = keyword_form(keyword)
                if form:
                    self._replies.setdefault(form, reply)
        self._glued = {form.replace(" ", ""): form for form in self._replies}
        self._longest = _longest_from(self._replies)
        singles = {form: 1.0 for form in self._replies if " " not in form and not form.isdigit()}
        self._spelling = SpellingTable(singles, english | COURTESY | FUNCTION_WORDS | frozenset(TEXT_SPEAK))
        self._english = english | CONTRACTIONS
        self._slips = KeywordSlips(self._replies, self._spelling, self._english | COURTESY | FUNCTION_WORDS)

    def exact(self, form: str) -> str | None:
        """Give the reply whose keyword is exactly this normalised form."""
        return self._replies.get(form)

    def plain_words(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Undo noise that is not a slip: stretched letters, digits for letters, spelled-out and misheard words."""
        known = self._replies
        plain: list[str] = []
        index = 0
        while index < len(words):
            run, length = self._run_at(words, index)
            if run is not None:
                plain.extend(run)
                index += length
                continue
            word = words[index]
            index += 1
            if word in known or word in COURTESY or word in self._english:
                plain.append(word)
                continue
            plain.extend(self._untangle(word))
        return tuple(plain)

    def find(self, text: NormalisedText, words: tuple[str, ...]) -> list[KeywordHit]:
        """Give every keyword among ``words`` (from :meth:`plain_words`), left to right, longest first, no overlap."""
        shouts = _shouted_words(text)
        hits: list[KeywordHit] = []
        index = 0
        while index < len(words):
            for length in range(min(self._longest.get(words[index], 1), len(words) - index), 0, -1):
                form = " ".join(words[index : index + length])
                if form not in self._replies:
                    form = self._other_number(form)
                reply = self._replies.get(form)
                # 'What is this?' is no request for the keyword WHAT: such words count only on their own.
                if reply is not None and (form not in FUNCTION_WORDS or len(words) == 1):
                    shouted = words[index] in shouts
                    hits.append(KeywordHit(reply, form, index, length, None, _negated(words, index), shouted))
                    index += length
                    break
            else:
                index += 1
        return hits

    def find_with_slips(self, words: tuple[str, ...]) -> list[KeywordHit]:
        """Give keywords that are one slip away from words of which one is no real word."""
        hits = []
        for index, word in enumerate(words):
            if word in self._replies:
                continue
            meant = self._spelling.repair(squeeze(word))
            if meant is not None and (meant not in FUNCTION_WORDS or len(words) == 1):
                hits.append(KeywordHit(self._replies[meant], meant, index, 1, word, _negated(words, index)))
        for slip in self._slips.find(words):
            written = " ".join(words[slip.position : slip.position + slip.words])
            negated = _negated(words, slip.position)
            hits.append(
                KeywordHit(self._replies[slip.keyword], slip.keyword, slip.position, slip.words, written, negated)
            )
        return hits

    def _other_number(self, form: str) -> str:
        """Give the keyword that differs by a plural s ('threats', 'nude'), or a form that is no keyword."""
        if len(form) < _SHORTEST_PLURAL or " " in form:
            return form
        return form[:-1] if form.endswith("s") else form + "s"

    def _run_at(self, words: tuple[str, ...], index: int) -> tuple[tuple[str, ...] | None, int]:
        """Give what a run of words starting here stands for, and how many words it takes."""
        for length in range(min(_LONGEST_MISHEARING.get(words[index], 1), len(words) - index), 1, -1):
            meant = MISHEARD.get(" ".join(words[index : index + length]))
            if meant is not None:
                return tuple(meant.split()), length
        letters = ""
        end = index
        while end < len(words) and len(letters) < _LONGEST_GLUED:
            word = words[end]
            if word in ("double", "dubble") and end + 1 < len(words) and words[end + 1] in ("you", "u", "yu"):
                letters += "w"
                end += 2
                continue
            letter = word if len(word) == 1 else LETTER_NAMES.get(word)
            if letter is None:
                break
            letters += letter
            end += 1
        # The longest spelled keyword that starts here; fewer than three letters would eat 'r u' and 'i c'.
        for size in range(len(letters), 2, -1):
            form = self._glued.get(letters[:size])
            if form is not None:
                return tuple(form.split()), _words_for_letters(words, index, size)
        return None, 0

    def _untangle(self, word: str) -> tuple[str, ...]:
        for shape in (squeeze(word), squeeze(word, to=2), unleet(word), unleet(squeeze(word))):
            if shape in self._replies:
                return (shape,)
            spoken = TEXT_SPEAK.get(shape)
            if spoken in self._replies:
                return (spoken,)
            form = self._glued.get(shape)
            if form is not None:
                return tuple(form.split())
        if len(word) <= _LONGEST_GLUED and word not in TEXT_SPEAK:
            pieces = self._split_glued(squeeze(word))
            if pieces:
                return pieces
        for shape in (unleet(word), unleet(squeeze(word)), squeeze(word), squeeze(word, to=2)):
            if shape in self._english:
                return (shape,)
        return (squeeze(word),)

    def _split_glued(self, word: str) -> tuple[str, ...] | None:
        """Split 'pleasehelp' or 'urgenthelp' when all of it is keywords and courtesy and at least one is a keyword."""
        best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
        best[0] = ()
        for end in range(1, len(word) + 1):
            for start in range(end):
                piece = word[start:end]
                before = best[start]
                if before is None or len(piece) < 2:  # noqa: PLR2004 - single letters would split any word
                    continue
                if piece in self._replies or piece in COURTESY:
                    found = (*before, piece)
                    current = best[end]
                    if current is None or len(found) < len(current):
                        best[end] = found
        whole = best[-1]
        return whole if whole and any(piece in self._replies and len(piece) > 2 for piece in whole) else None  # noqa: PLR2004


def _words_for_letters(words: tuple[str, ...], index: int, letters: int) -> int:
    taken = 0
    position = index
    while taken < letters:
        position += 2 if words[position] in ("double", "dubble") else 1
        taken += 1
    return position - index


def _negated(words: tuple[str, ...], index: int) -> bool:
    return any(word in NEGATORS for word in words[max(0, index - _NEGATION_REACH) : index])


def _shouted_words(text: NormalisedText) -> frozenset[str]:
    if text.shouts_all_over:
        return frozenset()
    return frozenset(word for word, shouted in zip(text.words, text.shouted, strict=True) if shouted)


def is_only_keywords(words: tuple[str, ...], hits: list[KeywordHit]) -> bool:
    """Whether nothing but keywords and courtesy stands in the message (a slip counts as the keyword it meant).

    'Crisis now please' asks for CRISIS. Beside two wishes haste says more than that: 'call police now'.
    """
    covered: set[int] = set()
    for hit in hits:
        covered.update(range(hit.position, hit.position + hit.words))
    besides = [word for index, word in enumerate(words) if index not in covered]
    one_wish = len({hit.reply for hit in hits}) == 1
    return all(_is_courtesy(word) or (one_wish and word in HASTE) for word in besides)


def _is_courtesy(word: str) -> bool:
    return word in COURTESY or all(piece in COURTESY for piece in TEXT_SPEAK.get(word, word).split())
