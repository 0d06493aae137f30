"""The way to the account tables: impatient, and silent for a moment after a failure, so that pages fail fast.

When the database does not answer, four people reloading a page must not hold every thread of the process: texts are
answered by the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sms_service.core.errors import LineError
from sms_service.storage.circuit_breaker import CircuitBreaker
from sms_service.storage.database import Database

DEADLINE_SECONDS: Final = 2.5


class AccountsFailed(LineError):
    """The accounts cannot be asked just now. The sentence names the kind of failure, no address and no value."""

    code = "accounts_failed"
    retry_helps = True


class AccountDatabase:
    """Transactions for the stores of this folder.

    Args:
        url: Of the SQL database.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url, deadline_seconds=DEADLINE_SECONDS)
        self._breaker = CircuitBreaker()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that only reads.

        Raises:
            LineError: When the database does not answer.
        """
        with self._told(), self.database.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction.

        Raises:
            LineError: When the database does not answer; nothing is changed then.
        """
        with self._told(), self.database.write() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        self._breaker.admit()
        try:
            yield
        except SQLAlchemyError as error:
            sentence = f"The accounts cannot be asked ({type(getattr(error, 'orig', None) or error).__name__})."
            self._breaker.failed(sentence)
            raise AccountsFailed(sentence) from error
        self._breaker.succeeded()
