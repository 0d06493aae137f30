"""What is old goes, who asks is forgotten, what a case needs stays; whatever happens meanwhile."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from sms_service.core.conversation import Conversation
from sms_service.core.data_register import AUDIT_DAYS, MESSAGE_DAYS
from sms_service.core.events import Event
from sms_service.core.people import without_account
from sms_service.service.history import History, new_entry
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.retention import RetentionService
from sms_service.settings import PseudonymKey
from sms_service.storage import history, message_log
from sms_service.storage.ageing import ageing_stores
from sms_service.storage.database import Database
from sms_service.storage.drain import Drain
from sms_service.storage.erasures import ErasureFailed, QueuedErasure
from sms_service.storage.history import SqlHistory
from sms_service.storage.in_memory import InMemoryHotState
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_queue import OutboxQueue
from sms_service.storage.person_records import SqlPersonRecords
from sms_service.storage.publishing.link import SqlLink
from sms_service.storage.tables import (
    audit_entry,
    daily_count,
    erasure,
    hold,
    login_attempt,
    staff_link,
    staff_session,
)
from sms_service.storage.tables import message_log as log_table
from tests.sql_databases import NOON, a_delivery, an_event

NUMBER = "+447700900123"
OTHER = "+447700900456"
OLD_KEY, NEW_KEY = PseudonymKey("k1", 32 * b"1"), PseudonymKey("k2", 32 * b"2")
PSEUDONYMS = Pseudonyms((NEW_KEY, OLD_KEY))
DAY = dt.timedelta(days=1)


@dataclass
class House:
    """All stores with a clock that a test sets."""

    database: Database
    outbox_path: Path
    hot_state: InMemoryHotState
    now: dt.datetime = NOON

    @property
    def retention(self) -> RetentionService:
        return RetentionService(
            stores=ageing_stores(self.database, self.outbox_path),
            people=SqlPersonRecords(self.database, self.outbox_path),
            history=History(store=SqlHistory(SqlLink(lambda: self.database)), clock=lambda: self.now),
            pseudonyms=PSEUDONYMS,
            hot_state=self.hot_state,
            clock=lambda: self.now,
        )

    def add(self, *events: Event) -> None:
        with self.database.write() as connection:
            message_log.add_events(connection, events)

    def linked(self) -> set[str]:
        """The ids of rows that still say who it was."""
        with self.database.read() as connection:
            query = select(log_table.c.event_id).where(log_table.c.pseudonym.is_not(None))
            return set(connection.execute(query).scalars())

    def count(self, table) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    def counted(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.coalesce(func.sum(daily_count.c.count), 0))).scalar_one())

    def audit(self) -> list[tuple[str, str]]:
        with self.database.read() as connection:
            query = select(audit_entry.c.action, audit_entry.c.detail).order_by(
                audit_entry.c.at, audit_entry.c.entry_id
            )
            return [tuple(row) for row in connection.execute(query)]


def of(number: str, name: int, key: int = 0, **fields: object) -> Event:
    """Give a row of somebody."""
    pseudonym = Pseudonyms((PSEUDONYMS.keys[key],)).current(number)
    return an_event(name, pseudonym=pseudonym.value, key_id=pseudonym.key_id, **fields)


@pytest.fixture
def house(database: Database, outbox_path: Path) -> House:
    return House(database, outbox_path, InMemoryHotState())


@pytest.fixture
def drain(house: House, database_url: str) -> Iterator[Drain]:
    drain = Drain(house.outbox_path, Database(database_url))
    yield drain
    drain.close()


class TestForgetting:
    def test_every_row_under_every_live_key_loses_its_pseudonym(self, house: House) -> None:
        house.add(of(NUMBER, 1), of(NUMBER, 2, key=1), of(OTHER, 3), a_delivery(1, "sent"))
        forgotten = house.retention.forget(NUMBER, "me")
        assert (forgotten.erased.rows, forgotten.erased.held_rows) == (2, 0)
        assert house.linked() == {an_event(3).event_id}
        assert house.count(log_table) == 4, "that a message was answered is still counted"
        assert set(forgotten.message_ids) == {an_event(1).message_id, an_event(2).message_id}
        assert house.audit() == [("erased", "unlinked: 2; held: 0")]

    def test_the_conversation_goes_too(self, house: House) -> None:
        for pseudonym in PSEUDONYMS.all(NUMBER):
            house.hot_state.settle("SM1", pseudonym, b"", Conversation(last_reply="talk"), 0.0)
        house.retention.forget(NUMBER, "me")
        for pseudonym in PSEUDONYMS.all(NUMBER):
            assert house.hot_state.claim("SM2", pseudonym, 1.0).conversation == Conversation()

    def test_what_they_text_afterwards_is_theirs_again(self, house: House) -> None:
        house.retention.forget(NUMBER, "me")
        house.add(of(NUMBER, 1, at=NOON + DAY))
        assert house.retention.purge("me").unlinked == 0
        assert house.linked() == {an_event(1).event_id}

    def test_what_waits_in_the_outbox_is_unlinked_on_arrival(self, house: House, drain: Drain) -> None:
        outbox = Outbox(house.outbox_path)
        outbox.record(of(NUMBER, 1))
        outbox.record(of(OTHER, 2))
        house.retention.forget(NUMBER, "me")
        drain.empty()
        outbox.close()
        assert house.linked() == {an_event(2).event_id}

    def test_what_another_host_brings_late_is_unlinked_too(
        self, house: House, tmp_path: Path, database_url: str
    ) -> None:
        other_host = tmp_path / "other" / "outbox.sqlite3"
        other_host.parent.mkdir()
        shutil.copy(house.outbox_path, other_host)
        outbox = Outbox(other_host)
        outbox.record(of(NUMBER, 1))
        outbox.close()
        house.retention.forget(NUMBER, "me")
        drain = Drain(other_host, Database(database_url))
        drain.empty()
        drain.close()
        assert house.linked() == set()

    def test_by_the_keyword_it_is_durable_at_once_and_done_soon(self, house: House, drain: Drain) -> None:
        house.add(of(NUMBER, 1), of(OTHER, 2))
        asked = QueuedErasure(house.outbox_path, clock=NOON.timestamp)
        assert asked.forget(PSEUDONYMS.all(NUMBER)) == 0
        assert len(house.linked()) == 2
        drain.turn()
        assert house.linked() == {an_event(2).event_id}
        drain.turn()
        assert house.count(erasure) == 2

    def test_a_wish_that_cannot_be_noted_is_not_promised(self, tmp_path: Path) -> None:
        with pytest.raises(ErasureFailed, match="could not be written"):
            QueuedErasure(tmp_path / "missing").forget(("a",))

    def test_erased_stays_erased_after_a_restore(self, house: House) -> None:
        """Faults row 56: the backup of yesterday brings the rows and the empty list of erasures back."""
        rows = [of(NUMBER, 1), of(OTHER, 2)]
        house.add(*rows)
        house.retention.forget(NUMBER, "me")
        with house.database.write() as connection:
            connection.execute(text("DELETE FROM message_log"))
            connection.execute(text("DELETE FROM erasure"))
        house.add(*rows)
        assert house.linked() == {row.event_id for row in rows}
        assert house.retention.purge("me").unlinked == 1
        assert house.linked() == {an_event(2).event_id}


class TestHolds:
    def test_a_held_person_is_neither_forgotten_nor_deleted(self, house: House) -> None:
        house.add(of(NUMBER, 1), of(NUMBER, 2, key=1), a_delivery(1, "sent"), of(OTHER, 3), a_delivery(3, "sent"))
        house.retention.hold(NUMBER, "lead")
        assert house.retention.forget(NUMBER, "me").erased.held_rows == 2
        house.now = NOON + (MESSAGE_DAYS + 1) * DAY
        house.retention.purge("me")
        assert house.linked() == {an_event(1).event_id, an_event(2).event_id}
        assert house.count(log_table) == 3, "the report about the reply to them stays too"

    def test_released_it_is_done_at_once(self, house: House) -> None:
        house.add(of(NUMBER, 1))
        hold_id = house.retention.hold(NUMBER, "lead")
        house.retention.forget(NUMBER, "me")
        assert house.retention.release(NUMBER, "lead") == hold_id
        assert house.linked() == set()
        assert house.count(hold) == 0

    def test_both_ends_are_in_the_history_without_a_word_about_whom(self, house: House) -> None:
        hold_id = house.retention.hold(NUMBER, "lead")
        house.now += DAY
        house.retention.release(NUMBER, "lead")
        assert house.audit() == [("held", f"hold {hold_id}"), ("hold_released", f"hold {hold_id}")]
        for pseudonym in PSEUDONYMS.all(NUMBER):
            assert hold_id not in pseudonym

    def test_a_second_hold_is_the_first(self, house: House) -> None:
        assert house.retention.hold(NUMBER, "lead") == house.retention.hold(NUMBER, "other lead")
        assert len(house.audit()) == 1

    def test_nobody_is_not_held(self, house: House) -> None:
        assert house.retention.release(NUMBER, "lead") is None
        assert house.audit() == []


class TestPurging:
    def test_rows_go_when_their_days_are_over(self, house: House) -> None:
        house.add(of(NUMBER, 1), of(NUMBER, 2, at=NOON + DAY))
        house.now = NOON + MESSAGE_DAYS * DAY
        assert house.retention.purge("me").deleted["message_log"] == 0
        house.now += dt.timedelta(seconds=1)
        assert house.retention.purge("me").deleted["message_log"] == 1
        assert house.linked() == {an_event(2).event_id}
        assert house.counted() == 1

    def test_running_it_twice_changes_nothing_more(self, house: House) -> None:
        house.add(*(an_event(number) for number in range(2500)))
        house.now = NOON + (MESSAGE_DAYS + 1) * DAY
        assert house.retention.purge("me").deleted["message_log"] == 2500
        assert house.retention.purge("me").deleted["message_log"] == 0
        assert house.counted() == 2500

    def test_erasures_go_too(self, house: House) -> None:
        house.retention.forget(NUMBER, "me")
        house.now = NOON + (MESSAGE_DAYS + 1) * DAY
        deleted = house.retention.purge("me").deleted
        assert deleted["erasure"] == 2
        with OutboxQueue(house.outbox_path) as queue:
            assert queue.asked_erasures(also_applied=True) == []
        assert house.retention.purge("me").deleted["erasure"] == 0

    def test_audit_entries_go_after_six_years_and_no_day_before(self, house: House) -> None:
        """By the clock of the database, which no program here can put forward."""
        with house.database.write() as connection:
            for days in (AUDIT_DAYS - 1, AUDIT_DAYS + 1):
                at = dt.datetime.now(dt.UTC) - days * DAY
                history.add(connection, new_entry(at, without_account(f"{days} days ago"), "held"))
        house.now = dt.datetime.now(dt.UTC)
        assert house.retention.purge("me").deleted["audit_entry"] == 1
        with pytest.raises(DBAPIError, match="history is kept for six years"), house.database.write() as connection:
            connection.execute(text("DELETE FROM audit_entry"))

    def test_events_that_never_moved_do_not_stay_for_ever(self, house: House) -> None:
        outbox = Outbox(house.outbox_path)
        outbox.record(of(NUMBER, 1))
        outbox.record(of(NUMBER, 2, at=NOON + 2 * DAY))
        outbox.close()
        house.now = NOON + (MESSAGE_DAYS + 1) * DAY
        assert house.retention.purge("me").deleted["outbox"] == 1
        with OutboxQueue(house.outbox_path) as queue:
            assert [waiting.event_id for waiting in queue.oldest(9)] == [an_event(2).event_id]

    def test_a_clock_that_jumped_back_deletes_nothing(self, house: House) -> None:
        house.add(of(NUMBER, 1))
        house.now = NOON - 1000 * DAY
        assert set(house.retention.purge("me").deleted.values()) == {0}


class TestAccess:
    def test_everything_about_a_person_and_nothing_else(self, house: House) -> None:
        mine = [of(NUMBER, 1), of(NUMBER, 2, key=1, at=NOON + DAY), a_delivery(1, "delivered")]
        house.add(*mine, of(OTHER, 3), a_delivery(3, "sent"))
        rows = house.retention.everything_about(NUMBER, "me")
        assert {row.event_id for row in rows} == {row.event_id for row in mine}
        assert rows[-1] == mine[1], "oldest first"
        assert house.audit() == [("exported", "rows given out: 3")]


def test_the_number_is_nowhere(house: House, drain: Drain, tmp_path: Path) -> None:
    house.retention.hold(NUMBER, "lead")
    house.retention.forget(NUMBER, "me")
    QueuedErasure(house.outbox_path).forget(PSEUDONYMS.all(NUMBER))
    drain.empty()
    house.retention.everything_about(NUMBER, "me")
    house.retention.purge("me")
    found = [path for path in tmp_path.rglob("*") if path.is_file() and b"7700900123" in path.read_bytes()]
    assert found == []


def test_two_purges_at_once_count_every_row_once(house: House) -> None:
    house.add(*(an_event(number) for number in range(3000)))
    house.now = NOON + (MESSAGE_DAYS + 1) * DAY
    deleted: list[int] = []

    def purge() -> None:
        deleted.append(house.retention.purge("me").deleted["message_log"])

    threads = [threading.Thread(target=purge) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    purge()
    assert sum(deleted) == house.counted() == 3000


def test_sessions_tries_and_links_of_staff_go_when_they_are_over(house: House) -> None:
    with house.database.write() as connection:
        for name, moment in (("old", NOON - 2 * DAY), ("new", NOON)):
            session = {"session_hash": name, "data": "", "device": "", "began_at": moment, "seen_at": moment}
            connection.execute(staff_session.insert().values(**session))
            connection.execute(login_attempt.insert().values(key=name, count=1, since=moment))
            connection.execute(staff_link.insert().values(link_hash=name, purpose="invite", until=moment + DAY))
    house.retention.purge("me")
    with house.database.read() as connection:
        kept = [
            list(connection.execute(select(column)).scalars())
            for column in (staff_session.c.session_hash, login_attempt.c.key, staff_link.c.link_hash)
        ]
    assert kept == [["new"], ["new"], ["new"]]
