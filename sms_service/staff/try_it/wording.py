"""What the test page says about a reply, in words for staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sms_service.core.decisions import Outcome
from sms_service.core.reply_book import DEFAULT_LANGUAGE
from sms_service.core.understanding.result import Stage, Understanding
from sms_service.service.trying import Exchange

_STAGES: Final = {
    Stage.OPT_OUT: "Stop or start words, as the whole message",
    Stage.DANGER: "A sign of danger",
    Stage.KEYWORD: "The whole message is a keyword",
    Stage.KEYWORD_INSIDE: "A keyword in the message",
    Stage.OTHER_LANGUAGE: "A phrase of another language",
    Stage.TYPO: "A keyword with a slip of the thumb",
    Stage.FREE_TEXT: "Own words",
    Stage.NO_MATCH: "Nothing fits: the menu, with the emergency numbers",
}
_OUTCOMES: Final = {
    Outcome.ANSWERED.value: "Answered",
    Outcome.SLOWED.value: "Answered slowly: the same text came again and again",
    Outcome.SILENT_LOOP.value: (
        "No answer: this looks like a machine, or the same text too often. Danger is still answered."
    ),
    Outcome.SILENT_OPTED_OUT.value: "No answer: they asked us to stop, and have been told that we did.",
    Outcome.SILENT_SENDER.value: "No answer: the sender is no phone with a screen, or our own number.",
    Outcome.PROVIDER_ANSWERED.value: "No answer from us: the provider has already answered.",
}
_PARTS: Final = {"again": "what it says the second time", "more": "its second part"}


@dataclass(frozen=True, slots=True)
class ExplainedExchange:
    """One exchange as the page shows it: ``facts`` are pairs of a heading and one or more lines."""

    sent: str
    with_picture: bool
    received: tuple[str, ...]
    language: str
    outcome: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]


def explained(exchange: Exchange, named: Callable[[str], str] = str) -> ExplainedExchange:
    """Put an exchange into words; ``named`` gives the name of a reply from its key."""
    event = exchange.event
    outcome = _OUTCOMES.get(event.outcome or "", "Something broke: the fallback was sent.") if event else "Not recorded"
    facts: list[tuple[str, tuple[str, ...]]] = [("What happened", (outcome,))]
    if event is not None and event.reply is not None:
        part = _PARTS.get(event.part or "")
        reply = named(event.reply)
        facts.append(("Reply", (f"{reply} ({part})" if part else reply,)))
    if exchange.understanding is not None:
        facts += _reasons(exchange.understanding, named)
    if exchange.nearest:
        facts.append(
            ("Examples it is most like", tuple(f"'{near.sentence}' ({named(near.label)})" for near in exchange.nearest))
        )
    if exchange.received:
        facts.append(("Cost", (f"{exchange.segments} segment{'' if exchange.segments == 1 else 's'}",)))
    language = (event and event.language) or DEFAULT_LANGUAGE
    return ExplainedExchange(exchange.sent, exchange.with_picture, exchange.received, language, outcome, tuple(facts))


def _reasons(found: Understanding, named: Callable[[str], str]) -> list[tuple[str, tuple[str, ...]]]:
    facts: list[tuple[str, tuple[str, ...]]] = [
        ("How it was understood", (f"{_STAGES[found.stage]}.", found.reason)),
    ]
    if found.evidence:
        facts.append(("Words that decided", (", ".join(found.evidence),)))
    if found.runner_ups:
        nearly = tuple(
            f"{named(one.reply)} {one.score:.0%}" if one.score else named(one.reply) for one in found.runner_ups
        )
        facts.append(("Nearly", nearly))
    if found.without_guessing != found.reply:
        facts.append(("Without guessing", (named(found.without_guessing),)))
    if found.danger_likely:
        facts.append(("Danger is likely too", ("The emergency line stands before the reply.",)))
    return facts
