"""Publishing in SQL: each step one transaction, with its entry in the history. The database holds the rules as well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, exists, func, insert, or_, select, text
from sqlalchemy.exc import IntegrityError

from sms_service.core.history import HistoryEntry
from sms_service.core.people import Person
from sms_service.core.publishing.content import Digest
from sms_service.core.publishing.records import Draft, DraftStatus, Look, ReleaseKind, ReleaseRecord
from sms_service.storage import history
from sms_service.storage.event_text import LONGEST_TEXT
from sms_service.storage.publishing import sql_contents, sql_drafts
from sms_service.storage.publishing.link import SqlLink, storable
from sms_service.storage.publishing.tables import book_release, draft, release_look

_LONGEST_NOTE: Final = 2000


class _Undone(Exception):
    """Rolls a transaction back that was begun on what is not there any more."""


class SqlPublishing:
    """The :class:`~sms_service.service.publishing.ports.PublishingStore`.

    Args:
        link: Into the database.
        clock: Dates contents.
    """

    def __init__(self, link: SqlLink, clock: Callable[[], dt.datetime]) -> None:
        self._link = link
        self._clock = clock

    # Contents --------------------------------------------------------------------------------------------------------

    def put(self, contents: Mapping[Digest, bytes]) -> None:
        """Keep contents."""
        with self._link.write() as connection:
            sql_contents.put(connection, contents, self._clock())

    def get(self, digests: Collection[Digest]) -> Mapping[Digest, bytes]:
        """Give contents."""
        with self._link.read() as connection:
            return sql_contents.get(connection, digests)

    def present(self, digests: Collection[Digest]) -> frozenset[Digest]:
        """Give those that are there."""
        with self._link.read() as connection:
            return sql_contents.present(connection, digests)

    # Releases --------------------------------------------------------------------------------------------------------

    def newest_number(self) -> int:
        """Give the number of the live release, or 0."""
        with self._link.read() as connection:
            return int(connection.execute(select(func.coalesce(func.max(book_release.c.number), 0))).scalar_one())

    def release(self, number: int) -> ReleaseRecord | None:
        """Give a release."""
        with self._link.read() as connection:
            row = connection.execute(select(book_release).where(book_release.c.number == number)).mappings().first()
        return None if row is None else _release(row)

    def releases(self, before: int | None, most: int) -> tuple[ReleaseRecord, ...]:
        """Give releases, newest first."""
        query = select(book_release).order_by(book_release.c.number.desc()).limit(most)
        if before is not None:
            query = query.where(book_release.c.number < before)
        with self._link.read() as connection:
            return tuple(_release(row) for row in connection.execute(query).mappings())

    def add_release(self, release: ReleaseRecord, closes: Draft | None, entry: HistoryEntry) -> bool:
        """Make a release live, and its draft published."""
        try:
            with self._link.write() as connection:
                _one_at_a_time(connection)
                try:
                    taken = exists().where(book_release.c.number >= release.number)
                    if connection.execute(select(taken)).scalar_one():
                        return False
                    connection.execute(insert(book_release), _values(release))
                except IntegrityError as error:
                    if "pk_book_release" in str(error.orig) or "book_release.number" in str(error.orig):
                        raise _Undone from error
                    raise
                if closes is not None:
                    published = replace(closes, status=DraftStatus.PUBLISHED, updated_at=release.created_at)
                    if not sql_drafts.replace(connection, closes, published, None):
                        raise _Undone
                history.add(connection, entry)
        except _Undone:
            return False
        return True

    def add_look(self, look: Look, entry: HistoryEntry) -> None:
        """Write down that somebody looked."""
        with self._link.write() as connection:
            same = (release_look.c.number == look.number, release_look.c.person_id == look.person.person_id)
            if connection.execute(select(exists().where(*same))).scalar_one():
                return
            values = {"number": look.number, "person_id": look.person.person_id, "at": look.at}
            connection.execute(insert(release_look), {**values, "person_name": _name(look.person)})
            history.add(connection, entry)

    def looks(self, numbers: Collection[int]) -> tuple[Look, ...]:
        """Give who looked at these releases."""
        query = select(release_look).where(release_look.c.number.in_(numbers)).order_by(release_look.c.at)
        with self._link.read() as connection:
            rows = connection.execute(query).fetchall()
        return tuple(Look(row.number, Person(row.person_id, row.person_name), row.at) for row in rows)

    def is_known(self, tree: Digest) -> bool:
        """Whether a book was ever released or begun from."""
        released = exists().where(book_release.c.tree == tree)
        begun = exists().where(or_(draft.c.base_tree == tree, draft.c.source_tree == tree))
        with self._link.read() as connection:
            return bool(connection.execute(select(or_(released, begun))).scalar_one())

    # Drafts ----------------------------------------------------------------------------------------------------------

    def add_draft(self, draft: Draft, entry: HistoryEntry) -> Draft:
        """Keep a new draft."""
        with self._link.write() as connection:
            kept = sql_drafts.add(connection, draft)
            history.add(connection, replace(entry, subject=f"draft {kept.draft_id}"))
        return kept

    def draft(self, draft_id: int) -> Draft | None:
        """Give a draft."""
        with self._link.read() as connection:
            return next(iter(sql_drafts.by_id(connection, [draft_id])), None)

    def drafts(self, statuses: Collection[DraftStatus], before: int | None, most: int) -> tuple[Draft, ...]:
        """Give drafts, newest first."""
        with self._link.read() as connection:
            return tuple(sql_drafts.with_status(connection, statuses, before, most))

    def replace_draft(self, before: Draft, after: Draft, author: Person | None, entry: HistoryEntry | None) -> bool:
        """Change a draft if it is still the same version."""
        with self._link.write() as connection:
            if not sql_drafts.replace(connection, before, after, author):
                return False
            if entry is not None:
                history.add(connection, entry)
        return True


def _one_at_a_time(connection: Connection) -> None:
    """Let releases be made one after the other. On SQLite, writers wait anyway."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("LOCK TABLE book_release IN SHARE ROW EXCLUSIVE MODE"))


def _values(release: ReleaseRecord) -> dict[str, Any]:
    approver = release.approver
    return {
        "number": release.number,
        "kind": release.kind.value,
        "tree": release.tree,
        "author_id": release.author.person_id,
        "author_name": _name(release.author),
        "approver_id": approver.person_id if approver else None,
        "approver_name": _name(approver) if approver else None,
        "publisher_id": release.publisher.person_id,
        "publisher_name": _name(release.publisher),
        "note": storable(release.note, _LONGEST_NOTE),
        "at": release.created_at,
        "draft_id": release.draft_id,
        "restored_from": release.restored_from,
    }


def _release(row: RowMapping) -> ReleaseRecord:
    approver = None if row["approver_id"] is None else Person(row["approver_id"], row["approver_name"])
    return ReleaseRecord(
        number=row["number"],
        kind=ReleaseKind(row["kind"]),
        tree=row["tree"],
        author=Person(row["author_id"], row["author_name"]),
        approver=approver,
        publisher=Person(row["publisher_id"], row["publisher_name"]),
        note=row["note"],
        created_at=row["at"],
        draft_id=row["draft_id"],
        restored_from=row["restored_from"],
    )


def _name(person: Person) -> str:
    return storable(person.name, LONGEST_TEXT)
