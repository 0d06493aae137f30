"""Sessions and counted tries in SQL."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, case, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sms_service.service.accounts.ports import StoredSession
from sms_service.storage.accounts.access import AccountDatabase
from sms_service.storage.accounts.accounts import account_of
from sms_service.storage.tables import login_attempt as attempts
from sms_service.storage.tables import staff_account as accounts
from sms_service.storage.tables import staff_recovery_code as codes
from sms_service.storage.tables import staff_session as sessions


class SqlSessions:
    """The :class:`~sms_service.service.accounts.ports.SessionStore`."""

    def __init__(self, database: AccountDatabase) -> None:
        self._database = database

    def load(self, session_hash: str) -> StoredSession | None:
        """Find one with its account, in one query."""
        query = _WITH_ACCOUNT.where(sessions.c.session_hash == session_hash)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _session_of(row)

    def save(
        self, session_hash: str, data: Mapping[str, Any], now: dt.datetime, *, person_id: str | None, device: str
    ) -> None:
        """Begin a session."""
        values = {
            "session_hash": session_hash,
            "person_id": person_id,
            "data": json.dumps(data),
            "device": device,
            "began_at": now,
            "seen_at": now,
        }
        with self._database.write() as connection:
            connection.execute(insert(sessions), values)

    def update(self, session_hash: str, data: Mapping[str, Any] | None, now: dt.datetime) -> None:
        """Note a request."""
        values: dict[str, object] = {"seen_at": now} if data is None else {"seen_at": now, "data": json.dumps(data)}
        with self._database.write() as connection:
            connection.execute(update(sessions).where(sessions.c.session_hash == session_hash).values(**values))

    def rename(self, session_hash: str, new_hash: str) -> None:
        """Let a session go on under another name only."""
        with self._database.write() as connection:
            connection.execute(
                update(sessions).where(sessions.c.session_hash == session_hash).values(session_hash=new_hash)
            )

    def end(self, session_hash: str, *, of: str | None = None) -> None:
        """End one."""
        which = delete(sessions).where(sessions.c.session_hash == session_hash)
        with self._database.write() as connection:
            connection.execute(which if of is None else which.where(sessions.c.person_id == of))

    def end_all(self, person_id: str, *, but: str | None = None) -> int:
        """End a person's sessions."""
        which = delete(sessions).where(sessions.c.person_id == person_id)
        if but is not None:
            which = which.where(sessions.c.session_hash != but)
        with self._database.write() as connection:
            return len(connection.execute(which.returning(sessions.c.session_hash)).all())

    def of_person(self, person_id: str) -> tuple[StoredSession, ...]:
        """Give a person's sessions, last used first."""
        query = _WITH_ACCOUNT.where(sessions.c.person_id == person_id).order_by(sessions.c.seen_at.desc())
        with self._database.read() as connection:
            return tuple(map(_session_of, connection.execute(query).all()))


_codes_left = select(func.count()).where(codes.c.person_id == accounts.c.person_id).scalar_subquery()
_WITH_ACCOUNT = select(
    sessions.c.session_hash,
    sessions.c.data,
    sessions.c.device,
    sessions.c.began_at,
    sessions.c.seen_at,
    accounts,
    _codes_left.label("recovery_codes"),
).select_from(sessions.outerjoin(accounts, (accounts.c.person_id == sessions.c.person_id) & accounts.c.active))


def _session_of(row: Row[tuple[object, ...]]) -> StoredSession:
    return StoredSession(
        session_hash=row.session_hash,
        data=json.loads(row.data),
        account=None if row.person_id is None else account_of(row),
        device=row.device,
        began_at=row.began_at,
        seen_at=row.seen_at,
    )


class SqlAttempts:
    """The :class:`~sms_service.service.accounts.ports.AttemptStore`."""

    def __init__(self, database: AccountDatabase) -> None:
        self._database = database

    def count(self, key: str, now: dt.datetime, window: dt.timedelta) -> int:
        """Count one try, in one statement on either database."""
        dialect = sqlite if self._database.database.is_sqlite else postgresql
        first = dialect.insert(attempts).values(key=key, count=1, since=now)
        over = attempts.c.since <= now - window
        counted = first.on_conflict_do_update(
            index_elements=[attempts.c.key],
            set_={
                "count": case((over, literal(1)), else_=attempts.c.count + 1),
                "since": case((over, first.excluded.since), else_=attempts.c.since),
            },
        ).returning(attempts.c.count)
        with self._database.write() as connection:
            return int(connection.execute(counted).scalar_one())

    def clear(self, key: str) -> None:
        """Forget the tries of a key."""
        with self._database.write() as connection:
            connection.execute(delete(attempts).where(attempts.c.key == key))
