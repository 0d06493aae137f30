"""Rows of drafts: read, written, deleted when they are old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from sms_service.core.people import Person
from sms_service.core.publishing.records import Approval, Draft, DraftStatus
from sms_service.storage.event_text import LONGEST_TEXT
from sms_service.storage.publishing import sql_contents
from sms_service.storage.publishing.link import storable
from sms_service.storage.publishing.tables import draft, draft_change

_LONGEST_COMMENT: Final = 2000
_OVER: Final = (DraftStatus.PUBLISHED.value, DraftStatus.DISCARDED.value)


def add(connection: Connection, new: Draft) -> Draft:
    """Keep a new draft; give it as it was kept."""
    values = {**_values(new), "created_by_id": new.created_by.person_id, "created_by_name": _name(new.created_by)}
    values |= {"created_at": new.created_at, "version": 1}
    for tree in {new.base_tree, new.tree}:
        sql_contents.hold(connection, tree)
    draft_id = connection.execute(insert(draft).values(**values).returning(draft.c.draft_id)).scalar_one()
    for author in new.authors:
        _add_change(connection, draft_id, 1, author, new)
    return by_id(connection, [draft_id])[0]


def by_id(connection: Connection, draft_ids: Collection[int]) -> list[Draft]:
    """Give drafts, newest first."""
    query = select(draft).where(draft.c.draft_id.in_(draft_ids)).order_by(draft.c.draft_id.desc())
    return _drafts(connection, connection.execute(query).mappings().all())


def with_status(
    connection: Connection, statuses: Collection[DraftStatus], before: int | None, most: int
) -> list[Draft]:
    """Give drafts, newest first."""
    query = select(draft).where(draft.c.status.in_([status.value for status in statuses]))
    if before is not None:
        query = query.where(draft.c.draft_id < before)
    query = query.order_by(draft.c.draft_id.desc()).limit(most)
    return _drafts(connection, connection.execute(query).mappings().all())


def replace(connection: Connection, before: Draft, after: Draft, author: Person | None) -> bool:
    """Change a draft if it is still the version that was read."""
    for tree in {after.base_tree, after.tree} - {before.base_tree, before.tree}:
        sql_contents.hold(connection, tree)
    same = (draft.c.draft_id == before.draft_id, draft.c.version == before.version)
    changed = update(draft).where(*same).values(**_values(after), version=before.version + 1)
    # RETURNING, because the row count is not the same on both databases.
    if connection.execute(changed.returning(draft.c.draft_id)).fetchone() is None:
        return False
    if author is not None:
        _add_change(connection, before.draft_id, before.version + 1, author, after)
    return True


def delete_over(connection: Connection, moment: dt.datetime, most: int) -> int:
    """Delete drafts that were over before a moment, with who wrote them."""
    old = select(draft.c.draft_id).where(draft.c.status.in_(_OVER), draft.c.updated_at < moment).limit(most)
    ids = list(connection.execute(old).scalars())
    connection.execute(delete(draft_change).where(draft_change.c.draft_id.in_(ids)))
    connection.execute(delete(draft).where(draft.c.draft_id.in_(ids)))
    return len(ids)


def _add_change(connection: Connection, draft_id: int, version: int, author: Person, as_it_is: Draft) -> None:
    values = {
        "draft_id": draft_id,
        "version": version,
        "person_id": author.person_id,
        "person_name": _name(author),
        "tree": as_it_is.tree,
        "at": as_it_is.updated_at,
    }
    connection.execute(insert(draft_change), values)


def _values(one: Draft) -> dict[str, Any]:
    approval = one.approval
    return {
        "title": storable(one.title, LONGEST_TEXT),
        "status": one.status.value,
        "base_number": one.base_number,
        "base_tree": one.base_tree,
        "tree": one.tree,
        "updated_at": one.updated_at,
        "approver_id": approval.approver.person_id if approval else None,
        "approver_name": _name(approval.approver) if approval else None,
        "approved_tree": approval.tree if approval else None,
        "approved_at": approval.at if approval else None,
        "comment": storable(one.comment, _LONGEST_COMMENT),
        "source_tree": one.source_tree,
    }


def _drafts(connection: Connection, rows: Sequence[RowMapping]) -> list[Draft]:
    ids = [row["draft_id"] for row in rows]
    changes = select(draft_change).where(draft_change.c.draft_id.in_(ids)).order_by(draft_change.c.version)
    authors: dict[int, dict[str, Person]] = {}
    for change in connection.execute(changes):
        of_draft = authors.setdefault(change.draft_id, {})
        of_draft.pop(change.person_id, None)
        of_draft[change.person_id] = Person(change.person_id, change.person_name)
    return [_draft(row, tuple(authors.get(row["draft_id"], {}).values())) for row in rows]


def _draft(row: RowMapping, authors: tuple[Person, ...]) -> Draft:
    approval = None
    if row["approver_id"] is not None:
        approver = Person(row["approver_id"], row["approver_name"])
        approval = Approval(approver, row["approved_tree"], row["approved_at"])
    return Draft(
        draft_id=row["draft_id"],
        title=row["title"],
        status=DraftStatus(row["status"]),
        base_number=row["base_number"],
        base_tree=row["base_tree"],
        tree=row["tree"],
        version=row["version"],
        created_by=Person(row["created_by_id"], row["created_by_name"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        authors=authors,
        approval=approval,
        comment=row["comment"],
        source_tree=row["source_tree"],
    )


def _name(person: Person) -> str:
    return storable(person.name, LONGEST_TEXT)
