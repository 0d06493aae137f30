"""What is worth telling operators, how loudly, and what to do first: a table of rules over a situation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sms_service.core import alert_conditions as conditions
from sms_service.core.situation import Situation

_MINUTE: Final = dt.timedelta(minutes=1)
_HOUR: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One kind of alert.

    Attributes:
        name: Stable.
        title: A few words.
        first_step: What to do first.
        judge: Gives what is to be said, or None.
        urgent: Whether it may wake somebody.
        repeat: How long until the same is said again while it stays true.
        over_after: How long it must be untrue to be over.
        says_over: Whether that it is over is worth a message.
    """

    name: str
    title: str
    first_step: str
    judge: Callable[[Situation], str | None]
    urgent: bool = True
    repeat: dt.timedelta = 4 * _HOUR
    over_after: dt.timedelta = 10 * _MINUTE
    says_over: bool = True


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule that is true now, and what is to be said."""

    rule: AlertRule
    sentence: str


ALERT_RULES: Final = (
    AlertRule(
        "canary",
        "The line does not answer as it should",
        "Text the line yourself. Then look at the status page and at /readyz; the go-live check says more.",
        conditions.canary,
        repeat=_HOUR,
    ),
    AlertRule(
        "silence",
        "No messages where some are usual",
        "Text the line yourself. If no answer comes, look at the provider's console: number, webhook address, account.",
        conditions.silence,
    ),
    AlertRule(
        "errors",
        "Messages get only the fallback words",
        "Look at the log lines answer_failed: they name the place in the code. If a release has just gone live, "
        "restore the one before.",
        conditions.errors,
        repeat=_HOUR,
    ),
    AlertRule(
        "wrong_address",
        "The provider's own requests are refused",
        "Open the go-live check: it says which address the provider calls, and what to correct.",
        conditions.wrong_address,
    ),
    AlertRule(
        "refused",
        "Requests of strangers are refused",
        "If texts are answered, nothing: strangers are trying. If not, open the go-live check: a changed token looks "
        "the same.",
        conditions.refused,
    ),
    AlertRule(
        "delivery",
        "Replies do not arrive",
        "Look at the error codes on the status page, then at the provider's status page and the account's balance.",
        conditions.delivery,
    ),
    AlertRule(
        "blocked",
        "Replies are blocked because of an earlier STOP",
        "Ask the provider to switch its own STOP handling off for this account; until then START brings a person back.",
        conditions.blocked,
        urgent=False,
        repeat=_DAY,
        over_after=_DAY,
        says_over=False,
    ),
    AlertRule(
        "outbox",
        "Rows wait for the database",
        "Messages are answered all the same. Look at /readyz and bring the database back; the rows follow by "
        "themselves.",
        conditions.outbox,
        urgent=False,
    ),
    AlertRule(
        "contacts",
        "Contacts have to be checked",
        "Ring or open each of them, then note the date at the contact.",
        conditions.contacts,
        urgent=False,
        repeat=_DAY,
        says_over=False,
    ),
    AlertRule(
        "hot_state",
        "The short memory does not work as it should",
        "Messages are answered, perhaps twice. Do what the sentence says; docs/operations.md has a table.",
        conditions.hot_state,
        urgent=False,
        repeat=_DAY,
    ),
    AlertRule(
        "parts",
        "A part of the line does not work",
        "Messages are answered. Look at /readyz and do what the sentence says.",
        conditions.other_parts,
        urgent=False,
    ),
    AlertRule(
        "loops",
        "A machine texts the line",
        "Nothing at once: it gets one answer in five minutes. If it goes on, find the message in the log and block the "
        "number at the provider.",
        conditions.loops,
        urgent=False,
        over_after=6 * _HOUR,
        repeat=_DAY,
        says_over=False,
    ),
    AlertRule(
        "emergencies",
        "Somebody asks for emergency help again and again",
        "Tell the safeguarding lead now. Who it is cannot be seen here; the lead decides whether a hold is placed.",
        conditions.emergencies,
        repeat=_HOUR,
        over_after=_HOUR,
        says_over=False,
    ),
    AlertRule(
        "unanswered",
        "Somebody in danger may have texted from a house phone",
        "Tell the safeguarding lead now. A text back would be read aloud to whoever picks up, so none was sent. Only "
        "the provider's own message log has the number; the lead decides whether to look there and who rings.",
        conditions.unanswered,
        repeat=_HOUR,
        over_after=_HOUR,
        says_over=False,
    ),
    AlertRule(
        "pictures",
        "A picture was sent to the line",
        "Open nothing. Tell the safeguarding lead: the provider keeps pictures until they are deleted there.",
        conditions.pictures,
        urgent=False,
        repeat=_DAY,
        over_after=_DAY,
        says_over=False,
    ),
)

_BY_NAME: Final = {rule.name: rule for rule in ALERT_RULES}


def alert_rule(name: str) -> AlertRule | None:
    """Give the rule of a name."""
    return _BY_NAME.get(name)


def judge(situation: Situation) -> list[Alert]:
    """Give every rule that is true, with what is to be said; one sentence each."""
    judged = ((rule, rule.judge(situation)) for rule in ALERT_RULES)
    return [Alert(rule, sentence) for rule, sentence in judged if sentence is not None]
