"""Watching the line: gathers the situation, asks the rules, tells operators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from sms_service.core.alert_conditions import REPEATED_EMERGENCIES
from sms_service.core.alert_rules import judge
from sms_service.core.alerts import Notice, OpenAlert, QuietHours, plan_alerts
from sms_service.core.errors import LineError
from sms_service.core.opening_hours import UK
from sms_service.core.situation import LOOK_BACK, Situation
from sms_service.core.traffic import HourlyCell, Measure, hour_of
from sms_service.service.monitoring_ports import MessageLogReader, Recent
from sms_service.service.ports import LineLog
from sms_service.service.release import CurrentRelease
from sms_service.service.worker_ports import AlertSender, WorkerMemory

_HOUR: Final = dt.timedelta(hours=1)
_WEEK: Final = dt.timedelta(weeks=1)
_WEEKS_BACK: Final = 4
_SILENCE_HOURS: Final = 2

Check = Callable[[], str | None]


class OutboxLook(Protocol):
    """How the outbox of this host stands: rows waiting, age of the oldest in seconds; None when it has none."""

    def __call__(self) -> tuple[int, float] | None:
        """Look."""
        ...


@dataclass(kw_only=True)
class Watching:
    """Watches. One for a worker.

    Attributes:
        reader: The message log.
        memory: Shared with other workers.
        sender: Tells operators.
        releases: What is live.
        checks: By part, as on /readyz.
        outbox: Looks at this host's outbox.
        log: For operators.
        clock: Gives the moment, aware.
        quiet_hours: In which only urgent alerts leave.
    """

    reader: MessageLogReader
    memory: WorkerMemory
    sender: AlertSender
    releases: CurrentRelease
    checks: Mapping[str, Check]
    outbox: OutboxLook
    log: LineLog
    clock: Callable[[], dt.datetime]
    quiet_hours: QuietHours = field(default_factory=QuietHours)
    _own_memory: dict[str, OpenAlert] = field(default_factory=dict, init=False)

    def watch(self) -> str | None:
        """Ask the rules and tell what is to be told; give what went wrong with telling."""
        now = self.clock()
        remembered = self._remembered()
        plan = plan_alerts(
            judge(self.situation(now)), remembered, now, quiet=self.quiet_hours.covers(now.astimezone(UK))
        )
        unsent = {notice.rule for notice in plan.notices if not self.sender.send(notice)}
        not_told = {name: plan.if_not[name] for name in unsent if name in plan.if_not}
        self._remember({**plan.if_told, **not_told})
        return "An alert could not be sent to any address. Look at the alerts page." if unsent else None

    def test(self) -> bool:
        """Send a test to every address."""
        body = "This is a test. Nothing is wrong.\n\nDo first: nothing."
        return self.sender.send(Notice("test", "Test of the text line's alerts", body, urgent=False))

    def situation(self, now: dt.datetime) -> Situation:
        """Gather what the rules look at; what cannot be asked is left out, and is an alert of its own."""
        parts = {name: trouble for name, check in self.checks.items() if (trouble := _asked(check)) is not None}
        outbox = self.outbox() or (0, 0.0)
        canary = None
        recent, last_hour = Recent(), Recent()
        messages: int | None = None
        usual = 0.0
        emergencies: list[tuple[int, dt.datetime]] = []
        try:
            canary = self.memory.runs().get("canary")
            recent = self.reader.recent(now - LOOK_BACK)
            last_hour = self.reader.recent(now - _HOUR)
            messages, usual = self._messages(now)
            emergencies = self.reader.senders_with(self._emergency_replies(), now - _HOUR, REPEATED_EMERGENCIES)
        except LineError as error:
            self.log.trouble(error.code, error=error)
            parts.setdefault("message_log", error.sentence)
        return Situation(
            messages=messages,
            usual_messages=usual,
            outcomes=recent.outcomes,
            canary_trouble=canary.trouble if canary is not None else None,
            canary_failures=canary.failures if canary is not None else 0,
            refused=recent.refused,
            wrong_addresses=last_hour.wrong_addresses,
            arrived=last_hour.arrived,
            lost=last_hour.lost,
            outbox_waiting=outbox[0],
            outbox_seconds=outbox[1],
            overdue_contacts=self._overdue(now),
            parts=parts,
            emergencies=emergencies,
            pictures=recent.pictures,
            unanswered_dangers=recent.unanswered_dangers,
        )

    def _messages(self, now: dt.datetime) -> tuple[int, float]:
        end = hour_of(now) + _HOUR
        begin = end - (_SILENCE_HOURS + 1) * _HOUR
        lately = _counted(self.reader.hourly(begin, end))
        weeks = [_counted(self.reader.hourly(begin - week * _WEEK, end - week * _WEEK)) for week in range(1, 5)]
        # Whole hours are counted: three of them hold the last two hours, so 'none' is never said too early, and the
        # usual number is cut to two.
        return lately, sum(weeks) / _WEEKS_BACK * _SILENCE_HOURS / (_SILENCE_HOURS + 1)

    def _emergency_replies(self) -> list[str]:
        release = self.releases.current
        return [] if release is None else [key for key in release.book.replies if release.book.is_danger(key)]

    def _overdue(self, now: dt.datetime) -> list[str]:
        release = self.releases.current
        if release is None:
            return []
        today = now.astimezone(UK).date()
        contacts = release.book.contacts.values()
        return [one.name for one in contacts if one.check_again_by is not None and one.check_again_by < today]

    def _remembered(self) -> Mapping[str, OpenAlert]:
        try:
            return self.memory.open_alerts()
        except LineError:
            # Without the shared memory this worker's own keeps it from saying the same every minute.
            return self._own_memory

    def _remember(self, alerts: Mapping[str, OpenAlert]) -> None:
        self._own_memory = dict(alerts)
        try:
            self.memory.remember_alerts(alerts)
        except LineError as error:
            self.log.trouble(error.code, error=error)


def _asked(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - a check that breaks is an answer too; its words may hold a secret
        return f"A check failed ({type(error).__name__})."


def _counted(counts: Mapping[HourlyCell, int]) -> int:
    return sum(count for cell, count in counts.items() if cell.measure is Measure.OUTCOME)
