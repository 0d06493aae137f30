"""What the worker needs from outside. Adapters live in ``storage`` and ``ops``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sms_service.core.alerts import Notice, OpenAlert
from sms_service.core.errors import LineError


class WorkerMemoryFailed(LineError):
    """What the worker remembers cannot be read or written now."""

    code = "worker_memory_failed"
    retry_helps = True


@dataclass(frozen=True, slots=True)
class JobRun:
    """How a task went last.

    Attributes:
        at: When.
        trouble: What was wrong, or None.
        good_at: When it last went well; None: never.
        failures: How often in a row it went wrong.
    """

    at: dt.datetime
    trouble: str | None
    good_at: dt.datetime | None
    failures: int


class WorkerMemory(Protocol):
    """What workers of all hosts share. Everything may raise :class:`WorkerMemoryFailed`."""

    def lead(self, holder: str, seconds: float) -> bool:
        """Become or stay the leader for so long; False while another one is. By the database's own clock."""
        ...

    def step_down(self, holder: str) -> None:
        """Let another one lead at once."""
        ...

    def note_run(self, name: str, at: dt.datetime, trouble: str | None) -> None:
        """Remember how a task went."""
        ...

    def runs(self) -> Mapping[str, JobRun]:
        """Give how each task went last."""
        ...

    def open_alerts(self) -> Mapping[str, OpenAlert]:
        """Give what is open, by rule."""
        ...

    def remember_alerts(self, alerts: Mapping[str, OpenAlert]) -> None:
        """Replace what is open."""
        ...

    def settle_deliveries(self, since: dt.datetime) -> int:
        """Bring messages up to the delivery reports since a moment; give how many."""
        ...


class AlertSender(Protocol):
    """Tells operators."""

    def send(self, notice: Notice) -> bool:
        """Send to every address; whether at least one took it. Never raises."""
        ...

    def trouble(self) -> Sequence[str]:
        """Say which addresses cannot be used, without their secrets."""
        ...
