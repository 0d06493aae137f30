"""The situation is gathered from real stores, and what cannot be asked is an alert of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sms_service.core.alerts import Notice
from sms_service.core.events import Event, EventKind
from sms_service.core.situation import Situation
from sms_service.service.watching import Watching
from sms_service.storage import message_log
from sms_service.storage.database import Database
from sms_service.storage.log_queries import SqlLogReader
from sms_service.storage.worker_memory import SqlWorkerMemory
from tests.conftest import CapturedLog
from tests.sql_databases import *  # noqa: F403 - fixtures are found by their names
from tests.sql_databases import NOON, a_delivery, an_event

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

MINUTE = dt.timedelta(minutes=1)


class Told:
    """Keeps what would have been sent."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.works = True

    def send(self, notice: Notice) -> bool:
        self.notices.append(notice)
        return self.works

    def trouble(self) -> Sequence[str]:
        return ()


@pytest.fixture
def watching(line: Line, database: Database) -> Watching:
    return Watching(
        reader=SqlLogReader(database),
        memory=SqlWorkerMemory(database),
        sender=Told(),
        releases=line.line.releases,
        checks={"hot_state": lambda: None},
        outbox=lambda: None,
        log=CapturedLog(),
        clock=lambda: NOON,
    )


def add(database: Database, *events: Event) -> None:
    with database.write() as connection:
        message_log.add_events(connection, events)


def test_what_happened_lately_is_gathered(watching: Watching, database: Database) -> None:
    lately, earlier = NOON - 5 * MINUTE, NOON - 40 * MINUTE
    danger = min(key for key in watching.releases.current.book.replies if watching.releases.current.book.is_danger(key))  # type: ignore[union-attr]
    add(
        database,
        an_event(1, at=lately, outcome="failed", media_count=2),
        an_event(2, at=earlier, outcome="silent_loop"),
        an_event(6, at=lately, outcome="silent_sender", refusal="landline", reply=None, danger_likely=True),
        an_event(7, at=lately, outcome="silent_sender", refusal="name", reply=None, danger_likely=True),
        an_event(8, at=lately, outcome="silent_sender", refusal="landline", reply=None),
        *(an_event(number, at=lately, reply=danger, pseudonym="a") for number in range(3, 6)),
        *(
            replace(an_event(n, at=lately), kind=EventKind.CANARY, event_id=f"canary:{n}", pseudonym="c")
            for n in range(9)
        ),
        a_delivery(1, "undelivered", at=earlier, error_code=30003),
        a_delivery(3, "delivered", at=lately),
        Event(event_id="r", kind=EventKind.REFUSAL, at=lately, refusal="forged", count=7),
        Event(event_id="s", kind=EventKind.REFUSAL, at=lately, refusal="forged", count=0, signed_url="x"),
    )
    found = watching.situation(NOON)
    assert found.outcomes == {"failed": 1, "answered": 3, "silent_sender": 3}
    assert (found.pictures, found.unanswered_dangers) == (1, 1)
    assert found.refused == {"forged": 7}
    assert (found.arrived, found.lost, found.wrong_addresses) == (1, {30003: 1}, 1)
    assert found.emergencies == [(3, lately)]
    assert found.messages == 8


def test_what_is_usual_is_learned_from_earlier_weeks(watching: Watching, database: Database) -> None:
    for week in range(1, 5):
        at = NOON - dt.timedelta(weeks=week) - 30 * MINUTE
        add(database, *(an_event(week * 100 + number, at=at) for number in range(9)))
    found = watching.situation(NOON)
    assert found.messages == 0
    assert found.usual_messages == pytest.approx(6.0)


def test_what_is_found_is_told_once(watching: Watching, database: Database) -> None:
    add(database, an_event(1, at=NOON - MINUTE, media_count=1))
    for _ in range(3):
        assert watching.watch() is None
    assert [notice.rule for notice in watching.sender.notices] == ["pictures"]  # type: ignore[attr-defined]


def test_an_alert_that_could_not_leave_is_told_and_tried_again(watching: Watching, database: Database) -> None:
    add(database, an_event(1, at=NOON - MINUTE, media_count=1))
    sender = watching.sender
    assert isinstance(sender, Told)
    sender.works = False
    assert watching.watch() is not None
    sender.works = True
    assert watching.watch() is None
    assert watching.watch() is None
    assert len(sender.notices) == 2


def test_without_a_database_operators_hear_of_it_once(
    watching: Watching, empty_database_url: str, open_database: Callable[..., Database]
) -> None:
    gone = open_database(empty_database_url)
    watching.reader, watching.memory = SqlLogReader(gone), SqlWorkerMemory(gone)
    for _ in range(3):
        watching.watch()
    assert [notice.rule for notice in watching.sender.notices] == ["parts"]  # type: ignore[attr-defined]


def test_overdue_contacts_are_found(watching: Watching) -> None:
    far = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    release = watching.releases.current
    assert release is not None
    dated = [one.name for one in release.book.contacts.values() if one.check_again_by is not None]
    assert list(watching.situation(far).overdue_contacts) == dated


def test_a_check_that_breaks_is_told_without_its_words(watching: Watching) -> None:
    def broken() -> str | None:
        raise OSError("redis://:hunter2@host")

    watching.checks = {"hot_state": broken}
    assert watching.situation(NOON).parts == {"hot_state": "A check failed (OSError)."}


def test_no_alert_holds_a_pseudonym_or_an_id(watching: Watching, database: Database) -> None:
    release = watching.releases.current
    assert release is not None
    danger = min(key for key in release.book.replies if release.book.is_danger(key))
    ids = [
        an_event(number, at=NOON - MINUTE, reply=danger, pseudonym=32 * "a", media_count=1) for number in range(1, 6)
    ]
    add(database, *ids)
    watching.watch()
    told = repr(watching.sender.notices)  # type: ignore[attr-defined]
    assert "emergencies" in told
    for leak in (32 * "a", str(ids[0].message_id)):
        assert leak not in told


def test_a_quiet_situation_is_no_alert(watching: Watching) -> None:
    assert replace(watching.situation(NOON), overdue_contacts=()) == Situation(messages=0, emergencies=[])


def test_the_test_message_says_that_it_is_one(watching: Watching) -> None:
    assert watching.test()
    assert "This is a test" in watching.sender.notices[0].body  # type: ignore[attr-defined]
