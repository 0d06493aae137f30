"""Contents in SQL, packed, each once."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite

from sms_service.core.publishing.content import Digest, digest_of, tree_from_bytes
from sms_service.storage.event_stores import StoreFailed
from sms_service.storage.publishing.tables import book_release, content, draft, draft_change

_AT_ONCE: Final = 200
_PACKING: Final = 6
_OUR_LOCK: Final = 0x5A4E_B00C
"""Of PostgreSQL's advisory locks; another than the one that migrations take."""


def put(connection: Connection, contents: Mapping[Digest, bytes], now: dt.datetime) -> None:
    """Keep contents; in the order of their digests, so that two that keep the same wait for each other."""
    rows = [
        {"digest": digest, "at": now, "packed": zlib.compress(contents[digest], _PACKING)}
        for digest in sorted(contents)
    ]
    if not rows:
        return
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(make(content).on_conflict_do_nothing(index_elements=["digest"]), rows)


def get(connection: Connection, digests: Collection[Digest]) -> dict[Digest, bytes]:
    """Give contents; one that is missing or damaged is left out."""
    found: dict[Digest, bytes] = {}
    for chunk in _chunks(digests):
        query = select(content.c.digest, content.c.packed).where(content.c.digest.in_(chunk))
        for row in connection.execute(query):
            try:
                unpacked = zlib.decompress(row.packed)
            except zlib.error:
                continue
            if digest_of(unpacked) == row.digest:
                found[row.digest] = unpacked
    return found


def present(connection: Connection, digests: Collection[Digest]) -> frozenset[Digest]:
    """Give those that are there."""
    found: set[Digest] = set()
    for chunk in _chunks(digests):
        found.update(connection.execute(select(content.c.digest).where(content.c.digest.in_(chunk))).scalars())
    return frozenset(found)


def hold(connection: Connection, tree: Digest) -> None:
    """Make sure that a book is whole in the transaction that begins to speak of it.

    Otherwise :func:`delete_unused` could take away, between the two, an old content that nothing spoke of.

    Raises:
        StoreFailed: When something is missing; keeping the book again helps.
    """
    _take_turns(connection, shared=True)
    packed = get(connection, [tree]).get(tree)
    wanted = set() if packed is None else set(tree_from_bytes(packed).values())
    if packed is None or present(connection, wanted) != wanted:
        raise StoreFailed("A part of the book was tidied away at this very moment. Try again.")


def delete_unused(connection: Connection, before: dt.datetime) -> int:
    """Delete contents from before a moment that no draft and no release holds any more; give how many."""
    _take_turns(connection, shared=False)
    trees: set[Digest] = set()
    for column in (
        book_release.c.tree, draft.c.tree, draft.c.base_tree, draft.c.source_tree, draft_change.c.tree
    ):  # fmt: skip
        trees.update(connection.execute(select(column).where(column.is_not(None)).distinct()).scalars())
    held = set(trees)
    for tree in get(connection, trees).values():
        held.update(tree_from_bytes(tree).values())
    old = set(connection.execute(select(content.c.digest).where(content.c.at < before)).scalars())
    for chunk in _chunks(old - held):
        connection.execute(delete(content).where(content.c.digest.in_(chunk)))
    return len(old - held)


def _take_turns(connection: Connection, *, shared: bool) -> None:
    """Keep whoever tidies up apart from whoever begins to speak of a content. On SQLite, writers wait anyway."""
    if connection.dialect.name != "sqlite":
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        connection.execute(text(f"SELECT {lock}(:ours)"), {"ours": _OUR_LOCK})


def _chunks(digests: Collection[Digest]) -> Iterator[list[Digest]]:
    ordered = sorted(digests)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
