"""Faults row 30: half an hour of texts, calls and delivery reports while something breaks all the time.

The line as people run it (``serve --production``, two workers), a real Valkey and a real PostgreSQL. Workers are killed
at the beginning and towards the end; in between the same two live on, and their memory and open files are compared.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from sms_service.service.release import Release
from sms_service.webhooks.signed_request import call_fields, new_call_id, new_message_id
from tests.conftest import ACCOUNT_SID
from tests.faults.house import NUMBER, SECRETS, TEN_THOUSAND, phone
from tests.faults.measurements import note
from tests.faults.provider import Crowd, KnownTexts
from tests.faults.server import Server
from tests.postgres_process import PostgresProcess
from tests.storage.valkey_process import ValkeyProcess
from tests.waiting import eventually

MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
MESSAGES_A_SECOND = 20
CALLERS_AND_REPORTS = 10
"""Every how many texts a call comes in as well, and a delivery report."""
MOST_GROWTH = 1.05
QUIET_SHARE = (0.2, 0.9)
"""Of the time, during which no worker is killed."""


class Trouble:
    """Breaks something, waits, mends it: again and again, by a seed that is told."""

    def __init__(
        self, server: Server, valkey: ValkeyProcess, postgres: PostgresProcess, database: str, seed: int
    ) -> None:
        self._server = server
        self._valkey = valkey
        self._postgres = postgres
        self._database = database
        self._chance = random.Random(seed)
        self.happened: list[str] = []

    def happen(self, *, workers_may_die: bool) -> None:
        kinds = [self._freeze_redis, self._kill_redis, self._flush_redis, self._fill_redis]
        kinds += [self._freeze_sql, self._kill_sql, self._lock_sql, self._lock_outbox]
        what = self._chance.choice([*kinds, *([self._kill_worker] * 4 if workers_may_die else [])])
        self.happened.append(what.__name__.strip("_"))
        what(self._chance.uniform(1, 8))

    def _freeze_redis(self, seconds: float) -> None:
        self._valkey.freeze()
        time.sleep(seconds)
        self._valkey.thaw()

    def _kill_redis(self, seconds: float) -> None:
        self._valkey.kill()
        time.sleep(seconds)
        self._valkey.start()

    def _flush_redis(self, seconds: float) -> None:
        with self._valkey.admin() as admin:
            admin.flushall()
        time.sleep(seconds)

    def _fill_redis(self, seconds: float) -> None:
        with self._valkey.admin() as admin:
            admin.config_set("maxmemory", 100_000)
            time.sleep(seconds)
            admin.config_set("maxmemory", 0)

    def _freeze_sql(self, seconds: float) -> None:
        which: dict[str, bool] = self._chance.choice([{}, {"postmaster": False}, {"backends": False}])
        self._postgres.freeze(**which)
        time.sleep(seconds)
        self._postgres.thaw()

    def _kill_sql(self, seconds: float) -> None:
        self._postgres.kill()
        time.sleep(seconds)
        self._postgres.start()

    def _lock_sql(self, seconds: float) -> None:
        with self._postgres.connect(self._database) as connection, connection.transaction():
            connection.execute("LOCK TABLE message_log")
            time.sleep(seconds)

    def _lock_outbox(self, seconds: float) -> None:
        held = sqlite3.connect(self._server.var_dir / "outbox.sqlite3", isolation_level=None, timeout=5)
        with suppress(sqlite3.OperationalError):
            held.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        held.close()

    def _kill_worker(self, seconds: float) -> None:
        """One of two that answer: what it takes when both are gone is row 23."""
        if len(serving := self._server.serving()) > 1:
            os.kill(self._chance.choice(serving), signal.SIGKILL)
        time.sleep(seconds)


class SteadyTraffic:
    """Texts at an even pace from four phones at a time, rings and reports in between, and measures the line."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._senders = iter(TEN_THOUSAND * 100)
        self.sent = self.asides = 0
        self.longest_with_retries = 0.0
        self.sizes: list[tuple[int, int, tuple[int, ...]]] = []
        """Memory in bytes, open files, and which workers they are of."""

    def __enter__(self) -> SteadyTraffic:
        self.crowd = Crowd().start(self._send, range(4))
        self._measuring = threading.Thread(target=self._measure)
        self._measuring.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._measuring.join()
        self.crowd.wait()

    def _send(self, _: int) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            with self._lock:
                sender = next(self._senders)
            took = self._server.answered(sender)
            with self._lock:
                self.sent += 1
                number = self.sent
                self.longest_with_retries = max(self.longest_with_retries, took)
            if number % CALLERS_AND_REPORTS == 0:
                self._ring(number)
                self._report()
                with self._lock:
                    self.asides += 2
            self._stop.wait(max(0.0, 4 / MESSAGES_A_SECOND - (time.monotonic() - started)))

    def _ring(self, number: int) -> None:
        answer = self._server.asked_again(call_fields(phone(number), ACCOUNT_SID, new_call_id()), "/voice")
        assert answer.status == 200
        assert b"9 9 9" in answer.body

    def _report(self) -> None:
        fields = {"MessageSid": new_message_id(), "MessageStatus": "delivered", "To": NUMBER}
        answer = self._server.asked_again({**fields, "AccountSid": ACCOUNT_SID}, "/sms/status")
        assert (answer.status, answer.body) == (204, b"")

    def _measure(self) -> None:
        while not self._stop.wait(5):
            with suppress(OSError):
                workers = tuple(self._server.workers())
                self.sizes.append((self._server.memory_bytes(), self._server.open_files(), workers))


