"""Reading YAML as staff write it: every plain scalar is a string, and every value knows its line.

Without this, YAML turns ``101`` into a number, ``1.10`` into 1.1 and ``2026-11-22`` into a date behind the writer's
back. Duplicate keys, aliases and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionStartEvent
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import LiteralScalarString

from sms_service.core.checks import Path

MOST_BYTES: Final = 64 * 1024
"""Far above any real reply; a larger file is a slip and would only be slow to refuse."""


_KEPT_FILES: Final = 256

Plain = str | list["Plain"] | dict[str, "Plain"]
"""What a file can hold."""

_DEEPEST: Final = 12
"""Levels of fields and lists; a book needs six."""


@dataclass(frozen=True, slots=True)
class YamlProblem:
    """Why a file cannot be read: the line (None for the whole file), what, and the mend."""

    line: int | None
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A file's values, and where they stand.

    Attributes:
        data: Plain dicts, lists and strings; empty when the file could not be read.
        lines: Line of every key and list item, from 1, by path within the file.
        blocks: Line at which the words of a text block (``|``) begin, by path; other strings are not in it.
        problems: What is wrong with it as YAML.
    """

    data: dict[str, Plain]
    lines: dict[Path, int] = field(default_factory=dict)
    blocks: dict[Path, int] = field(default_factory=dict)
    problems: tuple[YamlProblem, ...] = ()


def read_yaml(read: Callable[[], bytes], *, holds_list: bool = False) -> YamlFile:
    """Read a file. Nothing in it raises: what cannot be read becomes a problem with its line.

    Args:
        read: Gives its bytes; may raise OSError.
        holds_list: Whether the file is a list; it is then given as the field ``""``.
    """
    try:
        source = _source(read)
    except _Refused as refused:
        return YamlFile({}, problems=(refused.problem,))
    return _read(source, holds_list=holds_list)


@lru_cache(maxsize=_KEPT_FILES)
def _read(source: str, *, holds_list: bool) -> YamlFile:
    """Read a file's words. Kept: a draft differs from the live book in a file or two. Never change what this gives."""
    try:
        document = _loader().load(source)
    except YAMLError as error:
        return YamlFile({}, problems=(_problem(error, source),))
    file = YamlFile({})
    if holds_list and isinstance(document, CommentedSeq):
        problems = list(_walk(document, ("",), file))
        return YamlFile({"": _plain(document)}, file.lines, file.blocks, tuple(problems))
    if holds_list:
        problem = YamlProblem(1, "The file is no list.", 'Begin each line with "- ".')
        return YamlFile({"": []}, problems=() if document is None else (problem,))
    if not isinstance(document, CommentedMap):
        what = "The file is empty." if document is None else "The file has no fields."
        return YamlFile({}, problems=(YamlProblem(1, what, "Write fields such as 'title: ...', or copy a good file."),))
    problems = list(_walk(document, (), file))
    return YamlFile(_plain_map(document), file.lines, file.blocks, tuple(problems))


class _Refused(Exception):
    def __init__(self, problem: YamlProblem) -> None:
        super().__init__(problem.what)
        self.problem = problem


