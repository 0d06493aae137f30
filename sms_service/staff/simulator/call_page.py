"""Ringing a book from a pretend phone: keys, words, silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sms_service.core.calls.script import dialled_number
from sms_service.core.reply_book import DEFAULT_LANGUAGE
from sms_service.service.access import Role, open_to
from sms_service.service.messaging import utc_now
from sms_service.service.release import Release
from sms_service.service.simulator import MOST_STEPS
from sms_service.service.trying_calls import CallTurn
from sms_service.staff.simulator.bench import Bench, Setting, moment_of, setting_of
from sms_service.staff.simulator.text_page import titles

LONGEST_SAID: Final = 500
KEYS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
_KEY_NAMES: Final = {"*": "star", "#": "hash"}
"""For screen readers, which pass over signs."""

_ANSWERED: Final = "+"


@dataclass(frozen=True, slots=True)
class TurnView:
    """One thing that the caller did, and what they heard, in words: ``spoken`` are pairs of a language and words."""

    did: str
    spoken: tuple[tuple[str, str], ...]
    rings: str | None
    texts: tuple[str, ...]
    language: str
    reply: str
    ends: bool


def add_to(blueprint: Blueprint, bench: Bench) -> None:
    """Add the routes."""

    @blueprint.get("/try/ring")
    @open_to(Role.EDITOR, Role.APPROVER, Role.OPS)
    def ringing() -> ResponseReturnValue:
        return _page(bench, setting_of(request.args), None)

    @blueprint.post("/try/ring")
    @open_to(Role.EDITOR, Role.APPROVER, Role.OPS)
    def ring() -> ResponseReturnValue:
        return _page(bench, setting_of(request.form), _steps(request.form.get("do", "ring")))


def _steps(do: str) -> list[str] | None:
    """Give what is done in the call, oldest first; None for no call."""
    if do == "hang-up":
        return None
    if do == "ring":
        return []
    before = [one[:LONGEST_SAID] for one in request.form.getlist("done")][:MOST_STEPS]
    if do == "show":
        return before if "in_call" in request.form else None
    if do.startswith("key:") and do[4:] in KEYS:
        return [*before, do[4:]]
    if do == "say":
        return [*before, request.form.get("said", "").strip()[:LONGEST_SAID]]
    return [*before, _ANSWERED if do == "answered" else ""]


def _page(bench: Bench, setting: Setting, done: list[str] | None) -> ResponseReturnValue:
    at = moment_of(setting, utc_now())
    release = bench.release(setting)
    named = titles(None if release is None else release.book)
    rung = _names_of_phones(release)
    turns = () if release is None or done is None else bench.simulator.rung(release, at, done)
    last = turns[-1].answer if turns else None
    page = render_template(
        "simulator/call.html",
        setting=setting,
        at=at,
        drafts=bench.drafts(),
        release=release,
        turns=[_view(turn, named, rung) for turn in turns],
        in_call=bool(turns),
        is_open=last is not None and not last.ends and len(turns) <= MOST_STEPS,
        rings=None if last is None else last.rings,
        done=(done or [])[: max(0, len(turns) - 1)],
        keys=KEYS,
        key_names=_KEY_NAMES,
        longest=LONGEST_SAID,
        form={"errors": setting.errors},
    )
    return page, 422 if setting.errors else 200


def _names_of_phones(release: Release | None) -> dict[str, str]:
    """Give whose phone a number is that the line may ring for a caller."""
    contacts = () if release is None else release.book.contacts.values()
    return {dialled: f"{one.name}, {one.number}" for one in contacts if (dialled := dialled_number(one)) is not None}


def _view(turn: CallTurn, named: Callable[[str], str], rung: Mapping[str, str]) -> TurnView:
    event = turn.event
    reply = named(event.reply) if event is not None and event.reply is not None else ""
    return TurnView(
        did=_did(turn.did),
        spoken=turn.answer.said,
        rings=None if turn.answer.rings is None else rung.get(turn.answer.rings, turn.answer.rings),
        texts=turn.texts,
        language=(event and event.language) or DEFAULT_LANGUAGE,
        reply=reply,
        ends=turn.answer.ends,
    )


def _did(did: str | None) -> str:
    if did is None:
        return "You ring the line."
    if did == "":
        return "You do nothing."
    if did == _ANSWERED:
        return "Somebody answers, talks and hangs up."
    return f"You press {_KEY_NAMES.get(did, did)}." if did in KEYS else f"You say: {did}"
