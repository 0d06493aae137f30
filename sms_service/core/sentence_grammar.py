"""Many example sentences from one line: ``(he|she) (wont|will not) stop [asking] for $pictures``.

A file holds one pattern a line. ``(a|b)`` is a choice, ``[a|b]`` a choice that may be left out, ``$name`` a list that
an earlier line ``$name = a|b`` has given; all may be nested. ``#`` begins a comment line. A backslash makes the next
character literal. A pattern with more sentences than are wanted gives an even spread of them, always the same ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

SENTENCES_PER_LINE: Final = 40
"""What one line gives at most when nothing else is said: more of one pattern teaches little and outweighs the rest."""

_DEEPEST: Final = 20
_LONGEST_LINE: Final = 2000
_DEFINITION: Final = re.compile(r"\$([A-Za-z_]\w*)[ \t]*=(.*)", re.DOTALL)
_NAME: Final = re.compile(r"\$([A-Za-z_]\w*)?")
_MOST_SENTENCES: Final = 10**9
_LONGEST_SENTENCE: Final = 1000
"""Limits that no honest pattern meets; lists of lists of lists would else fill the memory."""

_GOLDEN: Final = (618_033_989, 10**9)
"""The golden ratio's fraction, in whole numbers so that every machine takes the same steps."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """What one line gives.

    Attributes:
        line: Line number in the source, from 1.
        pattern: The line as it is written.
        sentences: The sentences, each once, in the order of the choices.
        total: How many the pattern has, with repetitions, before the cap.
    """

    line: int
    pattern: str
    sentences: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class GrammarProblem:
    """A line that cannot be read: where, what is wrong, how to mend it."""

    line: int
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class ExpandedGrammar:
    """What a source gives: its good lines, and its problems."""

    expansions: tuple[Expansion, ...]
    problems: tuple[GrammarProblem, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence once, in the order of the lines."""
        return tuple(dict.fromkeys(sentence for expansion in self.expansions for sentence in expansion.sentences))


