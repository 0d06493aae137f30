"""Drafts, releases and their contents, a history that nobody can rewrite, and messages that were not understood.

Who may approve, and that history and releases stay as they are, is held by triggers too: a mistake in this program, or
somebody with a password for the database, then still cannot make a release that nobody else has read. What a trigger
refuses begins with ``line_rule:`` in its error.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.String(160)
LONG = sa.String(2000)
MOMENT = sa.DateTime(timezone=True)
DIGEST = sa.String(64)

AUDIT_DAYS = 2190
"""Two days fewer than entries are kept: the clocks of a host and of the database may differ."""

RULES = (
    # name, table, event, condition under which it is refused (None: always), sentence
    ("audit_entry_stays", "audit_entry", "UPDATE", None, "history is never changed"),
    ("audit_entry_kept", "audit_entry", "DELETE", "{young}", "history is kept for six years"),
    ("book_release_stays", "book_release", "UPDATE", None, "a release is never changed"),
    ("book_release_kept", "book_release", "DELETE", None, "a release is never deleted"),
    (
        "book_release_next",
        "book_release",
        "INSERT",
        "NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM book_release)",
        "releases are numbered without gaps",
    ),
    (
        "book_release_approved",
        "book_release",
        "INSERT",
        """NEW.kind = 'publish' AND (
            NOT EXISTS (
                SELECT 1 FROM draft WHERE draft.draft_id = NEW.draft_id AND draft.status = 'in_review'
                AND draft.tree = NEW.tree AND draft.approved_tree = NEW.tree AND draft.approver_id = NEW.approver_id
            ) OR EXISTS (
                SELECT 1 FROM draft_change
                WHERE draft_change.draft_id = NEW.draft_id AND draft_change.person_id = NEW.approver_id
            )
        )""",
        "nobody else has approved this content",
    ),
    (
        "book_release_restores",
        "book_release",
        "INSERT",
        """NEW.kind = 'restore' AND NOT EXISTS (
            SELECT 1 FROM book_release AS earlier
            WHERE earlier.number = NEW.restored_from AND earlier.tree = NEW.tree
        )""",
        "this is not the content of that release",
    ),
    ("release_look_stays", "release_look", "UPDATE", None, "history is never changed"),
    ("release_look_kept", "release_look", "DELETE", None, "history is never deleted"),
    (
        "release_look_second",
        "release_look",
        "INSERT",
        """EXISTS (
            SELECT 1 FROM book_release WHERE book_release.number = NEW.number
            AND NEW.person_id IN (book_release.author_id, book_release.publisher_id)
        )""",
        "nobody looks over their own release",
    ),
    ("content_stays", "content", "UPDATE", None, "a content is never changed"),
    (
        "draft_is_over",
        "draft",
        "UPDATE",
        "OLD.status IN ('published', 'discarded')",
        "what is over is not changed any more",
    ),
    ("draft_begins_unapproved", "draft", "INSERT", "NEW.approver_id IS NOT NULL", "a draft begins without an approval"),
    (
        "draft_approved_by_another",
        "draft",
        "UPDATE",
        """NEW.approver_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM draft_change
            WHERE draft_change.draft_id = NEW.draft_id AND draft_change.person_id = NEW.approver_id
        )""",
        "nobody approves their own words",
    ),
    ("draft_change_stays", "draft_change", "UPDATE", None, "who wrote what is never changed"),
    (
        "draft_change_kept",
        "draft_change",
        "DELETE",
        """EXISTS (
            SELECT 1 FROM draft
            WHERE draft.draft_id = OLD.draft_id AND draft.status IN ('open', 'in_review')
        )""",
        "who wrote what is kept while the draft is under way",
    ),
    (
        "draft_change_unapproved",
        "draft_change",
        "INSERT",
        "EXISTS (SELECT 1 FROM draft WHERE draft.draft_id = NEW.draft_id AND draft.approver_id IS NOT NULL)",
        "a change voids the approval",
    ),
)

NEVER_EMPTIED = ("audit_entry", "book_release", "release_look", "draft_change")
"""Tables that TRUNCATE, which fires no row trigger on PostgreSQL, must not touch either."""

YOUNG = {
    "sqlite": f"OLD.at >= strftime('%Y-%m-%d %H:%M:%f', 'now', '-{AUDIT_DAYS} days')",
    "postgresql": f"OLD.at >= now() - interval '{AUDIT_DAYS} days'",
}


def upgrade() -> None:
    _make_tables()
    with op.batch_alter_table("audit_entry") as batch:
        batch.add_column(sa.Column("actor_id", TEXT, nullable=False, server_default=""))
        batch.add_column(sa.Column("subject", TEXT, nullable=False, server_default=""))
        batch.alter_column("detail", existing_type=TEXT, type_=LONG, existing_nullable=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject", "at"])
    op.create_index("ix_audit_entry_actor_id", "audit_entry", ["actor_id", "at"])
    dialect = op.get_bind().dialect.name
    for name, table, event, condition, sentence in RULES:
        refused = condition.format(young=YOUNG[dialect]) if condition == "{young}" else condition
        make = _sqlite_trigger if dialect == "sqlite" else _postgres_trigger
        make(name, table, event, refused, sentence)
    if dialect != "sqlite":
        for table in NEVER_EMPTIED:
            _postgres_function(f"{table}_never_emptied", None, "this table is never emptied")
            op.execute(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION line_rule_{table}_never_emptied()"
            )


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for name, table, *_ in RULES:
        if table == "audit_entry":
            op.execute(f"DROP TRIGGER {name}" if dialect == "sqlite" else f"DROP TRIGGER {name} ON audit_entry")
    if dialect != "sqlite":
        op.execute("DROP TRIGGER audit_entry_never_emptied ON audit_entry")
    op.drop_index("ix_audit_entry_actor_id", "audit_entry")
    op.drop_index("ix_audit_entry_subject", "audit_entry")
    op.execute("UPDATE audit_entry SET detail = substr(detail, 1, 160)")
    with op.batch_alter_table("audit_entry") as batch:
        batch.drop_column("subject")
        batch.drop_column("actor_id")
        batch.alter_column("detail", existing_type=LONG, type_=TEXT, existing_nullable=False)
    for table in ("unmatched_message", "release_look", "book_release", "draft_change", "draft", "content"):
        op.drop_table(table)
    if dialect != "sqlite":
        for name in (*(rule[0] for rule in RULES), *(f"{table}_never_emptied" for table in NEVER_EMPTIED)):
            op.execute(f"DROP FUNCTION line_rule_{name}()")


def _make_tables() -> None:
    op.create_table(
        "content",
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_content"),
    )
    op.create_table(
        "draft",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("base_tree", DIGEST, nullable=False),
        sa.Column("tree", DIGEST, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by_id", TEXT, nullable=False),
        sa.Column("created_by_name", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("approver_id", TEXT),
        sa.Column("approver_name", TEXT),
        sa.Column("approved_tree", DIGEST),
        sa.Column("approved_at", MOMENT),
        sa.Column("comment", LONG, nullable=False),
        sa.Column("source_tree", DIGEST),
        sa.PrimaryKeyConstraint("draft_id", name="pk_draft"),
        sa.CheckConstraint("approved_tree IS NULL OR approved_tree = tree", name="ck_draft_approved_as_it_is"),
        sa.CheckConstraint(
            "(approver_id IS NULL) = (approved_tree IS NULL) AND (approver_id IS NULL OR status <> 'open')",
            name="ck_draft_approved_in_review",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_draft_status", "draft", ["status", "draft_id"])
    op.create_table(
        "draft_change",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("person_name", TEXT, nullable=False),
        sa.Column("tree", DIGEST, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", "version", name="pk_draft_change"),
    )
    op.create_table(
        "book_release",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("tree", DIGEST, nullable=False),
        sa.Column("author_id", TEXT, nullable=False),
        sa.Column("author_name", TEXT, nullable=False),
        sa.Column("approver_id", TEXT),
        sa.Column("approver_name", TEXT),
        sa.Column("publisher_id", TEXT, nullable=False),
        sa.Column("publisher_name", TEXT, nullable=False),
        sa.Column("note", LONG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("draft_id", sa.Integer()),
        sa.Column("restored_from", sa.Integer()),
        sa.PrimaryKeyConstraint("number", name="pk_book_release"),
        sa.CheckConstraint("kind IN ('publish', 'urgent_fix', 'restore', 'import')", name="ck_book_release_known_kind"),
        sa.CheckConstraint(
            "kind <> 'publish' OR (approver_id IS NOT NULL AND draft_id IS NOT NULL)",
            name="ck_book_release_approved",
        ),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> author_id", name="ck_book_release_approved_by_another"
        ),
        sa.CheckConstraint("kind <> 'restore' OR restored_from IS NOT NULL", name="ck_book_release_restores"),
    )
    op.create_index("ix_book_release_tree", "book_release", ["tree"])
    op.create_table(
        "release_look",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", TEXT, nullable=False),
        sa.Column("person_name", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", "person_id", name="pk_release_look"),
    )
    op.create_table(
        "unmatched_message",
        sa.Column("unmatched_id", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("pseudonym", TEXT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("unmatched_id", name="pk_unmatched_message"),
    )
    op.create_index("ix_unmatched_message_at", "unmatched_message", ["at", "unmatched_id"])
    op.create_index("ix_unmatched_message_pseudonym", "unmatched_message", ["pseudonym"])


def _sqlite_trigger(name: str, table: str, event: str, refused: str | None, sentence: str) -> None:
    when = f"WHEN {refused} " if refused else ""
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when}"
        f"BEGIN SELECT RAISE(ABORT, 'line_rule: {sentence}'); END"
    )


def _postgres_trigger(name: str, table: str, event: str, refused: str | None, sentence: str) -> None:
    _postgres_function(name, refused, sentence, gives="OLD" if event == "DELETE" else "NEW")
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION line_rule_{name}()")


def _postgres_function(name: str, refused: str | None, sentence: str, gives: str = "NULL") -> None:
    refuse = f"RAISE EXCEPTION 'line_rule: {sentence}';"
    body = f"IF {refused} THEN {refuse} END IF; RETURN {gives};" if refused else refuse
    op.execute(
        f"CREATE OR REPLACE FUNCTION line_rule_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    )
