"""What watches the line: the reader of the message log, the worker with its tasks, the canary, alerts."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from sms_service.core.alerts import QuietHours
from sms_service.core.opening_hours import UK
from sms_service.factory.environment import canary_key_of
from sms_service.factory.line import Line, build_line
from sms_service.factory.stores import database_of, open_retention
from sms_service.service.messaging import utc_now
from sms_service.service.monitoring_ports import MessageLogReader
from sms_service.service.worker_ports import AlertSender, WorkerMemory
from sms_service.settings import Settings

if TYPE_CHECKING:
    from sms_service.ops.metrics import Gauge
    from sms_service.service.canary import Canary
    from sms_service.service.watching import Watching
    from sms_service.service.worker import Task, Worker
    from sms_service.storage.database import Database

__all__ = [
    "alert_sender_of",
    "build_worker",
    "canary_of",
    "checks_of",
    "line_that_follows",
    "log_reader_of",
    "watching_of",
]

_ANY_ACCOUNT: Final = "AC" + 32 * "0"
_WAIT_FOR_RELEASE_SECONDS: Final = 3.0
_DAY_SECONDS: Final = 24 * 3600.0
_SETTLE_BACK_MINUTES: Final = 30


def line_that_follows(settings: Settings) -> Line:
    """Give a line that answers from what is published, as far as SQL can be asked: for commands and the worker."""
    line = build_line(settings)
    if line.book_watch is not None:
        line.book_watch.thread.ensure_running(wait_seconds=_WAIT_FOR_RELEASE_SECONDS)
    return line


def checks_of(line: Line) -> Mapping[str, Callable[[], str | None]]:
    """Give the checks of a line's parts, by name: each says None when healthy, else one sentence."""
    checks = {"reply_book": lambda: line.book_trouble, "hot_state": line.hot_state.check}
    if line.book_watch is not None:
        checks["releases"] = line.book_watch.check
    if line.events is not None:
        checks["message_log"] = line.events.check
    return checks


def log_reader_of(database: Database) -> MessageLogReader:
    """Give the reader of the message log."""
    from sms_service.storage.log_queries import SqlLogReader

    return SqlLogReader(database)


def worker_memory_of(database: Database) -> WorkerMemory:
    """Give what workers share."""
    from sms_service.storage.worker_memory import SqlWorkerMemory

    return SqlWorkerMemory(database)


def alert_sender_of(line: Line) -> AlertSender:
    """Give what tells operators."""
    from sms_service.ops.alert_sender import AppriseSender

    return AppriseSender([url.get_secret_value() for url in line.settings.alert_urls], line.log)


def canary_of(line: Line) -> Canary:
    """Give the canary that texts the line's public address."""
    from sms_service.service.canary import Canary
    from sms_service.webhooks.public_line import SignedPhone
    from sms_service.webhooks.signed_request import SAMPLE_LINE_NUMBER

    settings = line.settings
    phone = SignedPhone(
        settings.public_url,
        settings.auth_tokens[0],
        settings.twilio_account_sid or _ANY_ACCOUNT,
        min(settings.line_numbers, default=SAMPLE_LINE_NUMBER),
    )
    return Canary(
        releases=line.releases,
        phone=phone,
        key=canary_key_of(settings),
        clock=utc_now,
        pause=time.sleep,
        bank_holidays=line.messaging.bank_holidays,
    )


def watching_of(line: Line, database: Database) -> Watching:
    """Give what watches a line and tells operators."""
    from sms_service.service.watching import Watching

    checks = dict(checks_of(line))
    checks["database"] = database.check
    return Watching(
        reader=log_reader_of(database),
        memory=worker_memory_of(database),
        sender=alert_sender_of(line),
        releases=line.releases,
        checks=checks,
        outbox=lambda: _outbox_of(line),
        log=line.log,
        clock=utc_now,
        quiet_hours=QuietHours(*line.settings.alert_quiet_hours),
    )


def gauges(line: Line) -> Iterable[Gauge]:
    """Give what /metrics reads when it is asked."""
    from sms_service.ops.gauges import gauges_of

    return gauges_of(checks_of(line), line.releases, lambda: _outbox_of(line), lambda: utc_now().astimezone(UK).date())


def _outbox_of(line: Line) -> tuple[int, float] | None:
    state = line.events.watch.state() if line.events is not None else None
    return None if state is None else (state.waiting, state.oldest_seconds)


def build_worker(line: Line) -> Worker:
    """Give the worker of a line."""
    from sms_service.service.worker import Worker

    database = database_of(line.settings)
    return Worker(
        tasks=_tasks(line, database),
        memory=worker_memory_of(database),
        log=line.log,
        holder=f"{os.getpid()}-{uuid.uuid4().hex[:12]}",
    )


def _tasks(line: Line, database: Database) -> list[Task]:
    import datetime as dt

    from sms_service.service.worker import Task

    watching, memory, minutes = watching_of(line, database), worker_memory_of(database), line.settings.canary_minutes

    def settle() -> None:
        memory.settle_deliveries(utc_now() - dt.timedelta(minutes=_SETTLE_BACK_MINUTES))

    tasks = [
        Task("alerts", 60, watching.watch, first_after_seconds=30),
        Task("deliveries", 600, settle, first_after_seconds=60),
        # Each host has an outbox of its own to purge, and two purges at once are no trouble.
        Task("purge", _DAY_SECONDS, _purge(line.settings), once=False, first_after_seconds=600),
    ]
    return [Task("canary", minutes * 60.0, canary_of(line).run, first_after_seconds=10), *tasks] if minutes else tasks


def _purge(settings: Settings) -> Callable[[], str | None]:
    def purge() -> None:
        with open_retention(settings) as retention:
            retention.purge("worker")

    return purge
