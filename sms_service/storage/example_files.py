"""Example sentences: ``examples/<reply>.txt`` one a line, ``examples/<reply>.grammar`` many a line.

``harmless`` stands beside the replies: everyday texts that are not for us. ``#`` begins a comment line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from sms_service.core.checks import Complaint, Severity
from sms_service.core.checks.sheet import did_you_mean
from sms_service.core.normalisation import keyword_form
from sms_service.core.reply_book import ReplyKey
from sms_service.core.sentence_grammar import Expansion, expand_grammar
from sms_service.service.publishing.books import Newest
from sms_service.storage.book_source import EXAMPLES_FOLDER, BookSource

HARMLESS: Final = "harmless"

_KINDS: Final = (".txt", ".grammar")

_KEPT_FORMS: Final = 100_000
_KEPT_BOOKS: Final = 3


@dataclass(frozen=True, slots=True)
class Examples:
    """The example sentences of a book.

    Attributes:
        sentences: By reply (or ``harmless``), written ones first, each once after normalising.
        grammars: What each ``.grammar`` file gives, line by line.
        complaints: What is wrong with the files.
    """

    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    grammars: Mapping[str, tuple[Expansion, ...]] = field(default_factory=dict)
    complaints: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sentence:
    label: str
    text: str
    file: str
    line: int | None
    from_grammar: bool = False


class KeptExamples:
    """Reads examples and keeps what it read: one book after another has the same tens of thousands."""

    def __init__(self) -> None:
        self._form = lru_cache(maxsize=_KEPT_FORMS)(keyword_form)
        self._kept: Newest[str, Examples] = Newest(_KEPT_BOOKS)

    def __call__(
        self, source: BookSource, labels: Collection[ReplyKey], in_book: Mapping[ReplyKey, tuple[str, ...]]
    ) -> Examples:
        """Read every example file of a book (see :func:`read_examples`), unless the same was read lately."""
        try:
            files = {path: source.read(path) for path in _example_paths(source)}
        except OSError:  # complained about, and looked at again
            return read_examples(source, labels, in_book, self._form)
        said = hashlib.sha256(repr((sorted(labels), list(in_book.items()), list(files))).encode())
        for content in files.values():
            said.update(hashlib.sha256(content).digest())
        return self._kept.get_or_make(said.hexdigest(), lambda: read_examples(source, labels, in_book, self._form))


def read_examples(
    source: BookSource,
    labels: Collection[ReplyKey],
    in_book: Mapping[ReplyKey, tuple[str, ...]],
    form: Callable[[str], str] = keyword_form,
) -> Examples:
    """Read every example file of a book.

    Args:
        source: Where the book's files are; its folder ``examples`` may be missing.
        labels: The replies that exist.
        in_book: Sentences that stand in the reply files themselves.
        form: Gives what two sentences have in common when they say the same; whoever reads often keeps it.
    """
    reader = _Reader(source, labels, form)
    for label, texts in in_book.items():
        for text in texts:
            reader.take(_Sentence(label, text, f"{label}.yaml", None))
    paths = [PurePosixPath(path) for path in _example_paths(source)]
    # Written sentences come before those of a grammar, so that it is the grammar that is told of a contradiction.
    for kind in _KINDS:
        for path in paths:
            if path.suffix == kind and reader.knows(path):
                reader.read(path)
    for path in paths:
        if path.suffix not in _KINDS and not path.name.startswith((".", "README")):
            mend = "Name it after a reply, with .txt or .grammar."
            reader.complain(str(path), None, "This is no file of examples.", mend)
    return reader.examples()


def _example_paths(source: BookSource) -> list[str]:
    return [path for path in source.paths() if path.startswith(f"{EXAMPLES_FOLDER}/")]


class _Reader:
    """Collects sentences and what is wrong with them."""

    def __init__(self, source: BookSource, labels: Collection[ReplyKey], form: Callable[[str], str]) -> None:
        self._source = source
        self._form = form
        self._labels = {*labels, HARMLESS}
        self._first: dict[str, _Sentence] = {}
        self._sentences: dict[str, list[str]] = {}
        self._grammars: dict[str, tuple[Expansion, ...]] = {}
        self._complaints: list[Complaint] = []

    def examples(self) -> Examples:
        """Give what was collected."""
        sentences = {label: tuple(texts) for label, texts in sorted(self._sentences.items())}
        return Examples(sentences, self._grammars, tuple(self._complaints))

    def complain(self, file: str, line: int | None, what: str, mend: str, severity: Severity = Severity.ERROR) -> None:
        """Note what is wrong."""
        self._complaints.append(Complaint(severity, file, line, what, mend))

    def knows(self, path: PurePosixPath) -> bool:
        """Whether a file is named after a reply; complains when it is not."""
        if path.stem in self._labels:
            return True
        mend = f"Name the file after a reply, or {HARMLESS}.{did_you_mean(path.stem, self._labels)}"
        self.complain(str(path), None, f"There is no reply '{path.stem}'.", mend)
        return False

    def read(self, path: PurePosixPath) -> None:
        """Read one file."""
        try:
            source = self._source.read(str(path)).decode("utf-8-sig")
        except OSError as error:
            what = f"The file cannot be opened: {error.strerror or 'unknown reason'}."
            self.complain(str(path), None, what, "Check its permissions.")
            return
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            self.complain(str(path), line, "There is a character that is not UTF-8.", "Save the file as UTF-8.")
            return
        sentences = self._expanded(path, source) if path.suffix == ".grammar" else _written(path, source)
        for sentence in sentences:
            self.take(sentence)

    def _expanded(self, path: PurePosixPath, source: str) -> Iterator[_Sentence]:
        grammar = expand_grammar(source)
        self._grammars[path.stem] = grammar.expansions
        for problem in grammar.problems:
            self.complain(str(path), problem.line, problem.what, problem.mend)
        for expansion in grammar.expansions:
            for text in expansion.sentences:
                yield _Sentence(path.stem, text, str(path), expansion.line, from_grammar=True)

    def take(self, sentence: _Sentence) -> None:
        """Keep a sentence, unless the same words were there before."""
        form = self._form(sentence.text)
        if not form:
            what = f"{sentence.text!r} has no word to read."
            self.complain(sentence.file, sentence.line, what, "Write a sentence, or delete the line.", Severity.WARNING)
            return
        first = self._first.setdefault(form, sentence)
        if first is sentence:
            self._sentences.setdefault(sentence.label, []).append(sentence.text)
            return
        where = f"{first.file}, line {first.line}" if first.line else first.file
        if first.label != sentence.label:
            what = f"'{sentence.text}' also stands in {where}: it cannot mean both."
            self.complain(sentence.file, sentence.line, what, "Keep it where it is right.")
        elif not sentence.from_grammar:
            what = f"'{sentence.text}' stands in {where} already."
            self.complain(sentence.file, sentence.line, what, "Delete one of them.")


def _written(path: PurePosixPath, source: str) -> Iterator[_Sentence]:
    for number, raw in enumerate(source.splitlines(), start=1):
        text = raw.strip()
        if text and not text.startswith("#"):
            yield _Sentence(path.stem, text, str(path), number)
