from __future__ import annotations

import datetime as dt
import itertools
import threading

import pytest

from sms_service.core.delivery import DeliveryState, DeliveryStatus
from sms_service.core.events import Event
from sms_service.storage import daily_counts, message_log
from sms_service.storage.database import Database
from tests.sql_databases import NOON, a_delivery, an_event

FULL = an_event(
    release=7,
    runner_up="talk",
    danger_likely=True,
    media_count=3,
    degraded=("hot_state", "outbox"),
    refusal="forged",
    delivery_status="sent",
    error_code=30003,
)


def add(database: Database, *events: Event) -> int:
    with database.write() as connection:
        return message_log.add_events(connection, events)


def of_messages(database: Database, *numbers: int) -> list[Event]:
    with database.read() as connection:
        return message_log.events_of_messages(connection, [f"SM{number:032x}" for number in numbers])


@pytest.mark.parametrize("event", [FULL, an_event(), a_delivery(1, "sent")], ids=["full", "usual", "delivery"])
def test_an_event_comes_back_as_it_was(database: Database, event: Event) -> None:
    assert add(database, event) == 1
    assert of_messages(database, 1) == [event]


def test_an_event_that_is_there_is_not_new(database: Database) -> None:
    assert add(database, an_event(1), an_event(2)) == 2
    assert add(database, an_event(2, reply="other"), an_event(3)) == 1
    assert [event.reply for event in of_messages(database, 1, 2, 3)] == ["help", "help", "help"]
    assert add(database) == 0


def test_the_same_event_twice_in_a_batch_is_one_row(database: Database) -> None:
    assert add(database, an_event(1), an_event(1)) == 1


def test_a_batch_of_500_fits_into_one_statement(database: Database) -> None:
    assert add(database, *(an_event(number) for number in range(500))) == 500
    assert len(of_messages(database, *range(1200))) == 500


def test_many_writers_of_the_same_events_double_none(database: Database) -> None:
    events = [an_event(number) for number in range(200)]
    new: list[int] = []

    def write(order: list[Event]) -> None:
        new.append(add(database, *order))

    orders = [events, events[::-1], events[100:] + events[:100]]
    threads = [threading.Thread(target=write, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(new) == 200


class TestDeliveries:
    LIFE = (
        a_delivery(1, "queued"),
        a_delivery(1, "sent", at=NOON + dt.timedelta(seconds=1)),
        a_delivery(1, "unknown", at=NOON + dt.timedelta(seconds=2)),
        a_delivery(1, "undelivered", at=NOON + dt.timedelta(seconds=3), error_code=30003),
        a_delivery(1, "sent", at=NOON + dt.timedelta(seconds=4)),
    )

    def test_all_120_orders_give_the_same_state(self, sqlite_url: str, open_database) -> None:
        database = open_database(sqlite_url)
        for order in itertools.permutations(self.LIFE):
            with database.write() as connection:
                connection.exec_driver_sql("DELETE FROM message_log")
                for event in order:
                    message_log.add_events(connection, [event])
                assert message_log.deliveries_of(connection, [str(an_event(1).message_id)]) == {
                    str(an_event(1).message_id): DeliveryState(DeliveryStatus.UNDELIVERED, 30003)
                }

    def test_joined_to_their_message(self, database: Database) -> None:
        add(database, an_event(1), an_event(2), *self.LIFE)
        with database.read() as connection:
            found = message_log.deliveries_of(connection, [str(an_event(number).message_id) for number in (1, 2, 3)])
        assert found == {str(an_event(1).message_id): DeliveryState(DeliveryStatus.UNDELIVERED, 30003)}
        assert len(of_messages(database, 1)) == 5, "the message and four different reports"


class TestDeletion:
    def test_counts_what_it_deletes(self, database: Database) -> None:
        add(database, *(an_event(number) for number in range(7)), an_event(8, reply="talk"), an_event(9, reply=None))
        add(database, an_event(10, at=NOON + dt.timedelta(days=1)))
        with database.write() as connection:
            assert message_log.delete_older_than(connection, NOON + dt.timedelta(hours=1), 5) == 5
        with database.write() as connection:
            assert message_log.delete_older_than(connection, NOON + dt.timedelta(hours=1), 50) == 4
        assert [event.message_id for event in of_messages(database, *range(20))] == [an_event(10).message_id]
        with database.read() as connection:
            counts = daily_counts.by_reply(connection, NOON.date(), NOON.date())
        assert counts == {"help": 7, "talk": None}, "one text about one subject on one day says too much"

    def test_nothing_to_delete_is_nothing(self, database: Database) -> None:
        with database.write() as connection:
            assert message_log.delete_older_than(connection, NOON, 10) == 0
