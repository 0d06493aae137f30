"""Who answers STOP is read out of a real message log."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from sms_service.core.findings import State
from sms_service.service.doctor_stop_words import stop_words_finding
from sms_service.storage import message_log, tables
from sms_service.storage.database import Database
from sms_service.storage.event_stores import DATABASE_FILE
from sms_service.storage.log_queries import SqlLogReader
from tests.sql_databases import NOON, a_delivery, an_event

LATELY = NOON - dt.timedelta(days=2)
LONG_AGO = NOON - dt.timedelta(days=40)


@pytest.fixture(scope="module")
def database(migrated_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    file = shutil.copy(migrated_var / DATABASE_FILE, tmp_path_factory.mktemp("log"))
    one = Database(f"sqlite:///{file}")
    yield one
    one.close()


@pytest.mark.parametrize(
    ("rows", "by_line", "state", "says"),
    [
        ([], False, State.LOOK, "answered by the provider, says the book"),
        ([], True, State.LOOK, "answered by us, says the book"),
        ([an_event(1, at=LATELY, reply="stop")], False, State.LOOK, "says the book"),
        ([an_event(1, at=LATELY, reply="stop"), a_delivery(1, "delivered", at=LATELY)], True, State.GOOD, "reached a"),
        ([an_event(1, at=LONG_AGO, reply="stop"), a_delivery(1, "delivered", at=LONG_AGO)], True, State.LOOK, "book"),
        ([an_event(1, at=LATELY, outcome="provider_answered", reply=None)], False, State.GOOD, "Advanced Opt-Out"),
        ([an_event(1, at=LATELY, outcome="provider_answered", reply=None)], True, State.WARNING, "book says by us"),
        (
            [
                an_event(1, at=LATELY, reply="stop"),
                a_delivery(1, "delivered", at=LATELY),
                an_event(2, at=LATELY),
                a_delivery(2, "undelivered", at=LATELY, error_code=21610),
            ],
            True,
            State.BAD,
            "blocks our replies after STOP (21610, last on 20 November)",
        ),
    ],
)
def test_the_log_says_who_answers(database: Database, rows: list, by_line: bool, state: State, says: str) -> None:
    with database.write() as connection:
        connection.execute(delete(tables.message_log))
        message_log.add_events(connection, rows)
    reader = SqlLogReader(database)
    found = stop_words_finding(
        lambda wanted: next(iter(reader.page(wanted, most=1).rows), None), NOON, by_line=by_line, area="provider"
    )
    assert (found.state, says in found.what) == (state, True), found.what
    assert found.state is State.GOOD or found.mend
