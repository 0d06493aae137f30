"""The tables of the SQL database.

What each column is for, and how long it is kept, stands in ``core/data_register.py``. The message log has the fields of
:class:`~sms_service.core.events.Event` and no others: a test compares them.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

from sms_service.storage.event_text import LONGEST_TEXT

NAMES: Final = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a migration can speak of it on both databases."""

metadata: Final = MetaData(naming_convention=NAMES)

Text: Final = String(LONGEST_TEXT)

LongText: Final = String(2000)


class Moment(TypeDecorator[dt.datetime]):
    """A moment in UTC, always aware. SQLite keeps no zone and would hand back a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse a naive moment; give SQLite the UTC one without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive moment: say which zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """Give it back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Names(TypeDecorator[tuple[str, ...]]):
    """A few short names in one text, with a space between."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002 - same
        """Join them; names that do not fit are left out."""
        joined = ""
        for name in value or ():
            longer = f"{joined} {name.replace(' ', '_')}".strip()
            if len(longer) > LONGEST_TEXT:
                break
            joined = longer
        return joined

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002 - same
        """Split them."""
        return tuple((value or "").split())


message_log: Final = Table(
    "message_log",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("message_id", Text),
    Column("channel", Text),
    Column("pseudonym", Text),
    Column("key_id", Text),
    Column("outcome", Text),
    Column("stage", Text),
    Column("reply", Text),
    Column("part", Text),
    Column("language", Text),
    Column("release", Integer),
    Column("segments", Integer),
    Column("score", Float),
    Column("runner_up", Text),
    Column("without_guessing", Text),
    Column("danger_likely", Boolean, nullable=False),
    Column("media_count", Integer, nullable=False),
    Column("latency_ms", Float),
    Column("degraded", Names, nullable=False),
    Column("delivery_status", Text),
    Column("error_code", Integer),
    Column("refusal", Text),
    Column("count", Integer, nullable=False, server_default="1"),
    Column("seen_url", Text),
    Column("signed_url", Text),
    Column("url_fault", Text),
    Index("ix_message_log_at_event_id", "at", "event_id"),
    Index("ix_message_log_message_id", "message_id"),
)

FOUND_BY: Final = (
    "pseudonym",
    "outcome",
    "stage",
    "reply",
    "channel",
    "delivery_status",
    "error_code",
    "refusal",
)
"""Columns by which operators look for rows, newest first.

Their indexes leave out rows that say nothing there, and end in ``at`` alone: both databases sort the few rows of one
moment by id themselves, and an id in each index would double its size.
"""
for _column in FOUND_BY:
    _said = message_log.c[_column].is_not(None)
    Index(
        f"ix_message_log_{_column}_at",
        message_log.c[_column],
        message_log.c.at,
        sqlite_where=_said,
        postgresql_where=_said,
    )

daily_count: Final = Table(
    "daily_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),
    Column("reply", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""'' where the message log has NULL: a key may hold none."""

erasure: Final = Table(
    "erasure",
    metadata,
    Column("pseudonym", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

hold: Final = Table(
    "hold",
    metadata,
    Column("pseudonym", Text, primary_key=True),
    Column("hold_id", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

audit_entry: Final = Table(
    "audit_entry",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", LongText, nullable=False),
    Column("actor_id", Text, nullable=False, server_default=""),
    Column("subject", Text, nullable=False, server_default=""),
    Index("ix_audit_entry_at", "at", "entry_id"),
    Index("ix_audit_entry_action", "action", "at"),
    Index("ix_audit_entry_subject", "subject", "at"),
    Index("ix_audit_entry_actor_id", "actor_id", "at"),
)

hourly_count: Final = Table(
    "hourly_count",
    metadata,
    Column("hour", Moment, primary_key=True),
    Column("measure", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

worker_lease: Final = Table(
    "worker_lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Moment, nullable=False),
)

job_run: Final = Table(
    "job_run",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("trouble", Text),
    Column("good_at", Moment),
    Column("failures", Integer, nullable=False),
)

alert_state: Final = Table(
    "alert_state",
    metadata,
    Column("rule", Text, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("sentence", Text, nullable=False),
)

staff_account: Final = Table(
    "staff_account",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", String(254), nullable=False),
    Column("roles", Names, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", String(255)),
    Column("totp_secret", String(500)),
    Column("totp_counter", BigInteger),
    Column("passkey_handle", Text),
    Column("made_at", Moment, nullable=False),
    Column("logged_in_at", Moment),
    Column("sign_on_subject", String(64)),
    UniqueConstraint("email", name="uq_staff_account_email"),
    Index("ix_staff_account_sign_on_subject", "sign_on_subject", unique=True),
)

staff_recovery_code: Final = Table(
    "staff_recovery_code",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("code_hash", Text, primary_key=True),
)

staff_passkey: Final = Table(
    "staff_passkey",
    metadata,
    Column("credential_id", String(1400), primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("transports", Names, nullable=False),
    Column("device_type", Text, nullable=False),
    Column("backed_up", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_staff_passkey_person_id", "person_id"),
)

staff_link: Final = Table(
    "staff_link",
    metadata,
    Column("link_hash", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("person_id", Text),
    Column("until", Moment, nullable=False),
    Index("ix_staff_link_person_id", "person_id"),
)

staff_session: Final = Table(
    "staff_session",
    metadata,
    Column("session_hash", Text, primary_key=True),
    Column("person_id", Text),
    Column("data", sqlalchemy.Text(), nullable=False),
    Column("device", Text, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index("ix_staff_session_person_id", "person_id"),
    Index("ix_staff_session_seen_at", "seen_at"),
)

login_attempt: Final = Table(
    "login_attempt",
    metadata,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Index("ix_login_attempt_since", "since"),
)
