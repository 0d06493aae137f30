"""Publishing on every store: in memory, SQLite, PostgreSQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from sms_service.service.history_ports import HistoryStore
from sms_service.service.publishing.ports import PublishingStore
from sms_service.service.publishing.trying_ports import TryingPhoneStore
from sms_service.storage.database import Database
from sms_service.storage.history import SqlHistory
from sms_service.storage.publishing.in_memory import InMemoryHistory, InMemoryPublishing, InMemoryTryingPhones
from sms_service.storage.publishing.link import SqlLink
from sms_service.storage.publishing.sql_store import SqlPublishing
from sms_service.storage.publishing.sql_trying_phones import SqlTryingPhones
from tests.sql_databases import *  # noqa: F403 - fixtures are found by their names
from tests.sql_databases import NOON


@dataclasses.dataclass
class Stores:
    """A publishing store with its history."""

    publishing: PublishingStore
    history: HistoryStore
    phones: TryingPhoneStore


def sql_stores(database: Database) -> Stores:
    link = SqlLink(lambda: database)
    return Stores(SqlPublishing(link, lambda: NOON), SqlHistory(link), SqlTryingPhones(link))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, open_database: Callable[..., Database]) -> Stores:
    if request.param == "memory":
        history = InMemoryHistory()
        publishing = InMemoryPublishing(history)
        return Stores(publishing, history, InMemoryTryingPhones(history, publishing))
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return sql_stores(open_database(url))
