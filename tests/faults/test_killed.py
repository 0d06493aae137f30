"""Faults rows 12, 22, 57: whoever is killed, and wherever, no accepted event is lost and none is doubled."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from sms_service.storage import message_log
from sms_service.storage.database import Database
from sms_service.storage.drain import Drain
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_queue import OutboxQueue
from sms_service.storage.tables import daily_count
from sms_service.storage.tables import message_log as log_table
from tests.postgres_process import PostgresProcess
from tests.sql_databases import an_event

STEPS = [
    ("outbox.inserting", 1),
    ("outbox.inserting", 15),
    ("outbox.inserted", 15),
    ("drain.read", 2),
    ("drain.inserted", 2),
    ("drain.committed", 2),
    ("drain.acknowledged", 2),
]


@pytest.fixture
def work_until_killed(project_root: Path, outbox_path: Path, database_url: str) -> Callable[[str, str, int], list[str]]:
    """Run a worker until it dies; give the ids of the events it had accepted."""

    def run(job: str, step: str, occurrence: int) -> list[str]:
        arguments = [job, str(outbox_path), database_url, step, str(occurrence)]
        command = [sys.executable, "-m", "tests.faults.dying_worker", *arguments]
        done = subprocess.run(command, cwd=project_root, capture_output=True, text=True, timeout=150, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr
        return done.stdout.split()

    return run


def stored(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(log_table.c.event_id)).scalars())


@pytest.mark.parametrize(("step", "occurrence"), STEPS)
def test_a_worker_killed_at(
    step: str, occurrence: int, work_until_killed, outbox_path: Path, database: Database, database_url: str
) -> None:
    accepted = work_until_killed("record", step, occurrence)
    drain = Drain(outbox_path, Database(database_url))
    drain.empty()
    drain.close()
    kept = stored(database)
    assert set(accepted) <= set(kept)
    assert len(kept) == len(set(kept))
    assert len(kept) - len(accepted) <= 1, "at most the one that was being accepted"
    with OutboxQueue(outbox_path) as queue:
        assert queue.fill().waiting == 0


@pytest.mark.parametrize(("step", "occurrence"), [("purge.deleted", 2), ("purge.committed", 2)])
def test_a_purge_killed_at(
    step: str, occurrence: int, work_until_killed, database: Database, outbox_path: Path
) -> None:
    """Every row is in the log or counted, never both, and the next purge goes on."""

    def rows_and_counts() -> tuple[int, int]:
        with database.read() as connection:
            counted = connection.execute(select(func.coalesce(func.sum(daily_count.c.count), 0))).scalar_one()
            return len(connection.execute(select(log_table.c.event_id)).fetchall()), int(counted)

    with database.write() as connection:
        message_log.add_events(connection, [an_event(number) for number in range(350)])
    work_until_killed("purge", step, occurrence)
    rows, counted = rows_and_counts()
    assert rows + counted == 350
    assert 0 < counted < 350
    for _ in range(2):
        with database.write() as connection:
            message_log.delete_older_than(connection, an_event().at.replace(year=2027), 1000)
        assert rows_and_counts() == (0, 350)


@pytest.mark.parametrize("step", ["drain.read", "drain.inserted", "drain.committed", "drain.acknowledged"])
def test_a_database_server_killed_at(
    step: str, outbox_path: Path, postgres: PostgresProcess, postgres_url: str, open_database
) -> None:
    outbox = Outbox(outbox_path)
    for number in range(20):
        assert outbox.record(an_event(number))

    def kill_there(name: str) -> None:
        if name == step:
            postgres.kill()

    drain = Drain(outbox_path, Database(postgres_url), step=kill_there)
    try:
        drain.turn()
    except SQLAlchemyError:
        assert step in {"drain.read", "drain.inserted"}
    finally:
        drain.close()
        assert outbox.record(an_event(20)), "nobody who answers messages notices"
        outbox.close()
        postgres.start()
    again = Drain(outbox_path, Database(postgres_url))
    again.empty()
    again.close()
    kept = stored(open_database(postgres_url))
    assert sorted(kept) == sorted(an_event(number).event_id for number in range(21))
