"""Operators' pages on a real database."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sms_service.core.events import Event, EventKind
from sms_service.factory.stores import database_of
from sms_service.storage import message_log
from sms_service.storage.worker_memory import SqlWorkerMemory
from tests.sql_databases import a_delivery, an_event

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

URLS = {"seen_url": "https://line.example.org/sms", "signed_url": "http://line.example.org/sms", "url_fault": "scheme"}


def pseudonym_of(number: int) -> str:
    """Whoever sent a message: one of five."""
    return f"abc{number % 5:029x}"


def lately() -> list[Event]:
    """What a small line has seen in the last hours."""
    now = dt.datetime.now(dt.UTC)
    rows: list[Event] = []
    for number in range(1, 64):
        at = now - dt.timedelta(minutes=7 * number)
        reply = ["help", "urgent", "meet", "no_match"][number % 4]
        stage = {"urgent": "danger", "no_match": "no_match"}.get(reply, "keyword")
        rows.append(an_event(number, at=at, reply=reply, stage=stage, pseudonym=pseudonym_of(number), release=7))
        rows.append(a_delivery(number, "delivered" if number % 9 else "failed", at=at, error_code=None))
    rows.append(a_delivery(9, "undelivered", at=now, error_code=30003))
    rows.append(replace(an_event(900, at=now), kind=EventKind.CANARY, event_id="canary:900"))
    rows.append(Event(event_id="r1", kind=EventKind.REFUSAL, at=now, refusal="forged", count=3))
    return rows


@pytest.fixture
def watched(make_line: Callable[..., LineUnderTest], migrated_var: Path) -> Callable[..., LineUnderTest]:
    """A line with a migrated database, a worker that runs, and some rows: ``watched(*rows, LINE_ENV=...)``."""

    def make(*rows: Event, **environ: str) -> LineUnderTest:
        line = make_line(**environ)
        var_dir = line.line.settings.var_dir
        shutil.copytree(migrated_var, var_dir)
        database = database_of(line.line.settings)
        with database.write() as connection:
            message_log.add_events(connection, rows or lately())
        SqlWorkerMemory(database).note_run("alerts", dt.datetime.now(dt.UTC), None)
        database.close()
        return line

    return make
