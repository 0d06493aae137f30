"""When is something worth telling operators? Each condition gives the sentence that is said while it is true, or None.

A sentence holds counts and times, never a pseudonym, an id or a word of anybody.
"""

from __future__ import annotations

from typing import Final

from sms_service.core.delivery import BLOCKED_AT_PROVIDER, error_words
from sms_service.core.opening_hours import UK
from sms_service.core.situation import Situation

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
_CONTACTS_NAMED: Final = 5


def silence(now: Situation) -> str | None:
    """Nobody texts, where some usually do."""
    if now.messages == 0 and now.usual_messages >= USUAL_MESSAGES:
        return f"No message for two hours; usually there are about {now.usual_messages:.0f} at this time."
    return None


def canary(now: Situation) -> str | None:
    """The line's own test text got no or wrong words."""
    if now.canary_trouble is None:
        return None
    times = "" if now.canary_failures <= 1 else f" ({now.canary_failures} times in a row)"
    return f"{now.canary_trouble}{times}"


def errors(now: Situation) -> str | None:
    """Too many messages get only the fallback words."""
    failed, total = now.outcomes.get("failed", 0), sum(now.outcomes.values())
    if failed and failed >= max(1.0, _FAILED_SHARE * total):
        return f"{failed} of {total} messages got only the built-in or fallback words in the last 15 minutes."
    return None


def wrong_address(now: Situation) -> str | None:
    """The provider calls an address that we do not sign for."""
    if now.wrong_addresses:
        return "Requests that the provider really signed are refused: the address differs. Texts go unanswered."
    return None


def refused(now: Situation) -> str | None:
    """Many requests without a good signature: strangers, or a changed token."""
    forged = now.refused.get("forged", 0) + now.refused.get("unsigned", 0)
    return f"{forged} requests without a good signature in the last 15 minutes." if forged >= _MANY_REFUSED else None


def delivery(now: Situation) -> str | None:
    """Too many replies do not arrive."""
    lost = sum(now.lost.values())
    reports = lost + now.arrived
    if reports < _FEWEST_REPORTS or lost < _LOST_SHARE * reports:
        return None
    code, count = max(now.lost.items(), key=lambda item: item[1])
    why = f" Most often: {error_words(code)} ({code}), {count} times." if code else ""
    return f"{lost} of {reports} replies did not arrive in the last hour.{why}"


def blocked(now: Situation) -> str | None:
    """The provider keeps replies back because of an earlier STOP."""
    blocked = now.lost.get(BLOCKED_AT_PROVIDER, 0)
    stopped = _counted(blocked, "reply was", "replies were")
    return f"{stopped} blocked at the provider (21610) in the last hour." if blocked else None


def outbox(now: Situation) -> str | None:
    """Rows wait for SQL, many or for long."""
    if now.outbox_seconds > _OUTBOX_SECONDS or now.outbox_waiting > _OUTBOX_WAITING:
        minutes = now.outbox_seconds / 60
        return f"{now.outbox_waiting} rows wait for SQL on one host, the oldest for {minutes:.0f} minutes."
    return None


def contacts(now: Situation) -> str | None:
    """Contacts were not rung or opened by the day that was set."""
    if not now.overdue_contacts:
        return None
    names = ", ".join(sorted(now.overdue_contacts)[:_CONTACTS_NAMED])
    unnamed = len(now.overdue_contacts) - _CONTACTS_NAMED
    more = f" and {unnamed} more" if unnamed > 0 else ""
    return f"{len(now.overdue_contacts)} contacts had to be checked by now: {names}{more}."


def hot_state(now: Situation) -> str | None:
    """The short memory says what is wrong with it."""
    return now.parts.get("hot_state")


def other_parts(now: Situation) -> str | None:
    """Any other part says what is wrong with it."""
    others = {name: trouble for name, trouble in now.parts.items() if name != "hot_state"}
    return " ".join(others.values()) or None


def loops(now: Situation) -> str | None:
    """A machine texts the line."""
    loops = now.outcomes.get("silent_loop", 0)
    met = _counted(loops, "text of a loop was", "texts of a loop were")
    return f"{met} met with silence in the last 15 minutes." if loops else None


def emergencies(now: Situation) -> str | None:
    """One sender gets the emergency numbers again and again."""
    if not now.emergencies:
        return None
    told = "; ".join(f"{count} times, last at {last.astimezone(UK):%H:%M}" for count, last in now.emergencies[:5])
    return f"The same sender got the emergency numbers again and again within an hour: {told}."


def pictures(now: Situation) -> str | None:
    """Pictures came."""
    came = _counted(now.pictures, "message", "messages")
    return f"{came} with pictures in the last 15 minutes. None was opened." if now.pictures else None


def unanswered(now: Situation) -> str | None:
    """Danger was told by a phone that no text may go to."""
    texts = _counted(now.unanswered_dangers, "text of danger", "texts of danger")
    came = f"{texts} came from a house phone in the last 15 minutes and got no answer."
    return came if now.unanswered_dangers else None


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
