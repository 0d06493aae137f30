"""The worker runs what is due, once among many, whatever breaks."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping

from sms_service.core.alerts import OpenAlert
from sms_service.core.errors import LineError
from sms_service.service.worker import Task, Worker
from sms_service.service.worker_ports import JobRun, WorkerMemoryFailed
from tests.conftest import CapturedLog


class Memory:
    """In memory; ``broken`` makes everything raise."""

    def __init__(self) -> None:
        self.leader: str | None = None
        self.noted: list[tuple[str, str | None]] = []
        self.broken = False

    def _ask(self) -> None:
        if self.broken:
            raise WorkerMemoryFailed("gone")

    def lead(self, holder: str, seconds: float) -> bool:
        self._ask()
        self.leader = self.leader or holder
        return self.leader == holder

    def step_down(self, holder: str) -> None:
        self._ask()
        self.leader = None if self.leader == holder else self.leader

    def note_run(self, name: str, at: dt.datetime, trouble: str | None) -> None:
        self._ask()
        self.noted.append((name, trouble))

    def runs(self) -> Mapping[str, JobRun]:
        return {}

    def open_alerts(self) -> Mapping[str, OpenAlert]:
        return {}

    def remember_alerts(self, alerts: Mapping[str, OpenAlert]) -> None:
        """Keep nothing."""

    def settle_deliveries(self, since: dt.datetime) -> int:
        return 0


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def worker(memory: Memory, *tasks: Task, holder: str = "a", clock: Clock | None = None) -> Worker:
    return Worker(tasks, memory, CapturedLog(), holder, clock or Clock())


def test_tasks_run_when_they_are_due() -> None:
    ran: list[str] = []
    clock = Clock()
    mine = worker(
        Memory(),
        Task("often", 10, lambda: ran.append("often")),
        Task("seldom", 100, lambda: ran.append("seldom"), first_after_seconds=50),
        clock=clock,
    )
    for second in range(0, 120, 5):
        clock.now = second
        mine.turn()
    assert ran.count("often") == 12
    assert ran.count("seldom") == 1


def test_only_the_leader_does_what_is_done_once() -> None:
    memory, ran = Memory(), []

    def tasks(name: str) -> tuple[Task, ...]:
        return (
            Task("once", 10, lambda: ran.append(f"{name} once")),
            Task("each", 10, lambda: ran.append(f"{name} each"), once=False),
        )

    first, second = worker(memory, *tasks("a")), worker(memory, *tasks("b"), holder="b")
    first.turn()
    second.turn()
    assert ran == ["a once", "a each", "b each"]
    stopping = threading.Event()
    stopping.set()
    first.run(stopping)
    assert second.turn() == ["once"], "it follows as soon as the leader has gone"


def test_a_task_that_breaks_stops_no_other_and_is_remembered() -> None:
    def break_down() -> str | None:
        raise RuntimeError("canary +447700900123")

    def fail() -> str | None:
        raise LineError("A sentence for people.")

    memory = Memory()
    mine = worker(memory, Task("a", 1, break_down), Task("b", 1, fail), Task("c", 1, lambda: "odd"), Task("d", 1, str))
    assert mine.turn() == ["a", "b", "c", "d"]
    assert memory.noted == [
        ("a", "It broke (RuntimeError)."),
        ("b", "A sentence for people."),
        ("c", "odd"),
        ("d", ""),
    ]


def test_without_a_database_every_worker_goes_on() -> None:
    memory, ran = Memory(), []
    memory.broken = True
    for holder in "ab":
        worker(memory, Task("once", 10, lambda: ran.append(1)), holder=holder).turn()
    assert len(ran) == 2


def test_a_worker_that_is_told_to_stop_begins_nothing_new() -> None:
    stopping, ran = threading.Event(), []

    def stop() -> None:
        stopping.set()

    mine = worker(Memory(), Task("first", 1, stop), Task("second", 1, lambda: ran.append(1)))
    mine.run(stopping)
    assert ran == []
