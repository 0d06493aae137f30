"""The tables of drafts, releases and contents. What each column is for stands in ``core/data_register.py``.

Their checks and triggers are made in migration ``0003``: who may approve and what stays as it is, is held there too.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table

from sms_service.storage.tables import LongText, Moment, Text, metadata

Digest: Final = String(64)

content: Final = Table(
    "content",
    metadata,
    Column("digest", Digest, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)

draft: Final = Table(
    "draft",
    metadata,
    Column("draft_id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("base_number", Integer, nullable=False),
    Column("base_tree", Digest, nullable=False),
    Column("tree", Digest, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_by_id", Text, nullable=False),
    Column("created_by_name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("approver_id", Text),
    Column("approver_name", Text),
    Column("approved_tree", Digest),
    Column("approved_at", Moment),
    Column("comment", LongText, nullable=False),
    Column("source_tree", Digest),
    CheckConstraint("approved_tree IS NULL OR approved_tree = tree", name="approved_as_it_is"),
    CheckConstraint(
        "(approver_id IS NULL) = (approved_tree IS NULL) AND (approver_id IS NULL OR status <> 'open')",
        name="approved_in_review",
    ),
    Index("ix_draft_status", "status", "draft_id"),
    sqlite_autoincrement=True,
)

draft_change: Final = Table(
    "draft_change",
    metadata,
    Column("draft_id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Text, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("tree", Digest, nullable=False),
    Column("at", Moment, nullable=False),
)

book_release: Final = Table(
    "book_release",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("tree", Digest, nullable=False),
    Column("author_id", Text, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("approver_id", Text),
    Column("approver_name", Text),
    Column("publisher_id", Text, nullable=False),
    Column("publisher_name", Text, nullable=False),
    Column("note", LongText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("draft_id", Integer),
    Column("restored_from", Integer),
    CheckConstraint("kind IN ('publish', 'urgent_fix', 'restore', 'import')", name="known_kind"),
    CheckConstraint("kind <> 'publish' OR (approver_id IS NOT NULL AND draft_id IS NOT NULL)", name="approved"),
    CheckConstraint("approver_id IS NULL OR approver_id <> author_id", name="approved_by_another"),
    CheckConstraint("kind <> 'restore' OR restored_from IS NOT NULL", name="restores"),
    Index("ix_book_release_tree", "tree"),
)

release_look: Final = Table(
    "release_look",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Text, primary_key=True),
    Column("person_name", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

unmatched_message: Final = Table(
    "unmatched_message",
    metadata,
    Column("unmatched_id", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("pseudonym", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_unmatched_message_at", "at", "unmatched_id"),
    Index("ix_unmatched_message_pseudonym", "pseudonym"),
)

trying_phone: Final = Table(
    "trying_phone",
    metadata,
    Column("phone_id", Text, primary_key=True),
    Column("pseudonym", Text, nullable=False, unique=True),
    Column("draft_id", Integer, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)
