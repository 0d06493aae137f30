"""The way of publishing's adapters into SQL: opened on first use in each process; what fails becomes a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from sms_service.core.publishing.errors import NotAllowed
from sms_service.storage.database import Database
from sms_service.storage.event_stores import StoreFailed
from sms_service.storage.per_process import PerProcess

_RULE: Final = "line_rule: "
_CHECKS: Final = ("approved_as_it_is", "approved_in_review", "approved_by_another", "ck_book_release_")


class SqlLink:
    """Gives transactions.

    Args:
        open_database: Opens the database; called once a process.
    """

    def __init__(self, open_database: Callable[[], Database]) -> None:
        self._databases = PerProcess(open_database)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that only reads.

        Raises:
            StoreFailed: Instead of any error of SQL.
        """
        with _told(), self._databases.get().read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction, committed at the end.

        Raises:
            NotAllowed: When a rule of the database itself refuses it.
            StoreFailed: Instead of any other error of SQL.
        """
        with _told(), self._databases.get().write() as connection:
            yield connection

    def close(self) -> None:
        """Close this process's connections."""
        self._databases.get().close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig)
        if _RULE in said:
            sentence = said.partition(_RULE)[2].splitlines()[0]
            raise NotAllowed(f"The database refuses this: {sentence}.") from error
        if any(check in said for check in _CHECKS):
            raise NotAllowed("The database refuses this: nobody else has approved exactly this content.") from error
        raise StoreFailed(f"The SQL database cannot be used ({type(error.orig).__name__}). Try again.") from error
    except SQLAlchemyError as error:
        # The words of a driver's error can hold an address or values.
        raise StoreFailed(f"The SQL database cannot be used ({type(error).__name__}). Try again.") from error


def storable(text: str, most: int) -> str:
    """Give a text that both databases take: PostgreSQL knows no NUL, and neither half a character."""
    cleaned = "".join("?" if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in text)
    return cleaned[:most]
