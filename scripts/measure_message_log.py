"""Fill a message log with millions of made-up rows and measure how long operators' pages and exports take.

    .venv/bin/python scripts/measure_message_log.py sqlite:///big.sqlite3 --rows 10000000
    .venv/bin/python scripts/measure_message_log.py postgresql://line@127.0.0.1/big --rows 10000000 --keep

The database must be empty; it is migrated and filled, without any number or text, and ``--keep`` measures one that was
filled before. The figures in docs/operations.md come from here.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Connection, func, insert, select

from sms_service.core.delivery import DeliveryStatus
from sms_service.core.events import Event, EventKind
from sms_service.core.log_filters import LogFilter, LogPlace
from sms_service.core.traffic import HourlyCell, Measure, hour_of
from sms_service.settings import read_settings
from sms_service.storage import hourly_counts, migrate
from sms_service.storage.database import Database
from sms_service.storage.log_queries import SqlLogReader
from sms_service.storage.tables import message_log

END = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
DAYS = 90
ROWS_AT_ONCE = 20_000
REPLIES = [f"reply_{number}" for number in range(30)]
NAMES = [field.name for field in fields(Event)]
TIMES = 15


def made_up(rows: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Give rows as a busy quarter would leave them: 2 reports a message, a tail of rare outcomes and errors."""
    step = dt.timedelta(days=DAYS) / rows
    nothing: dict[str, Any] = dict.fromkeys(NAMES)
    fixed = {"danger_likely": False, "media_count": 0, "degraded": (), "count": 1}
    number = 0
    while number < rows:
        at = END - step * (rows - number)
        message_id = f"SM{chance.getrandbits(128):032x}"
        lost = chance.random() < 0.02
        state, code = ("undelivered", chance.choice([30003, 30005, 30008])) if lost else ("delivered", None)
        yield (
            nothing
            | fixed
            | {
                "event_id": f"message:{message_id}",
                "kind": "message",
                "at": at,
                "message_id": message_id,
                "channel": chance.choices(["sms", "whatsapp", "rcs"], [96, 3.99, 0.01])[0],
                "pseudonym": f"{chance.randrange(rows // 10 + 1):032x}",
                "key_id": "k1",
                "outcome": chance.choices(["answered", "slowed", "silent_loop", "failed"], [990, 8, 1.99, 0.01])[0],
                "stage": chance.choices(["keyword", "free_text", "no_match", "danger", "typo"], [50, 30, 12, 5, 3])[0],
                "reply": REPLIES[min(int(chance.expovariate(0.15)), 29)],
                "part": "text",
                "language": "en",
                "release": 1 + number * 12 // rows,
                "segments": chance.choice([1, 2, 2, 3]),
                "score": 0.93,
                "without_guessing": "reply_1",
                "latency_ms": round(chance.lognormvariate(1.2, 0.7), 1),
                "delivery_status": state,
                "error_code": code,
            }
        )
        for later, status in enumerate(("sent", state), 1):
            reply_id = f"SM{chance.getrandbits(128):032x}"
            yield (
                nothing
                | fixed
                | {
                    "event_id": f"delivery:{reply_id}:{status}",
                    "kind": "delivery",
                    "at": at + dt.timedelta(seconds=2 * later),
                    "message_id": message_id,
                    "delivery_status": status,
                    "error_code": code if status == state else None,
                }
            )
        number += 3