def _source(read: Callable[[], bytes]) -> str:
    try:
        raw = read()
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise _Refused(YamlProblem(None, f"The file cannot be opened: {reason}.", "Check its permissions.")) from error
    if len(raw) > MOST_BYTES:
        raise _Refused(YamlProblem(None, f"The file is larger than {MOST_BYTES // 1024} KiB.", "Make it smaller."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = "There is a character that is not UTF-8."
        raise _Refused(YamlProblem(line, what, "Save the file as UTF-8, or type the character again.")) from error


class _StringsOnly(VersionedResolver):
    """Resolves every scalar without a tag to a string."""

    def resolve(self, kind: type, value: object, implicit: object) -> object:
        if kind is ScalarNode:
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


class _CarefulComposer(Composer):
    """Refuses ``*name`` (a few lines of it can stand for millions of values) and deep nesting (slow, then fatal)."""

    _depth = 0

    def compose_node(self, parent: object, index: object) -> object:
        if self.parser.check_event(AliasEvent):
            mark = self.parser.peek_event().start_mark
            raise ComposerError(None, None, "found an alias", mark)
        if self.parser.check_event(CollectionStartEvent) and self.parser.peek_event().tag is not None:
            # What ruamel makes of a list with a tag has no lines; what it makes of a value with one is told in _value.
            raise ComposerError(None, None, "found a tag", self.parser.peek_event().start_mark)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ComposerError(None, None, "nested too deep", self.parser.peek_event().start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _loader() -> YAML:
    yaml = YAML(typ="rt", pure=True)
    yaml.Resolver = _StringsOnly
    yaml.Composer = _CarefulComposer
    yaml.allow_duplicate_keys = False
    return yaml


def _walk(node: object, path: Path, file: YamlFile) -> Iterator[YamlProblem]:
    """Note the line of every value below a node; yields a problem for each that is no plain string, list or map."""
    if isinstance(node, CommentedMap):
        for key, value in node.items():
            line = node.lc.key(key)[0] + 1
            if not isinstance(key, str):
                yield YamlProblem(line, "A field's name must be one word.", "Write 'name: value'.")
                continue
            yield from _value(value, (*path, str(key)), line, node.lc.value(key)[0] + 1, file)
    elif isinstance(node, CommentedSeq):
        for index, value in enumerate(node):
            line = node.lc.item(index)[0] + 1
            yield from _value(value, (*path, index), line, line, file)


def _value(value: object, path: Path, line: int, value_line: int, file: YamlFile) -> Iterator[YamlProblem]:
    file.lines[path] = line
    if isinstance(value, LiteralScalarString):
        # The words begin below the '|'; leading empty lines are not part of what is sent.
        file.blocks[path] = value_line + 1 + len(value) - len(value.lstrip("\n"))
    elif isinstance(value, CommentedMap | CommentedSeq):
        yield from _walk(value, path, file)
    elif not isinstance(value, str):
        yield YamlProblem(line, "This value has a '!' tag, which is not allowed.", "Write the words alone.")


def _plain_map(node: CommentedMap) -> dict[str, Plain]:
    return {str(key): _plain(value) for key, value in node.items()}


def _plain(node: object) -> Plain:
    if isinstance(node, CommentedMap):
        return _plain_map(node)
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    return str(node)


_COMMON_SLIPS: Final = (
    (
        "mapping values are not allowed",
        "There is a second colon in this line.",
        "Put quotation marks around the words, or put them in a text block under '|'.",
    ),
    ("found character '\\t'", "This line is moved in with a tab.", "Use spaces."),
    (
        "that cannot start any token",
        "A value may not begin with this character.",
        "Put quotation marks around the words.",
    ),
    ("could not find expected ':'", "There is no colon after the name of the field.", "Write 'name: value'."),
    (
        "did not find expected key",
        "This line does not fit to the lines above.",
        "Check the quotation marks and spaces.",
    ),
    ("expected <block end>", "This line is moved in differently from the lines above.", "Give it the same spaces."),
    ("found unexpected end of stream", "A quotation mark is opened and not closed.", "Close it."),
    ("found a tag", "This value has a '!' tag, which is not allowed.", "Write the words alone."),
    ("nested too deep", "Too many lists or fields stand inside each other here.", "Compare it with a good file."),
    ("found an alias", "A value may not begin with *.", "Put quotation marks around the words."),
    ("found undefined alias", "A value may not begin with *.", "Put quotation marks around the words."),
    ("expected alphabetic or numeric", "A value may not begin with * or &.", "Put quotation marks around the words."),
    (
        "special characters are not allowed",
        "There is an unseen control character.",
        "Delete it, or type the words again.",
    ),
)
"""What ruamel says, what it means, and the mend. The texts of ruamel 0.19."""


def _problem(error: YAMLError, source: str) -> YamlProblem:
    """Put a parser's complaint about a source into words."""
    if isinstance(error, MarkedYAMLError):
        said = str(error.problem or error.context or "")
        mark = error.problem_mark or error.context_mark
        if "end of stream" in said:
            mark = error.context_mark or mark  # where it began, not where the file ends
        line = mark.line + 1 if mark is not None else None
    elif isinstance(error, ReaderError):
        line, said = source.count("\n", 0, error.position) + 1, str(error)
    else:
        line, said = None, str(error)
    if isinstance(error, DuplicateKeyError):
        name = re.search(r'duplicate key "([^"]*)"', said)
        what = f"The field '{name.group(1)}' stands here twice." if name else "A field stands here twice."
        return YamlProblem(line, what, "Keep one of them.")
    for sign, what, mend in _COMMON_SLIPS:
        if sign in said:
            return YamlProblem(line, what, mend)
    return YamlProblem(line, f"The file cannot be read: {said}.", "Compare it with a good file.")
