"""What is worth telling operators: rules over a situation. Pure.

An alert holds counts and times, never a pseudonym, an id or a word of anybody, and says what to do first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sms_service.core.delivery import BLOCKED_AT_PROVIDER, error_words
from sms_service.core.opening_hours import UK
from sms_service.core.situation import Situation

_MINUTE: Final = dt.timedelta(minutes=1)
_HOUR: Final = dt.timedelta(hours=1)
_DAY: Final = dt.timedelta(days=1)

USUAL_MESSAGES: Final = 4.0
"""From so many usual messages on, none at all is silence: by chance it happens once in fifty times (Poisson)."""

REPEATED_EMERGENCIES: Final = 3
"""Times within an hour."""

_MANY_REFUSED: Final = 20
_FAILED_SHARE: Final = 0.05
_FEWEST_REPORTS: Final = 10
_LOST_SHARE: Final = 0.2
_OUTBOX_SECONDS: Final = 300
_OUTBOX_WAITING: Final = 5_000


@dataclass(frozen=True, slots=True)
class Rule:
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

    rule: Rule
    sentence: str


def _silence(now: Situation) -> str | None:
    if now.messages == 0 and now.usual_messages >= USUAL_MESSAGES:
        return f"No message for two hours; usually there are about {now.usual_messages:.0f} at this time."
    return None


def _canary(now: Situation) -> str | None:
    if now.canary_trouble is None:
        return None
    times = "" if now.canary_failures <= 1 else f" ({now.canary_failures} times in a row)"
    return f"{now.canary_trouble}{times}"


def _errors(now: Situation) -> str | None:
    failed, total = now.outcomes.get("failed", 0), sum(now.outcomes.values())
    if failed and failed >= max(1.0, _FAILED_SHARE * total):
        return f"{failed} of {total} messages got only the built-in or fallback words in the last 15 minutes."
    return None


def _refused(now: Situation) -> str | None:
    forged = now.refused.get("forged", 0) + now.refused.get("unsigned", 0)
    if now.wrong_addresses:
        return "Requests that the provider really signed are refused: the address differs. Texts go unanswered."
    return f"{forged} requests without a good signature in the last 15 minutes." if forged >= _MANY_REFUSED else None


def _delivery(now: Situation) -> str | None:
    lost = sum(now.lost.values())
    reports = lost + now.arrived
    if reports < _FEWEST_REPORTS or lost < _LOST_SHARE * reports:
        return None
    code, count = max(now.lost.items(), key=lambda item: item[1])
    why = f" Most often: {error_words(code)} ({code}), {count} times." if code else ""
    return f"{lost} of {reports} replies did not arrive in the last hour.{why}"


def _blocked(now: Situation) -> str | None:
    blocked = now.lost.get(BLOCKED_AT_PROVIDER, 0)
    stopped = _counted(blocked, "reply was", "replies were")
    return f"{stopped} blocked at the provider (21610) in the last hour." if blocked else None


def _outbox(now: Situation) -> str | None:
    if now.outbox_seconds > _OUTBOX_SECONDS or now.outbox_waiting > _OUTBOX_WAITING:
        minutes = now.outbox_seconds / 60
        return f"{now.outbox_waiting} rows wait for SQL on one host, the oldest for {minutes:.0f} minutes."
    return None


def _contacts(now: Situation) -> str | None:
    if not now.overdue_contacts:
        return None
    names = ", ".join(sorted(now.overdue_contacts)[:5])
    more = f" and {len(now.overdue_contacts) - 5} more" if len(now.overdue_contacts) > 5 else ""  # noqa: PLR2004 - same
    return f"{len(now.overdue_contacts)} contacts had to be checked by now: {names}{more}."


def _hot_state(now: Situation) -> str | None:
    return now.parts.get("hot_state")


def _other_parts(now: Situation) -> str | None:
    others = {name: trouble for name, trouble in now.parts.items() if name != "hot_state"}
    return " ".join(others.values()) or None


def _loops(now: Situation) -> str | None:
    loops = now.outcomes.get("silent_loop", 0)
    met = _counted(loops, "text of a loop was", "texts of a loop were")
    return f"{met} met with silence in the last 15 minutes." if loops else None


def _emergencies(now: Situation) -> str | None:
    if not now.emergencies:
        return None
    told = "; ".join(f"{count} times, last at {last.astimezone(UK):%H:%M}" for count, last in now.emergencies[:5])
    return f"The same sender got the emergency numbers again and again within an hour: {told}."


def _pictures(now: Situation) -> str | None:
    came = _counted(now.pictures, "message", "messages")
    return f"{came} with pictures in the last 15 minutes. None was opened." if now.pictures else None


def _unanswered(now: Situation) -> str | None:
    texts = _counted(now.unanswered_dangers, "text of danger", "texts of danger")
    came = f"{texts} came from a house phone in the last 15 minutes and got no answer."
    return came if now.unanswered_dangers else None


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


RULES: Final = (
    Rule(
        "canary",
        "The line does not answer as it should",
        "Text the line yourself. Then look at the status page and at /readyz; the go-live check says more.",
        _canary,
        repeat=_HOUR,
    ),
    Rule(
        "silence",
        "No messages where some are usual",
        "Text the line yourself. If no answer comes, look at the provider's console: number, webhook address, account.",
        _silence,
    ),
    Rule(
        "errors",
        "Messages get only the fallback words",
        "Look at the log lines answer_failed: they name the place in the code. If a release has just gone live, "
        "restore the one before.",
        _errors,
        repeat=_HOUR,
    ),
    Rule(
        "refused",
        "Requests are refused",
        "Open the go-live check: it says whether the provider's own requests are among them, and what to correct."
        " If none is, strangers are trying, and nothing needs doing.",
        _refused,
    ),
    Rule(
        "delivery",
        "Replies do not arrive",
        "Look at the error codes on the status page, then at the provider's status page and the account's balance.",
        _delivery,
    ),
    Rule(
        "blocked",
        "Replies are blocked because of an earlier STOP",
        "Ask the provider to switch its own STOP handling off for this account; until then START brings a person back.",
        _blocked,
        urgent=False,
        repeat=_DAY,
        over_after=_DAY,
        says_over=False,
    ),
    Rule(
        "outbox",
        "Rows wait for the database",
        "Messages are answered all the same. Look at /readyz and bring the database back; the rows follow by "
        "themselves.",
        _outbox,
        urgent=False,
    ),
    Rule(
        "contacts",
        "Contacts have to be checked",
        "Ring or open each of them, then note the date at the contact.",
        _contacts,
        urgent=False,
        repeat=_DAY,
        says_over=False,
    ),
    Rule(
        "hot_state",
        "The short memory does not work as it should",
        "Messages are answered, perhaps twice. Do what the sentence says; docs/operations.md has a table.",
        _hot_state,
        urgent=False,
        repeat=_DAY,
    ),
    Rule(
        "parts",
        "A part of the line does not work",
        "Messages are answered. Look at /readyz and do what the sentence says.",
        _other_parts,
        urgent=False,
    ),
    Rule(
        "loops",
        "A machine texts the line",
        "Nothing at once: it gets one answer in five minutes. If it goes on, find the message in the log and block the "
        "number at the provider.",
        _loops,
        urgent=False,
        over_after=6 * _HOUR,
        repeat=_DAY,
        says_over=False,
    ),
    Rule(
        "emergencies",
        "Somebody asks for emergency help again and again",
        "Tell the safeguarding lead now. Who it is cannot be seen here; the lead decides whether a hold is placed.",
        _emergencies,
        repeat=_HOUR,
        over_after=_HOUR,
        says_over=False,
    ),
    Rule(
        "unanswered",
        "Somebody in danger may have texted from a house phone",
        "Tell the safeguarding lead now. A text back would be read aloud to whoever picks up, so none was sent. Only "
        "the provider's own message log has the number; the lead decides whether to look there and who rings.",
        _unanswered,
        repeat=_HOUR,
        over_after=_HOUR,
        says_over=False,
    ),
    Rule(
        "pictures",
        "A picture was sent to the line",
        "Open nothing. Tell the safeguarding lead: the provider keeps pictures until they are deleted there.",
        _pictures,
        urgent=False,
        repeat=_DAY,
        over_after=_DAY,
        says_over=False,
    ),
)

_BY_NAME: Final = {rule.name: rule for rule in RULES}


def rule_of(name: str) -> Rule | None:
    """Give the rule of a name."""
    return _BY_NAME.get(name)


def judge(situation: Situation) -> list[Alert]:
    """Give every rule that is true, with what is to be said; one sentence each."""
    judged = ((rule, rule.judge(situation)) for rule in RULES)
    return [Alert(rule, sentence) for rule, sentence in judged if sentence is not None]
