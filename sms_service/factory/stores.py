"""What remembers: hot state, outbox, message log, and what deletes from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sms_service.core.errors import LineError
from sms_service.service.history import History
from sms_service.service.messaging import utc_now
from sms_service.service.ports import HotState, LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.retention import RetentionService
from sms_service.settings import Settings
from sms_service.storage.event_stores import (
    EventStores,
    SetUp,
    data_stores,
    database_url,
    is_set_up,
    make_event_stores,
    set_up,
)
from sms_service.storage.hot_state import make_hot_state

if TYPE_CHECKING:
    from sms_service.storage.database import Database
    from sms_service.storage.publishing.link import SqlLink

__all__ = [
    "EventStores",
    "database_of",
    "event_stores",
    "hot_state_of",
    "is_set_up",
    "open_retention",
    "set_up_stores",
    "sql_link",
    "sql_url",
]


def hot_state_of(settings: Settings) -> HotState:
    """Give the hot state: Redis where there is one, otherwise a file. Neither is opened before a message needs it."""
    url = None if settings.redis_url is None else settings.redis_url.get_secret_value()
    return make_hot_state(url, settings.var_dir)


def event_stores(settings: Settings, log: LineLog) -> EventStores:
    """Give where rows go. In development the files are made here; in production only ``migrate`` makes them."""
    if not settings.in_production and not is_set_up(settings.var_dir):
        try:
            set_up_stores(settings)
        except LineError as error:
            log.trouble("set_up_failed", error=error)
    return make_event_stores(settings.var_dir, _database_url(settings), log)


def set_up_stores(settings: Settings, *, make_missing: bool = False) -> SetUp:
    """Make the stores that are missing and bring the database up to date.

    Raises:
        LineError: When that cannot be done; the sentence says what to do.
    """
    return set_up(settings.var_dir, _database_url(settings), make_missing=make_missing)


def sql_link(settings: Settings) -> SqlLink:
    """Give a way into the SQL database, opened on first use in each process."""
    from sms_service.storage.publishing.link import SqlLink

    return SqlLink(lambda: database_of(settings))


@contextmanager
def open_retention(settings: Settings) -> Iterator[RetentionService]:
    """Open the stories of deletion, erasure and holds.

    Raises:
        LineError: When a store fails, in the block too.
    """
    with data_stores(settings.var_dir, _database_url(settings), settings.keep_unmatched_days) as stores:
        yield RetentionService(
            stores=stores.ageing,
            people=stores.people,
            history=History(store=stores.history, clock=utc_now),
            pseudonyms=Pseudonyms(settings.pseudonym_keys),
            hot_state=hot_state_of(settings),
            clock=utc_now,
        )


def database_of(settings: Settings) -> Database:
    """Give the SQL database; nothing is opened before it is asked. The caller closes it."""
    from sms_service.storage.database import Database

    return Database(database_url(settings.var_dir, _database_url(settings)))


def sql_url(settings: Settings) -> str:
    """Give the address of the SQL database: as configured, otherwise a file."""
    return database_url(settings.var_dir, _database_url(settings))


def _database_url(settings: Settings) -> str | None:
    return None if settings.database_url is None else settings.database_url.get_secret_value()