def expand_grammar(source: str, *, per_line: int = SENTENCES_PER_LINE) -> ExpandedGrammar:
    """Expand a source; a bad line becomes a problem and the others are expanded all the same.

    Args:
        source: The text of a ``.grammar`` file.
        per_line: Most sentences that one line gives, at least 1.
    """
    lists: dict[str, _Node] = {}
    expansions, problems = [], []
    for number, raw in enumerate(source.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            definition = _DEFINITION.fullmatch(line)
            if definition is not None:
                name = definition.group(1)
                if name in lists:
                    raise _Unreadable(f"The list ${name} is given twice.", "Delete or rename one of them.")
                lists[name] = _Reader(definition.group(2).strip(), lists).read()
                continue
            node = _Reader(line, lists).read()
        except _Unreadable as unreadable:
            problems.append(GrammarProblem(number, unreadable.what, unreadable.mend))
            continue
        sentences = _sentences(node, per_line)
        if sentences:
            expansions.append(Expansion(number, line, sentences, node.count))
        else:
            problems.append(GrammarProblem(number, "There are no words here.", "Write a sentence, or delete the line."))
    return ExpandedGrammar(tuple(expansions), tuple(problems))


class _Unreadable(Exception):
    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


@dataclass(frozen=True, slots=True)
class _Node:
    """A choice of sequences; a sequence is a row of words and choices.

    Attributes:
        choices: The sequences.
        counts: How many sentences each sequence has.
        longest: Characters of the longest sentence.
    """

    choices: tuple[tuple[str | _Node, ...], ...]
    counts: tuple[int, ...]
    longest: int

    @property
    def count(self) -> int:
        """How many sentences there are, with repetitions."""
        return sum(self.counts)

    def pick(self, index: int) -> Iterator[str]:
        """Give the pieces of the sentence with this number, from 0; the last choice of a sequence turns fastest."""
        for sequence, count in zip(self.choices, self.counts, strict=True):
            if index >= count:
                index -= count
                continue
            rest = count
            for piece in sequence:
                if isinstance(piece, str):
                    yield piece
                else:
                    rest //= piece.count
                    chosen, index = divmod(index, rest)
                    yield from piece.pick(chosen)
            return


def _node(choices: list[tuple[str | _Node, ...]]) -> _Node:
    counts = tuple(math.prod(piece.count for piece in choice if isinstance(piece, _Node)) for choice in choices)
    longest = max(
        sum(len(piece) if isinstance(piece, str) else piece.longest for piece in choice) for choice in choices
    )
    if sum(counts) > _MOST_SENTENCES or longest > _LONGEST_SENTENCE:
        raise _Unreadable("This pattern has far too many or too long sentences.", "Break it into simpler lines.")
    return _Node(tuple(choices), counts, longest)


def _sentences(node: _Node, most: int) -> tuple[str, ...]:
    """Give a node's sentences, or an even spread of ``most`` of them, spaces tidied, each once."""
    wanted = min(node.count, max(1, most))
    step = _coprime_near(node.count * _GOLDEN[0] // _GOLDEN[1], node.count) if wanted < node.count else 1
    # Steps of the golden ratio visit every region and, being coprime, every choice of the fastest turning group.
    indexes = sorted(k * step % node.count for k in range(wanted))
    texts = (" ".join("".join(node.pick(index)).split()) for index in indexes)
    return tuple(dict.fromkeys(text for text in texts if text))


def _coprime_near(start: int, modulus: int) -> int:
    step = max(1, start)
    while math.gcd(step, modulus) != 1:
        step += 1
    return step


class _Reader:
    """Reads one pattern by recursive descent."""

    def __init__(self, pattern: str, lists: Mapping[str, _Node]) -> None:
        if len(pattern) > _LONGEST_LINE:
            raise _Unreadable(f"The line is longer than {_LONGEST_LINE} characters.", "Break it into several lines.")
        self._pattern = pattern
        self._lists = lists
        self._at = 0

    def read(self) -> _Node:
        """Read the whole pattern."""
        return self._choices(until="", depth=0)

    def _choices(self, until: str, depth: int) -> _Node:
        if depth > _DEEPEST:
            raise _Unreadable(f"Brackets are nested more than {_DEEPEST} deep.", "Use $lists for the inner ones.")
        choices: list[tuple[str | _Node, ...]] = []
        sequence: list[str | _Node] = []
        while self._at < len(self._pattern):
            character = self._pattern[self._at]
            if character == "|":
                choices.append(tuple(sequence))
                sequence = []
                self._at += 1
            elif character in ")]":
                break
            else:
                sequence.append(self._piece(character, depth))
        self._close(until)
        return _node([*choices, tuple(sequence)])

    def _close(self, until: str) -> None:
        found = self._pattern[self._at : self._at + 1]
        if found == until:
            self._at += 1
        elif found:
            opening = {")": "(", "]": "["}[found]
            raise _Unreadable(f"There is a '{found}' without its '{opening}'.", "Delete it, or put the other one in.")
        else:
            raise _Unreadable(f"A '{until}' is missing at the end.", "Close every bracket that is opened.")

    def _piece(self, character: str, depth: int) -> str | _Node:
        if character == "(":
            self._at += 1
            return self._choices(")", depth + 1)
        if character == "[":
            self._at += 1
            inner = self._choices("]", depth + 1)
            return _node([*inner.choices, ()])
        if character == "$":
            return self._list()
        if character == "\\":
            literal = self._pattern[self._at + 1 : self._at + 2]
            self._at += 2
            return literal
        end = next(
            (i for i in range(self._at, len(self._pattern)) if self._pattern[i] in "()[]|$\\"), len(self._pattern)
        )
        literal = self._pattern[self._at : end]
        self._at = end
        return literal

    def _list(self) -> _Node:
        match = _NAME.match(self._pattern, self._at)
        name = match.group(1) if match is not None else None
        if match is None or name is None:
            raise _Unreadable("There is a $ without a name.", r"Write $name, or \$ for the sign itself.")
        if name not in self._lists:
            raise _Unreadable(f"There is no list ${name} above this line.", f"Add a line above: ${name} = one|two")
        self._at = match.end()
        return self._lists[name]
