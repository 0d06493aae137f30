"""Taking a release that went live meanwhile into a draft, field by field; whoever changed the same is asked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sms_service.core.publishing.content import Digest
from sms_service.core.publishing.errors import Clash, EditConflict
from sms_service.core.publishing.field_edits import FieldEdit, edits_between, merge
from sms_service.core.publishing.records import Draft
from sms_service.core.publishing.sentence_lines import merged_lines
from sms_service.service.publishing.books import Books
from sms_service.service.publishing.ports import BookFormat


class Side(StrEnum):
    """Whose version to keep where two differ."""

    OURS = "ours"
    """The draft's."""
    THEIRS = "theirs"
    """The live release's."""


Choices = Mapping[tuple[str, tuple[str, ...]], Side]


def caught_up(books: Books, book_format: BookFormat, draft: Draft, live_tree: Digest, choices: Choices) -> Digest:
    """Give the tree of the draft's changes made on another book.

    Raises:
        EditConflict: Names every clash for which nothing was chosen.
    """
    base, ours, theirs = books.tree(draft.base_tree), books.tree(draft.tree), books.tree(live_tree)
    changed: dict[str, str | None] = {}
    clashes: list[Clash] = []
    for path in sorted({*base, *ours}):
        if ours.get(path) == base.get(path) or ours.get(path) == theirs.get(path):
            continue  # the draft did not change it, or changed it to what is live
        texts = tuple(books.text(tree[path]) if path in tree else None for tree in (base, theirs, ours))
        if base.get(path) == theirs.get(path):
            changed[path] = texts[2]
            continue
        merged = _merged(book_format, path, texts, choices)
        if isinstance(merged, list):
            clashes += merged
        else:
            changed[path] = merged
    if clashes:
        raise EditConflict(tuple(clashes))
    return books.keep_changed(theirs, changed) if changed else live_tree


def _merged(
    book_format: BookFormat, path: str, texts: tuple[str | None, ...], choices: Choices
) -> str | list[Clash] | None:
    """Give the merged file (None: taken away), or its clashes."""
    base, theirs, ours = texts
    if base is not None and theirs is not None and ours is not None:
        if path.endswith(".txt"):
            return merged_lines(base, theirs, ours)
        if path.endswith(".yaml") and path != "golden.yaml":
            return _merged_fields(book_format, path, (base, theirs, ours), choices)
        if path == "golden.yaml":
            return book_format.merged_golden(base, theirs, ours)
    side = choices.get((path, ()))
    if side is None:
        return [Clash(path, (), base, theirs, ours)]
    return ours if side is Side.OURS else theirs


def _merged_fields(
    book_format: BookFormat, path: str, texts: tuple[str, str, str], choices: Choices
) -> str | list[Clash]:
    base, theirs, ours = (book_format.fields(path, text) for text in texts)
    merged = merge(path, base, theirs, edits_between(base, ours))
    open_clashes = [clash for clash in merged.clashes if (path, clash.field) not in choices]
    if open_clashes:
        return open_clashes
    chosen = [
        FieldEdit(clash.field, clash.ours)  # type: ignore[arg-type]  # what `merge` put there is a field's value
        for clash in merged.clashes
        if choices[path, clash.field] is Side.OURS
    ]
    edits = [*merged.edits, *chosen]
    return book_format.edited(path, texts[1], edits) if edits else texts[1]
