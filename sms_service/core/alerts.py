"""Who is told when: urgent alerts at once, the others after the quiet hours, again now and then, and that it is over.

Pure; nothing is sent here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sms_service.core.alert_rules import Alert, alert_rule

_MINUTE: Final = dt.timedelta(minutes=1)
_HOUR: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that is remembered.

    Attributes:
        since: When it began.
        seen_at: When it was last true.
        told_at: When somebody was last told; None: not yet.
        sentence: What was last to be said.
    """

    since: dt.datetime
    seen_at: dt.datetime
    told_at: dt.datetime | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to operators."""

    rule: str
    title: str
    body: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the day, local time, in which only urgent alerts leave; the same hour twice: none."""

    begin: int = 22
    end: int = 7

    def covers(self, local: dt.datetime) -> bool:
        """Whether a local moment lies in them."""
        if self.begin <= self.end:
            return self.begin <= local.hour < self.end
        return local.hour >= self.begin or local.hour < self.end


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """What is to happen: what is said, and what is remembered if it could be said, and if it could not."""

    notices: Sequence[Notice]
    if_told: Mapping[str, OpenAlert]
    if_not: Mapping[str, OpenAlert]


def plan_alerts(
    alerts: Iterable[Alert], remembered: Mapping[str, OpenAlert], now: dt.datetime, *, quiet: bool
) -> AlertPlan:
    """Decide what is said now. Whatever could not be said is decided anew next time.

    Args:
        alerts: What is true.
        remembered: Open alerts by rule.
        now: Aware.
        quiet: Whether only urgent ones may leave.
    """
    notices: list[Notice] = []
    told: dict[str, OpenAlert] = {}
    silent: dict[str, OpenAlert] = {}
    true_now = {alert.rule.name: alert for alert in alerts}
    for name, alert in true_now.items():
        known = remembered.get(name) or OpenAlert(now, now, None, alert.sentence)
        known = replace(known, seen_at=now, sentence=alert.sentence)
        told[name] = silent[name] = known
        due = known.told_at is None or now - known.told_at >= alert.rule.repeat
        if due and (alert.rule.urgent or not quiet):
            notices.append(_notice(alert, known, now))
            told[name] = replace(known, told_at=now)
    for name, known in remembered.items():
        rule = alert_rule(name)
        if name in true_now or rule is None:
            continue
        if now - known.seen_at < rule.over_after:
            told[name] = silent[name] = known
        elif known.told_at is not None and rule.says_over:
            if quiet and not rule.urgent:
                told[name] = silent[name] = known
            else:
                notices.append(Notice(name, f"Over: {rule.title}", f"It lasted {_lasted(known)}.", urgent=False))
                silent[name] = known
    return AlertPlan(notices, told, silent)


def _notice(alert: Alert, known: OpenAlert, now: dt.datetime) -> Notice:
    again = f" (since {_words(now - known.since)})" if known.told_at is not None else ""
    body = f"{alert.sentence}{again}\n\nDo first: {alert.rule.first_step}"
    return Notice(alert.rule.name, alert.rule.title, body, alert.rule.urgent)


def _lasted(known: OpenAlert) -> str:
    return _words(known.seen_at - known.since)


def _words(span: dt.timedelta) -> str:
    minutes = max(1, round(span / _MINUTE))
    if minutes < 120:  # noqa: PLR2004 - two hours
        return f"{minutes} minute{'s' * (minutes != 1)}"
    hours = round(span / _HOUR)
    return f"{hours} hours" if hours < 48 else f"{round(span / _DAY)} days"  # noqa: PLR2004 - two days
