"""Which situation makes which alert, and who is told when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from sms_service.core.alert_rules import ALERT_RULES, Alert, alert_rule, judge
from sms_service.core.alerts import OpenAlert, QuietHours, plan_alerts
from sms_service.core.situation import Situation

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def names(**situation: Any) -> list[str]:
    return [alert.rule.name for alert in judge(Situation(**situation))]


def said(**situation: Any) -> str:
    (alert,) = judge(Situation(**situation))
    return alert.sentence


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ({}, []),
        # silence
        ({"messages": 0, "usual_messages": 4.0}, ["silence"]),
        ({"messages": 0, "usual_messages": 3.9}, []),
        ({"messages": 1, "usual_messages": 400.0}, []),
        ({"messages": None, "usual_messages": 400.0}, []),
        # canary
        ({"canary_trouble": "Nobody listens at the public address."}, ["canary"]),
        # errors
        ({"outcomes": {"failed": 1, "answered": 3}}, ["errors"]),
        ({"outcomes": {"failed": 4, "answered": 96}}, []),
        ({"outcomes": {"failed": 5, "answered": 95}}, ["errors"]),
        ({"outcomes": {"answered": 95}}, []),
        # refused requests
        ({"refused": {"forged": 19}}, []),
        ({"refused": {"forged": 12, "unsigned": 8}}, ["refused"]),
        ({"refused": {"other_number": 500}}, []),
        ({"wrong_addresses": 1}, ["wrong_address"]),
        # delivery
        ({"arrived": 8, "lost": {30003: 2}}, ["delivery"]),
        ({"arrived": 81, "lost": {30003: 19}}, []),
        ({"arrived": 4, "lost": {30003: 5}}, []),
        ({"arrived": 99, "lost": {21610: 1}}, ["blocked"]),
        # outbox
        ({"outbox_waiting": 3, "outbox_seconds": 301}, ["outbox"]),
        ({"outbox_waiting": 5001}, ["outbox"]),
        ({"outbox_waiting": 5000, "outbox_seconds": 300}, []),
        # parts
        ({"parts": {"hot_state": "Redis keeps nothing on disk."}}, ["hot_state"]),
        ({"parts": {"message_log": "The outbox cannot be opened.", "hot_state": "x"}}, ["hot_state", "parts"]),
        # people
        ({"overdue_contacts": ["Childline"]}, ["contacts"]),
        ({"outcomes": {"silent_loop": 1}}, ["loops"]),
        ({"emergencies": [(3, NOW)]}, ["emergencies"]),
        ({"unanswered_dangers": 1}, ["unanswered"]),
        ({"pictures": 1}, ["pictures"]),
    ],
)
def test_what_is_said_when(situation: dict[str, Any], expected: list[str]) -> None:
    assert names(**situation) == expected


def test_sentences_hold_counts_and_times() -> None:
    assert said(emergencies=[(4, NOW)]).endswith("within an hour: 4 times, last at 12:00.")
    assert "handset could not be reached (30003), 6 times" in said(arrived=10, lost={30003: 6, 30005: 2})
    assert "(3 times in a row)" in said(canary_trouble="HELP got no text.", canary_failures=3)
    assert said(overdue_contacts=[f"c{number}" for number in range(9)]) == (
        "9 contacts had to be checked by now: c0, c1, c2, c3, c4 and 4 more."
    )


def test_every_rule_says_what_to_do_first() -> None:
    assert all(rule.first_step and rule.title for rule in ALERT_RULES)
    assert len({rule.name for rule in ALERT_RULES}) == len(ALERT_RULES)


@pytest.mark.parametrize(
    ("hours", "hour", "quiet"),
    [((22, 7), 23, True), ((22, 7), 6, True), ((22, 7), 7, False), ((22, 7), 21, False),
     ((1, 5), 0, False), ((1, 5), 4, True), ((0, 0), 3, False)],
)  # fmt: skip
def test_quiet_hours_go_over_midnight(hours: tuple[int, int], hour: int, quiet: bool) -> None:
    assert QuietHours(*hours).covers(NOW.replace(hour=hour)) == quiet


def alert(name: str, sentence: str = "So it is.") -> Alert:
    rule = alert_rule(name)
    assert rule is not None
    return Alert(rule, sentence)


class Day:
    """A day of alerts, minute by minute: what is true, what is told."""

    def __init__(self, *, quiet: bool = False, reachable: bool = True) -> None:
        self.now = NOW
        self.memory: dict[str, OpenAlert] = {}
        self.told: list[tuple[str, str]] = []
        self.quiet, self.reachable = quiet, reachable

    def go(self, minutes: int, *true: Alert) -> None:
        for _ in range(minutes):
            plan = plan_alerts(true, self.memory, self.now, quiet=self.quiet)
            if self.reachable:
                self.told += [(f"{self.now - NOW}", notice.title) for notice in plan.notices]
            self.memory = dict(plan.if_told if self.reachable else plan.if_not)
            self.now += MINUTE


CANARY, OUTBOX, PICTURE = alert("canary"), alert("outbox"), alert("pictures")


def test_an_alert_is_told_at_once_again_each_hour_and_once_when_it_is_over() -> None:
    day = Day()
    day.go(130, CANARY)
    day.go(60)
    assert [when for when, _ in day.told] == ["0:00:00", "1:00:00", "2:00:00", "2:19:00"]
    assert day.told[-1][1] == f"Over: {CANARY.rule.title}"
    assert day.memory == {}


def test_what_flickers_is_one_alert() -> None:
    day = Day()
    for _ in range(5):
        day.go(2, CANARY)
        day.go(8)
    assert len(day.told) == 1


def test_at_night_only_what_is_urgent_is_told() -> None:
    day = Day(quiet=True)
    day.go(60, OUTBOX)
    assert day.told == []
    day.go(1, OUTBOX, CANARY)
    assert [title for _, title in day.told] == [CANARY.rule.title]
    day.quiet = False
    day.go(1, OUTBOX, CANARY)
    assert [title for _, title in day.told] == [CANARY.rule.title, OUTBOX.rule.title]


def test_what_was_over_before_anybody_was_told_is_not_worth_a_message() -> None:
    day = Day(quiet=True)
    day.go(5, OUTBOX)
    day.go(30)
    day.quiet = False
    day.go(5)
    assert day.told == []
    assert day.memory == {}


def test_pictures_are_told_once_a_day() -> None:
    day = Day()
    for _ in range(10):
        day.go(15, PICTURE)
        day.go(60)
    assert len(day.told) == 1


def test_what_could_not_be_sent_is_tried_until_it_is() -> None:
    day = Day(reachable=False)
    day.go(10, CANARY)
    day.reachable = True
    day.go(10, CANARY)
    assert [when for when, _ in day.told] == ["0:10:00"]


def test_the_end_that_could_not_be_told_is_tried_again() -> None:
    day = Day()
    day.go(1, CANARY)
    day.reachable = False
    day.go(30)
    day.reachable = True
    day.go(1)
    assert [title for _, title in day.told] == [CANARY.rule.title, f"Over: {CANARY.rule.title}"]


def test_a_message_says_what_to_do_first_and_since_when() -> None:
    plan = plan_alerts([CANARY], {}, NOW, quiet=False)
    assert plan.notices[0].body == f"So it is.\n\nDo first: {CANARY.rule.first_step}"
    later = plan_alerts([CANARY], plan.if_told, NOW + 3 * HOUR, quiet=False)
    assert later.notices[0].body.startswith("So it is. (since 3 hours)")


def test_an_alert_that_no_rule_knows_is_dropped() -> None:
    assert plan_alerts([], {"of_an_older_program": OpenAlert(NOW, NOW, NOW, "x")}, NOW, quiet=False).if_told == {}


def test_memory_of_what_was_told_is_kept_with_the_newest_words() -> None:
    first = plan_alerts([CANARY], {}, NOW, quiet=False).if_told
    second = plan_alerts([replace(CANARY, sentence="Now so.")], first, NOW + MINUTE, quiet=False).if_told
    assert second["canary"] == OpenAlert(NOW, NOW + MINUTE, NOW, "Now so.")
