"""Codes of the message log, as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sms_service.core.decisions import Outcome
from sms_service.core.events import Event, EventKind
from sms_service.core.senders import SenderKind
from sms_service.core.understanding.result import Stage

KIND_WORDS: Final = {
    EventKind.MESSAGE: "Message",
    EventKind.DELIVERY: "Delivery report",
    EventKind.REFUSAL: "Refused requests",
    EventKind.CALL_STEP: "Step of a call",
    EventKind.CANARY: "Canary",
    EventKind.REPEAT: "Asked again",
    EventKind.TRIAL: "A draft tried by staff",
}

OUTCOME_WORDS: Final = {
    "answered": "answered",
    "slowed": "asked to slow down",
    "silent_loop": "silent: a loop",
    "silent_opted_out": "silent: they texted STOP",
    "provider_answered": "answered by the provider",
    "silent_sender": "silent: no mobile phone",
    "failed": "fallback words: something broke",
}
"""Those of messages; steps of calls have their own, shown as they are."""

STAGE_WORDS: Final = {
    Stage.OPT_OUT: "a stop word",
    Stage.DANGER: "danger",
    Stage.KEYWORD: "a keyword",
    Stage.KEYWORD_INSIDE: "a keyword inside the message",
    Stage.OTHER_LANGUAGE: "a phrase of another language",
    Stage.TYPO: "a slip of the thumb",
    Stage.FREE_TEXT: "own words",
    Stage.NO_MATCH: "not understood: the menu",
}


SENDER_WORDS: Final[dict[str, str]] = {
    SenderKind.LANDLINE: "a house phone: a text back would be read aloud to whoever picks up",
    SenderKind.SERVICE_NUMBER: "a service number, which is nobody's phone",
    SenderKind.SHORT_CODE: "a short code, which is a machine",
    SenderKind.NAME: "a name, which cannot be texted",
    SenderKind.EMAIL: "an e-mail gateway",
    SenderKind.OWN_NUMBER: "our own number",
}


def why(message: Event) -> Sequence[tuple[str, str]]:
    """Say why a message got its reply: what was looked at, and what it gave."""
    told: list[tuple[str, str]] = []
    if message.stage is not None:
        known = {stage.value: words for stage, words in STAGE_WORDS.items()}
        told.append(("Understood by", known.get(message.stage, message.stage)))
    if message.score is not None:
        told.append(("How sure", f"{message.score:.0%}"))
    if message.runner_up is not None:
        told.append(("Nearly won", message.runner_up))
    if message.without_guessing is not None:
        told.append(("Keywords alone would have given", message.without_guessing))
    if message.danger_likely:
        added = message.reply is not None
        told.append(("Danger", f"was likely{', so the emergency numbers were added' if added else ''}"))
    if message.outcome == Outcome.SILENT_SENDER and message.refusal is not None:
        told.append(("Not answered because it came from", SENDER_WORDS.get(message.refusal, message.refusal)))
    if message.media_count:
        told.append(("Pictures", f"{message.media_count}; none was opened"))
    if message.degraded:
        told.append(("Did not work meanwhile", ", ".join(message.degraded).replace("_", " ")))
    return told
