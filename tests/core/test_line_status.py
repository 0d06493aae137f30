"""The verdict in five seconds."""

from __future__ import annotations

import datetime as dt

import pytest

from sms_service.core.alert_rules import Alert, alert_rule
from sms_service.core.line_status import COUNTS_PEOPLE, FRESH, WORKER_REST, Evidence, Verdict, verdict_of, words_of

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
JUST_NOW = Evidence(NOW, NOW, NOW)


def alerts(*names: str, sentence: str = "x") -> list[Alert]:
    return [Alert(rule, sentence) for name in names if (rule := alert_rule(name)) is not None]


@pytest.mark.parametrize(
    ("true", "evidence", "verdict"),
    [
        ([], JUST_NOW, Verdict.ANSWERING),
        ([], Evidence(None, NOW - FRESH, NOW - WORKER_REST), Verdict.ANSWERING),
        ([], Evidence(NOW - FRESH, None, NOW), Verdict.ANSWERING),
        ([], Evidence(NOW, NOW, None), Verdict.DEGRADED),
        ([], Evidence(NOW, NOW, NOW - 2 * WORKER_REST), Verdict.DEGRADED),
        ([], Evidence(), Verdict.UNKNOWN),
        ([], Evidence(NOW - 2 * FRESH, NOW - 2 * FRESH), Verdict.UNKNOWN),
        (["outbox"], JUST_NOW, Verdict.DEGRADED),
        (["hot_state", "contacts"], JUST_NOW, Verdict.DEGRADED),
        (["contacts", "pictures", "emergencies", "loops", "blocked", "refused"], JUST_NOW, Verdict.ANSWERING),
        (["canary", "outbox"], JUST_NOW, Verdict.IN_DOUBT),
        (["silence"], JUST_NOW, Verdict.IN_DOUBT),
        (["wrong_address"], JUST_NOW, Verdict.IN_DOUBT),
        (["errors"], Evidence(), Verdict.IN_DOUBT),
    ],
)
def test_doubt_wins_over_trouble(true: list[str], evidence: Evidence, verdict: Verdict) -> None:
    assert verdict_of(alerts(*true), evidence, NOW) is verdict


def test_every_verdict_has_words_and_advice() -> None:
    assert all(all(words_of(verdict, [])) for verdict in Verdict)


@pytest.mark.parametrize(
    ("verdict", "true", "advice"),
    [
        (Verdict.ANSWERING, [], "Nothing needs doing."),
        (Verdict.ANSWERING, ["pictures"], "Do what stands below when you can."),
        (Verdict.ANSWERING, ["pictures", "emergencies"], "Do what stands below now."),
        (Verdict.DEGRADED, ["outbox"], "Do what stands below when you can."),
        (Verdict.DEGRADED, ["outbox", "unanswered"], "Do what stands below now."),
        (Verdict.IN_DOUBT, ["canary"], "Text it yourself now, then do what stands below."),
    ],
)
def test_nothing_to_do_is_never_said_above_something_to_do(verdict: Verdict, true: list[str], advice: str) -> None:
    assert words_of(verdict, alerts(*true))[1] == advice


def test_alerts_that_count_people_are_named() -> None:
    assert {name for name in COUNTS_PEOPLE if alert_rule(name) is None} == set()