def fill(database: Database, rows: int) -> None:
    """Fill the tables, then make their indexes: quicker than the other way round."""
    indexes = list(message_log.indexes)
    with database.write() as connection:
        for index in indexes:
            index.drop(connection)
    source = made_up(rows, random.Random(6))  # noqa: S311 - the same rows each time, and no secret
    while chunk := list(itertools.islice(source, ROWS_AT_ONCE)):
        with database.write() as connection:
            _insert(connection, chunk)
    started = time.monotonic()
    for index in indexes:
        with database.write() as connection:
            index.create(connection)
    print(f"indexes made in {time.monotonic() - started:.0f} s")
    with database.write() as connection:
        hours = {END.replace(minute=0) - dt.timedelta(hours=hour) for hour in range(DAYS * 24)}
        names = [(Measure.REPLY, name) for name in REPLIES] + [(Measure.LATENCY, str(ms)) for ms in (1, 2, 3, 5, 7, 10)]
        hourly_counts.add(
            connection, {HourlyCell(hour_of(hour), *name): 7 for hour, name in itertools.product(hours, names)}
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _insert(connection: Connection, chunk: list[dict[str, Any]]) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(insert(message_log), chunk)
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy(f"COPY message_log ({', '.join(NAMES)}) FROM STDIN") as copy:
        for row in chunk:
            copy.write_row([" ".join(row[name]) if name == "degraded" else row[name] for name in NAMES])


def timed(name: str, ask: Callable[[], object]) -> None:
    """Print the median and the worst of some runs, in milliseconds."""
    times = []
    for _ in range(TIMES):
        started = time.perf_counter()
        ask()
        times.append((time.perf_counter() - started) * 1000)
    print(f"| {name} | {statistics.median(times):.1f} | {max(times):.1f} |", flush=True)


def measure(database: Database) -> None:
    """Time the pages that operators open, and an export."""
    reader = SqlLogReader(database)
    with database.read() as connection:
        rows = connection.execute(select(func.count()).select_from(message_log)).scalar_one()
        some = connection.execute(select(message_log).where(message_log.c.kind == "message").limit(1)).mappings().one()
    print(f"{rows:,} rows\n\n| page | median ms | worst ms |\n| --- | --- | --- |")
    deep = LogPlace(END - dt.timedelta(days=DAYS - 1), "x")
    middle = LogPlace(END - dt.timedelta(days=DAYS / 2), "x")
    timed("newest", lambda: reader.page(LogFilter()))
    timed("in the middle", lambda: reader.page(LogFilter(), older_than=middle))
    timed("last day of 90", lambda: reader.page(LogFilter(), older_than=deep))
    for name, wanted in {
        "one reply": LogFilter(reply="reply_5"),
        "rare reply": LogFilter(reply="reply_29"),
        "rare outcome (failed)": LogFilter(outcome="failed"),
        "rare channel (rcs)": LogFilter(channel="rcs"),
        "undelivered": LogFilter(delivery=DeliveryStatus.UNDELIVERED),
        "error 30003": LogFilter(error_code=30003),
        "error 30003 and one reply": LogFilter(error_code=30003, reply="reply_5"),
        "rare outcome and rare channel (none)": LogFilter(outcome="failed", channel="rcs"),
        "slowed, not understood, rare reply": LogFilter(outcome="slowed", stage="no_match", reply="reply_29"),
        "a sender": LogFilter(pseudonym=some["pseudonym"]),
        "a message id": LogFilter(message_id=some["message_id"]),
        "what is not there": LogFilter(reply="never"),
        "refused requests (none)": LogFilter(kinds=(EventKind.REFUSAL,), refusal="forged"),
    }.items():
        timed(name, lambda wanted=wanted: reader.page(wanted))  # type: ignore[misc]  # a lambda's default
    timed("a message's story", lambda: reader.story(some["message_id"]))
    timed("charts, 7 days", lambda: reader.hourly(END - dt.timedelta(days=7), END))
    timed("charts, 90 days", lambda: reader.hourly(END - dt.timedelta(days=90), END))
    started, count = time.perf_counter(), 0
    for _ in itertools.islice(reader.stream(LogFilter()), 200_000):
        count += 1
    seconds = time.perf_counter() - started
    print(f"\nexport: {count:,} rows in {seconds:.1f} s, {count / seconds:,.0f} rows a second")


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="measure what is there")
    arguments = parser.parse_args()
    secret = read_settings({"DATABASE_URL": arguments.url}).database_url
    assert secret is not None  # noqa: S101 - it has just been given
    url = secret.get_secret_value()
    database = Database(url)
    if not arguments.keep:
        migrate.upgrade(url)
        database.close()
        database = Database(url, deadline_seconds=None)
        started = time.monotonic()
        fill(database, arguments.rows)
        print(f"filled in {time.monotonic() - started:.0f} s")
        database.close()
        database = Database(url)
    measure(database)


if __name__ == "__main__":
    main()
