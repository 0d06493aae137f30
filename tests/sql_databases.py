"""Fixtures: every test that touches SQL runs on SQLite and on PostgreSQL. Imported by the conftest of each room."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sms_service.core.events import Event, EventKind
from sms_service.storage import migrate
from sms_service.storage.database import Database
from sms_service.storage.event_stores import DATABASE_FILE
from sms_service.storage.outbox_file import create_outbox
from tests.postgres_process import PostgresProcess, postgres_process

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresProcess]:
    """One server for all tests of a process. A test that breaks it mends it."""
    with postgres_process() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresProcess) -> str:
    """A database that has been migrated, to be copied."""
    with postgres.connect() as connection:
        connection.execute("CREATE DATABASE migrated")
    migrate.upgrade(postgres.url("migrated"))
    return "migrated"


@pytest.fixture
def make_postgres_database(postgres: PostgresProcess) -> Iterator[Callable[[str], str]]:
    """Make databases that go with the test: ``make('template1')`` gives the address of an empty one."""
    made: list[str] = []

    def make(template: str) -> str:
        name = f"test_{next(_numbers)}"
        with postgres.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        made.append(name)
        return postgres.url(name)

    yield make
    with postgres.connect() as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(migrated_var: Path, tmp_path: Path) -> str:
    """A migrated SQLite database."""
    shutil.copy(migrated_var / DATABASE_FILE, tmp_path / DATABASE_FILE)
    return f"sqlite:///{tmp_path / DATABASE_FILE}"


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_template: str) -> str:
    """A migrated PostgreSQL database."""
    url: str = request.getfixturevalue("make_postgres_database")(postgres_template)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database, of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that has never been migrated, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.sqlite3'}"
    url: str = request.getfixturevalue("make_postgres_database")("template1")
    return url


@pytest.fixture
def open_database() -> Iterator[Callable[..., Database]]:
    """Open databases that are closed with the test."""
    opened: list[Database] = []

    def open_one(url: str, **options: float) -> Database:
        opened.append(Database(url, **options))
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def database(database_url: str, open_database: Callable[..., Database]) -> Database:
    return open_database(database_url)


@pytest.fixture
def outbox_path(tmp_path: Path) -> Path:
    """An empty outbox."""
    path = tmp_path / "outbox.sqlite3"
    create_outbox(path)
    return path


def an_event(number: int = 1, **fields: object) -> Event:
    """Give a row like a real one; the number makes it another message."""
    values: dict[str, object] = {
        "event_id": f"message:SM{number:032x}",
        "kind": EventKind.MESSAGE,
        "at": NOON,
        "message_id": f"SM{number:032x}",
        "channel": "sms",
        "pseudonym": f"{number:032x}",
        "key_id": "k1",
        "outcome": "answered",
        "stage": "keyword",
        "reply": "help",
        "part": "text",
        "language": "en",
        "segments": 2,
        "score": 1.0,
        "without_guessing": "help",
        "latency_ms": 3.1,
    }
    return Event(**{**values, **fields})  # type: ignore[arg-type]  # a table of cases, checked by the tests themselves


def a_delivery(number: int, status: str, **fields: object) -> Event:
    """Give a report about the reply to a message."""
    bare = dict.fromkeys(("pseudonym", "key_id", "outcome", "stage", "reply", "part", "language", "segments"))
    event_id = f"delivery:SM{number + 10**6:032x}:{status}"
    more = {"event_id": event_id, "kind": EventKind.DELIVERY, "delivery_status": status, "score": None}
    return an_event(number, **{**bare, **more, "without_guessing": None, "latency_ms": None, "channel": None, **fields})