@pytest.fixture
def server(shipped_release: Release, tmp_path: Path, valkey: ValkeyProcess, postgres_url: str) -> Iterator[Server]:
    known = KnownTexts(shipped_release)
    line = Server(tmp_path / "server", known, REDIS_URL=valkey.url, DATABASE_URL=postgres_url)
    yield line
    line.kill()


@pytest.mark.soak
def test_row_30_half_an_hour_of_trouble(
    server: Server,
    valkey: ValkeyProcess,
    postgres: PostgresProcess,
    postgres_url: str,
) -> None:
    """20 messages a second, something breaking all the time: all answered, all rows, no growth."""
    seed = int(os.environ.get("SOAK_SEED", time.time_ns() % 10**6))
    database = make_url(postgres_url).database or ""
    trouble, began = Trouble(server, valkey, postgres, database, seed), time.monotonic()
    with SteadyTraffic(server) as traffic:
        while (share := (time.monotonic() - began) / (MINUTES * 60)) < 1 and not traffic.crowd.failures:
            trouble.happen(workers_may_die=not QUIET_SHARE[0] < share < QUIET_SHARE[1])
            time.sleep(3)
    growth = growth_of_the_longest_lived(traffic.sizes)
    told = {
        "seed": seed,
        "sent": traffic.sent,
        "calls_and_reports": traffic.asides,
        "troubles": len(trouble.happened),
        "p99_seconds": server.provider.percentile(0.99),
        "max_seconds": max(server.provider.seconds),
        "max_seconds_with_retries": traffic.longest_with_retries,
        **growth,
    }
    note(**told)
    server.provider.check_times()
    eventually(lambda: len(rows(postgres, database)) >= traffic.sent, 60)
    found = rows(postgres, database)
    assert len(found) == len(set(found)) == traffic.sent, told
    assert growth["memory_late"] <= growth["memory_early"] * MOST_GROWTH, told
    assert growth["files_late"] <= growth["files_early"] + 10, told
    eventually(lambda: set(json.loads(server.get("/readyz")[1])["parts"].values()) == {"ok"}, 30)
    assert server.leaks() == []
    assert leaks_in(valkey.folder) == leaks_in(postgres.folder) == []


def rows(postgres: PostgresProcess, database: str) -> list[Any]:
    """Give the message ids in the message log; none while it cannot be asked."""
    with suppress(psycopg.Error), postgres.connect(database) as connection:
        found = connection.execute("SELECT message_id FROM message_log WHERE kind = 'message'").fetchall()
        return [row[0] for row in found]
    return []


def leaks_in(folder: Path) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(secret in path.read_bytes() for secret in SECRETS)]


def growth_of_the_longest_lived(sizes: list[tuple[int, int, tuple[int, ...]]]) -> dict[str, float]:
    """Compare the size of the pair of workers that lived longest: a new one starts small and fills its caches."""
    by_workers: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for memory, files, workers in sizes:
        by_workers.setdefault(workers, []).append((memory, files))
    longest = max(by_workers.values(), key=len)
    settled = longest[min(6, len(longest) // 2) :]  # without their first half minute
    third = max(1, len(settled) // 3)
    figures: dict[str, float] = {"minutes_of_the_same_workers": len(longest) * 5 / 60}
    for index, name in enumerate(("memory", "files")):
        figures[f"{name}_early"] = statistics.median(size[index] for size in settled[:third])
        figures[f"{name}_late"] = statistics.median(size[index] for size in settled[-third:])
    return figures
