"""Notes of the account stories in the audit trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sms_service.storage import audit_trail
from sms_service.storage.accounts.access import AccountDatabase


class SqlAccountHistory:
    """The :class:`~sms_service.service.accounts.accounts.History`."""

    def __init__(self, database: AccountDatabase, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._clock = clock

    def note(self, actor: str, action: str, subject: str, detail: str) -> None:
        """Write an entry."""
        with self._database.write() as connection:
            audit_trail.add(connection, action, actor, self._clock(), f"{subject} {detail}".strip())
