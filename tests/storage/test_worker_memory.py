"""What workers share, on both databases."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest

from sms_service.core.alerts import OpenAlert
from sms_service.service.worker_ports import JobRun, WorkerMemoryFailed
from sms_service.storage.database import Database
from sms_service.storage.worker_memory import SqlWorkerMemory
from tests.sql_databases import NOON


@pytest.fixture
def memory(database: Database) -> SqlWorkerMemory:
    return SqlWorkerMemory(database)


def test_one_leads_until_it_steps_down(memory: SqlWorkerMemory) -> None:
    assert memory.lead("a", 30)
    assert not memory.lead("b", 30)
    assert memory.lead("a", 30)
    memory.step_down("b")
    assert not memory.lead("b", 30)
    memory.step_down("a")
    assert memory.lead("b", 30)


def test_a_leader_that_dies_is_followed(memory: SqlWorkerMemory) -> None:
    assert memory.lead("a", 0.05)
    time.sleep(0.1)
    assert memory.lead("b", 30)
    assert not memory.lead("a", 30), "it comes back too late"


def test_a_leader_that_died_before_the_clock_was_put_back_is_followed_too(memory: SqlWorkerMemory) -> None:
    assert memory.lead("a", 7200)
    assert memory.lead("b", 30)


def test_of_many_at_once_exactly_one_leads(memory: SqlWorkerMemory) -> None:
    leads: list[bool] = []
    threads = [threading.Thread(target=lambda name=str(name): leads.append(memory.lead(name, 30))) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(leads) == [False] * 5 + [True]


def test_runs_count_failures_and_remember_the_last_good_one(memory: SqlWorkerMemory) -> None:
    later = NOON + dt.timedelta(minutes=5)
    memory.note_run("canary", NOON, None)
    memory.note_run("canary", later, "HELP got no text.")
    memory.note_run("canary", later, "HELP got no text.")
    memory.note_run("purge", NOON, "é")
    assert memory.runs() == {
        "canary": JobRun(later, "HELP got no text.", NOON, 2),
        "purge": JobRun(NOON, "?", None, 1),
    }
    memory.note_run("canary", later, None)
    assert memory.runs()["canary"] == JobRun(later, None, later, 0)


def test_open_alerts_are_replaced(memory: SqlWorkerMemory) -> None:
    canary = OpenAlert(NOON, NOON + dt.timedelta(minutes=1), None, "HELP got no text.")
    memory.remember_alerts({"canary": canary, "silence": canary})
    memory.remember_alerts({"canary": canary})
    assert memory.open_alerts() == {"canary": canary}
    memory.remember_alerts({})
    assert memory.open_alerts() == {}


def test_a_database_that_is_gone_is_told(empty_database_url: str, open_database: Callable[..., Database]) -> None:
    memory = SqlWorkerMemory(open_database(empty_database_url))
    for ask in (lambda: memory.lead("a", 1), memory.runs, memory.open_alerts, lambda: memory.remember_alerts({})):
        with pytest.raises(WorkerMemoryFailed):
            ask()
