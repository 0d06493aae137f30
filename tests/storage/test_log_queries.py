"""Reading the message log on both databases."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from sms_service.core.delivery import DeliveryStatus
from sms_service.core.events import Event, EventKind
from sms_service.core.log_filters import LogFilter, LogPlace
from sms_service.core.traffic import HourlyCell, Measure
from sms_service.service.monitoring_ports import LogNotReadable, SearchTooLong
from sms_service.storage import delivery_states, hourly_counts, log_queries, message_log, tables
from sms_service.storage.database import Database
from sms_service.storage.log_queries import SqlLogReader
from tests.sql_databases import NOON, a_delivery, an_event

OpenDatabase = Callable[..., Database]


def add(database: Database, *events: Event) -> None:
    with database.write() as connection:
        message_log.add_events(connection, events)


def at(seconds: int) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def numbers(rows: tuple[Event, ...]) -> list[int]:
    return [int(str(row.message_id)[2:], 16) for row in rows]


@pytest.fixture
def reader(database: Database) -> SqlLogReader:
    return SqlLogReader(database)


class TestPages:
    def test_go_down_and_up_without_loss_where_many_share_a_moment(
        self, database: Database, reader: SqlLogReader
    ) -> None:
        add(database, *(an_event(number, at=at(number // 7)) for number in range(1, 60)))
        seen: list[int] = []
        place, pages = None, []
        while True:
            page = reader.page(LogFilter(), older_than=place, most=10)
            pages.append(page)
            seen += numbers(page.rows)
            if not page.older:
                break
            place = LogPlace(page.rows[-1].at, page.rows[-1].event_id)
        assert seen == sorted(range(1, 60), reverse=True)
        assert [page.newer for page in pages] == [False, True, True, True, True, True]
        # and back up again
        first = pages[3].rows[0]
        back = reader.page(LogFilter(), newer_than=LogPlace(first.at, first.event_id), most=10)
        assert back.rows == pages[2].rows
        assert back.newer
        newest = pages[0].rows[0]
        assert reader.page(LogFilter(), newer_than=LogPlace(newest.at, newest.event_id)).rows == ()

    def test_filters_combine(self, database: Database, reader: SqlLogReader) -> None:
        random.seed(6)
        rows = [
            an_event(
                number,
                at=at(number),
                outcome=random.choice(["answered", "slowed"]),
                stage=random.choice(["keyword", "typo"]),
                reply=random.choice(["help", "talk"]),
                channel=random.choice(["sms", "whatsapp"]),
                pseudonym=f"{number % 3:032x}",
            )
            for number in range(1, 65)
        ]
        add(database, *rows)
        fields = ("outcome", "stage", "reply", "channel", "pseudonym", "message_id")
        for count in (1, 2, 3, 6):
            for some in itertools.combinations(fields, count):
                wanted = LogFilter(**{name: getattr(rows[9], name) for name in some})
                expected = [row for row in rows if all(getattr(row, name) == getattr(rows[9], name) for name in some)]
                assert list(reader.page(wanted, most=100).rows) == expected[::-1], some
        between = LogFilter(first=at(10), before=at(20), reply="help")
        assert numbers(reader.page(between).rows) == [
            number for number in range(19, 9, -1) if rows[number - 1].reply == "help"
        ]

    def test_messages_are_found_by_what_became_of_their_reply(self, database: Database, reader: SqlLogReader) -> None:
        add(database, an_event(1), an_event(2), an_event(3), a_delivery(1, "sent"), a_delivery(2, "delivered"))
        add(database, a_delivery(1, "undelivered", error_code=30003), a_delivery(2, "sent"))
        assert numbers(reader.page(LogFilter(delivery=DeliveryStatus.UNDELIVERED)).rows) == [1]
        assert numbers(reader.page(LogFilter(error_code=30003)).rows) == [1]
        assert numbers(reader.page(LogFilter(delivery=DeliveryStatus.DELIVERED)).rows) == [2]
        assert numbers(reader.page(LogFilter(delivery=DeliveryStatus.SENT)).rows) == []

    def test_only_what_people_did_is_listed_unless_asked(self, database: Database, reader: SqlLogReader) -> None:
        refusal = Event(event_id="r", kind=EventKind.REFUSAL, at=at(5), refusal="forged", count=3)
        canary = replace(an_event(7), kind=EventKind.CANARY, event_id="canary:SM7")
        add(database, an_event(1), a_delivery(1, "sent"), refusal, canary)
        assert [row.event_id for row in reader.page(LogFilter()).rows] == [an_event(1).event_id]
        assert [row.count for row in reader.page(LogFilter(kinds=(EventKind.REFUSAL,))).rows] == [3]
        assert [row.event_id for row in reader.page(LogFilter(kinds=(EventKind.CANARY,))).rows] == ["canary:SM7"]
        assert len(reader.page(LogFilter(kinds=())).rows) == 4

    def test_a_story_is_whole(self, database: Database, reader: SqlLogReader) -> None:
        add(database, an_event(1), a_delivery(1, "sent", at=at(1)), a_delivery(1, "delivered", at=at(2)), an_event(2))
        story = reader.story(str(an_event(1).message_id))
        assert [event.kind.value for event in story] == ["message", "delivery", "delivery"]
        assert story[0].delivery_status == "delivered"
        assert reader.story("SM-unknown") == ()

    def test_the_newest_message_of_a_sender(self, database: Database, reader: SqlLogReader) -> None:
        add(database, an_event(1, pseudonym="a"), an_event(2, pseudonym="a", at=at(9)), an_event(3, at=at(20)))
        assert reader.newest_of_sender("a") == an_event(2).message_id
        assert reader.newest_of_sender("b") is None

    def test_senders_who_get_a_reply_again_and_again(self, database: Database, reader: SqlLogReader) -> None:
        urgent = [an_event(number, at=at(number), pseudonym="a", reply="urgent") for number in range(1, 5)]
        add(database, *urgent, an_event(9, reply="urgent"), an_event(10, pseudonym="b", at=at(-9), reply="urgent"))
        add(database, an_event(11, pseudonym="b", reply="urgent"))
        assert reader.senders_with(["urgent"], NOON, 2) == [(4, at(4))]


def test_a_stream_gives_everything_once_in_chunks(
    database: Database, reader: SqlLogReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_queries, "STREAM_ROWS_AT_ONCE", 10)
    rows = [an_event(number, at=at(number // 4)) for number in range(1, 61)]
    add(database, *rows)
    assert sorted(reader.stream(LogFilter()), key=lambda row: row.event_id) == rows
    stream = reader.stream(LogFilter())
    first = next(stream)
    add(database, an_event(100, at=at(99)))  # nobody waits for a reader
    assert [first, *stream][-1] == an_event(100, at=at(99))


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (LogFilter(), "at_event_id"),
        (LogFilter(kinds=(), reply="talk"), "reply_at"),
        (LogFilter(kinds=(), stage="typo"), "stage_at"),
        (LogFilter(kinds=(), outcome="slowed"), "outcome_at"),
        (LogFilter(kinds=(), channel="rcs"), "channel_at"),
        (LogFilter(kinds=(), delivery=DeliveryStatus.FAILED), "delivery_status_at"),
        (LogFilter(kinds=(), error_code=30003), "error_code_at"),
        (LogFilter(kinds=(), pseudonym="a"), "pseudonym_at"),
        (LogFilter(kinds=(), refusal="forged"), "refusal_at"),
        (LogFilter(kinds=(), message_id="SM1"), "message_id"),
    ],
)
def test_every_filter_has_its_index(
    sqlite_url: str, open_database: OpenDatabase, wanted: LogFilter, index: str
) -> None:
    database = open_database(sqlite_url)
    query = log_queries._newest_first(
        select(tables.message_log).where(
            *log_queries._conditions(wanted),
            log_queries._older(LogPlace(NOON, "x")),
        )
    )
    with database.read() as connection:
        written = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = " ".join(row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {written}")))
    assert f"ix_message_log_{index} " in plan, plan
    assert "SCAN" not in plan, plan


def test_a_search_that_takes_too_long_is_given_up(database: Database) -> None:
    add(database, *(an_event(number) for number in range(1, 2000)))
    reader = SqlLogReader(database, deadline_seconds=0.3)
    slow = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000) SELECT count(*) FROM n"
        if database.is_sqlite
        else "SELECT pg_sleep(20)"
    )
    with pytest.raises(SearchTooLong, match="too long"), reader._read() as connection:
        connection.execute(text(slow))
    assert len(SqlLogReader(database).page(LogFilter()).rows) == 50, "the connection is as good as before"


def test_a_database_that_is_gone_is_told_without_its_words(
    empty_database_url: str, open_database: OpenDatabase
) -> None:
    reader = SqlLogReader(open_database(empty_database_url))
    with pytest.raises(LogNotReadable) as told:
        reader.page(LogFilter())
    assert "message_log" not in told.value.sentence
    assert told.value.sentence.endswith("Messages are answered all the same.")


class TestHourlyCounts:
    def test_count_each_event_once_however_often_it_comes(self, database: Database, reader: SqlLogReader) -> None:
        for _ in range(3):
            add(database, an_event(1), an_event(2, at=at(3700), reply="talk"), a_delivery(1, "sent"))
        found = reader.hourly(NOON, NOON + dt.timedelta(hours=2))
        assert found[HourlyCell(NOON, Measure.REPLY, "help")] == 1
        assert found[HourlyCell(NOON + dt.timedelta(hours=1), Measure.REPLY, "talk")] == 1
        assert found[HourlyCell(NOON, Measure.DELIVERY, "sent")] == 1
        assert found[HourlyCell(NOON, Measure.SEGMENTS, "sms")] == 2
        assert reader.hourly(NOON + dt.timedelta(hours=2), NOON + dt.timedelta(hours=9)) == {}

    def test_go_with_the_rows_they_count(self, database: Database) -> None:
        add(database, *(an_event(number, at=NOON + dt.timedelta(hours=number)) for number in range(5)))
        deleted = 0
        while True:
            with database.write() as connection:
                if not (now := hourly_counts.delete_older_than(connection, NOON + dt.timedelta(hours=3), 1000)):
                    break
                deleted += now
        assert deleted == 15 + 3
        with database.read() as connection:
            left = hourly_counts.between(connection, NOON, NOON + dt.timedelta(days=1))
        assert {cell.hour for cell in left} == {NOON + dt.timedelta(hours=3), NOON + dt.timedelta(hours=4)}


class TestDeliveryStates:
    def state(self, database: Database) -> tuple[str | None, int | None]:
        with database.read() as connection:
            row = message_log.events_of_messages(connection, [str(an_event(1).message_id)])[0]
        return row.delivery_status, row.error_code

    def test_any_order_of_message_and_reports_ends_in_the_same(
        self, sqlite_url: str, open_database: OpenDatabase
    ) -> None:
        database = open_database(sqlite_url)
        life = (
            an_event(1),
            a_delivery(1, "sent", at=at(1)),
            a_delivery(1, "undelivered", at=at(2), error_code=30003),
            a_delivery(1, "delivered", at=at(3)),
        )
        for order in itertools.permutations(life):
            with database.write() as connection:
                connection.exec_driver_sql("DELETE FROM message_log")
            for event in order:
                add(database, event)
            assert self.state(database) == ("delivered", None)

    def test_what_two_hosts_missed_is_settled_later(self, database: Database) -> None:
        add(database, an_event(1), a_delivery(1, "failed", error_code=30005))
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE message_log SET delivery_status = NULL WHERE kind = 'message'")
            assert delivery_states.settle_since(connection, NOON) == 1
        assert self.state(database) == ("failed", 30005)
