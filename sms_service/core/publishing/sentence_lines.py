"""Adding and taking away sentences in the files that hold one a line; every other byte of the file stays."""

from __future__ import annotations

from collections.abc import Sequence

from sms_service.core.normalisation import keyword_form
from sms_service.core.publishing.errors import BadEdit


def with_sentences(source: str, sentences: Sequence[str]) -> str:
    """Add sentences at the end of a file of examples; what stands there already is not added again.

    Raises:
        BadEdit: For a sentence that cannot stand on one line, would be a comment, or has no word.
    """
    known = {keyword_form(line) for line in sentence_lines(source)}
    added: list[str] = []
    for sentence in sentences:
        plain = " ".join(sentence.split())
        form = keyword_form(plain)
        if not form:
            raise BadEdit(f"{plain!r} has no word to read. Write a sentence.")
        if plain.startswith("#"):
            raise BadEdit("A sentence may not begin with #: that line would be a note. Leave the # out.")
        if form not in known:
            known.add(form)
            added.append(plain)
    if not added:
        return source
    line_end = "\r\n" if "\r\n" in source else "\n"
    start = source if not source or source.endswith("\n") else source + line_end
    return start + "".join(f"{sentence}{line_end}" for sentence in added)


def without_sentences(source: str, sentences: Sequence[str]) -> str:
    """Take sentences out, however often they stand there.

    Raises:
        BadEdit: When one of them does not stand in the file as a line of its own.
    """
    unwanted = {keyword_form(sentence): sentence for sentence in sentences}
    present = {keyword_form(line) for line in sentence_lines(source)}
    for form, sentence in unwanted.items():
        if form not in present:
            raise BadEdit(f"'{sentence}' does not stand in this file.")
    kept = [
        line for line in source.splitlines(keepends=True) if not (_is_sentence(line) and keyword_form(line) in unwanted)
    ]
    return "".join(kept)


def sentence_lines(source: str) -> list[str]:
    """Give the sentences of a file as they are written, without notes and empty lines."""
    return [line.strip() for line in source.splitlines() if _is_sentence(line)]


def merged_lines(base: str, theirs: str, ours: str) -> str:
    """Take what was added and removed between ``base`` and ``ours`` over to ``theirs``."""
    had, has, now = (set(map(keyword_form, sentence_lines(text))) for text in (base, ours, theirs))
    gone = [line for line in sentence_lines(base) if keyword_form(line) in (had - has) & now]
    new = [line for line in sentence_lines(ours) if keyword_form(line) in has - had]
    return with_sentences(without_sentences(theirs, gone) if gone else theirs, new)


def _is_sentence(line: str) -> bool:
    stripped = line.strip().lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    return bool(stripped) and not stripped.startswith("#")
