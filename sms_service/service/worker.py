"""The worker beside the web processes: runs tasks when they are due. The line answers without it.

One of several workers leads and runs what is to happen once; a leader that dies is followed within a minute. While the
database cannot be asked who leads, every worker acts as if it did: two canaries or two alerts are better than none.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sms_service.core.errors import LineError
from sms_service.service.messaging import utc_now
from sms_service.service.ports import LineLog
from sms_service.service.worker_ports import WorkerMemory

LEASE_SECONDS: Final = 45.0
_TURN_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is done again and again.

    Attributes:
        name: Stable.
        every_seconds: From one beginning to the next.
        run: Does it; gives what is wrong in one sentence, or None. May raise.
        once: Whether only the leader does it.
        first_after_seconds: After the worker's start.
    """

    name: str
    every_seconds: float
    run: Callable[[], str | None]
    once: bool = True
    first_after_seconds: float = 0.0


@dataclass
class Worker:
    """Runs tasks.

    Attributes:
        tasks: In the order in which they run when several are due.
        memory: Shared with the other workers.
        log: For operators.
        holder: Name of this worker, another one each time.
        monotonic: Clock for what is due, seconds.
    """

    tasks: Sequence[Task]
    memory: WorkerMemory
    log: LineLog
    holder: str
    monotonic: Callable[[], float] = time.monotonic
    _due: dict[str, float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Note when each task is due first."""
        now = self.monotonic()
        self._due = {task.name: now + task.first_after_seconds for task in self.tasks}

    def run(self, stopping: threading.Event) -> None:
        """Run until told to stop; a task that runs is finished first."""
        while not stopping.is_set():
            self.turn(stopping)
            stopping.wait(_TURN_SECONDS)
        try:
            self.memory.step_down(self.holder)
        except LineError as error:
            self.log.trouble(error.code, error=error)

    def turn(self, stopping: threading.Event | None = None) -> list[str]:
        """Run what is due; give the names of the tasks that ran. Never raises."""
        ran = []
        for task in self.tasks:
            if stopping is not None and stopping.is_set():
                break
            if self.monotonic() < self._due[task.name]:
                continue
            # Asked before each task: the one before may have taken longer than the lease.
            if task.once and not self._leads():
                continue
            self._due[task.name] = self.monotonic() + task.every_seconds
            self._run(task)
            ran.append(task.name)
        return ran

    def _leads(self) -> bool:
        try:
            return self.memory.lead(self.holder, LEASE_SECONDS)
        except LineError as error:
            self.log.trouble(error.code, error=error)
            return True

    def _run(self, task: Task) -> None:
        try:
            trouble = task.run()
        except Exception as error:  # noqa: BLE001 - the other tasks go on, and this one when it is due again
            self.log.trouble("task_failed", error=error)
            trouble = error.sentence if isinstance(error, LineError) else f"It broke ({type(error).__name__})."
        try:
            self.memory.note_run(task.name, utc_now(), trouble)
        except LineError as error:
            self.log.trouble(error.code, error=error)
