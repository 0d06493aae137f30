"""The message log: filters in the address, so that every view can be sent on; live tail; a message's story; exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sms_service.core.decisions import Outcome
from sms_service.core.delivery import DeliveryReport, DeliveryStatus, error_words, final_state
from sms_service.core.events import Event, EventKind
from sms_service.core.export_rows import EXPORTS
from sms_service.core.log_filters import FilterComplaint, LogFilter, LogPlace, read_filter
from sms_service.core.messages import Channel
from sms_service.core.opening_hours import UK
from sms_service.core.understanding.result import Stage
from sms_service.ops.pages.log_words import KIND_WORDS, OUTCOME_WORDS, STAGE_WORDS, why
from sms_service.service.access import Role, current_person, in_menu, open_to
from sms_service.service.message_events import FAILED
from sms_service.service.monitoring import Monitoring, SenderUnknown
from sms_service.service.monitoring_ports import LogPage, SearchTooLong
from sms_service.service.release import CurrentRelease

_FIELDS: Final = (
    "kind", "first", "before", "outcome", "stage", "reply",
    "channel", "delivery", "error_code", "refusal", "message_id",
)  # fmt: skip
_PIECE_CHARACTERS: Final = 64 * 1024


def log_blueprint(monitoring: Monitoring, releases: CurrentRelease) -> Blueprint:
    """Give the pages under ``/log``."""
    blueprint = Blueprint("ops_log", __name__, template_folder=str(Path(__file__).parent / "templates"))

    @blueprint.get("/log")
    @in_menu("Message log", order=45, about="What became of each message. No numbers, no texts.")
    @open_to(Role.OPS)
    def show() -> str | tuple[str, int]:
        typed, wanted, complaints = _asked()
        sender_of = request.args.get("sender_of", "").strip()
        page, trouble = LogPage((), newer=False, older=False), None
        try:
            page = _page(monitoring, wanted, sender_of)
        except (SearchTooLong, SenderUnknown) as error:
            trouble = error.sentence
        facts = {
            "page": page,
            "trouble": trouble,
            "typed": typed,
            "complaints": complaints,
            "sender_of": sender_of,
            "live": request.args.get("live") == "1" and not sender_of,
            "at_newest": not page.newer,
            "link": _linker(typed, sender_of),
            "place": lambda row: LogPlace(row.at, row.event_id).written(),
            "outcome_words": OUTCOME_WORDS,
            "kind_words": KIND_WORDS,
            "state_words": _state_words,
            "stage_words": STAGE_WORDS,
        }
        if request.args.get("part") == "rows":
            return render_template("ops_log/rows.html", **facts)
        return render_template("ops_log/page.html", choices=_choices(releases), **facts), 400 if complaints else 200

    _add_story(blueprint, monitoring)
    _add_sender(blueprint, monitoring)
    _add_exports(blueprint, monitoring)
    return blueprint


def _add_story(blueprint: Blueprint, monitoring: Monitoring) -> None:
    @blueprint.get("/log/message/<message_id>")
    @open_to(Role.OPS)
    def show_story(message_id: str) -> str:
        rows = monitoring.story(message_id, current_person())
        if not rows:
            abort(404)
        message = next((row for row in rows if row.kind not in (EventKind.DELIVERY, EventKind.REPEAT)), None)
        reports = [row for row in rows if row.kind is EventKind.DELIVERY]
        state = final_state(DeliveryReport(DeliveryStatus.of(row.delivery_status), row.error_code) for row in reports)
        return render_template(
            "ops_log/story.html",
            message_id=message_id,
            message=message,
            why=why(message) if message is not None else (),
            reports=reports,
            steps=[row for row in rows if row.kind is EventKind.CALL_STEP],
            repeats=[row for row in rows if row.kind is EventKind.REPEAT],
            state=state,
            outcome_words=OUTCOME_WORDS,
            stage_words=STAGE_WORDS,
            error_words=error_words,
        )


def _add_sender(blueprint: Blueprint, monitoring: Monitoring) -> None:
    @blueprint.post("/log/sender")
    @open_to(Role.OPS)
    def find_sender() -> AnyResponse:
        # Posted, so that a pseudonym stands in no address and no browser history.
        wanted, complaints = read_filter({"pseudonym": request.form.get("pseudonym", "")}, UK)
        if complaints or wanted.pseudonym is None:
            abort(400)
        try:
            message_id = monitoring.message_of_sender(wanted.pseudonym)
        except SenderUnknown:
            abort(404)
        return redirect(url_for("ops_log.show", sender_of=message_id), 303)


def _add_exports(blueprint: Blueprint, monitoring: Monitoring) -> None:
    @blueprint.get("/log/export.<kind>")
    @open_to(Role.OPS)
    def export(kind: str) -> Response:
        if kind not in EXPORTS:
            abort(404)
        _, wanted, complaints = _asked()
        if complaints:
            abort(400)
        content_type, write = EXPORTS[kind]
        rows = monitoring.export(wanted, current_person())
        response = Response(_in_pieces(write(rows)), content_type=content_type)
        response.headers["Content-Disposition"] = f'attachment; filename="message-log.{kind}"'
        response.headers["Cache-Control"] = "no-store"
        return response


def _asked() -> tuple[Mapping[str, str], LogFilter, list[FilterComplaint]]:
    typed = {name: request.args.get(name, "").strip() for name in _FIELDS}
    return typed, *read_filter(typed, UK)


def _page(monitoring: Monitoring, wanted: LogFilter, sender_of: str) -> LogPage:
    older = LogPlace.read(request.args.get("older", ""))
    newer = LogPlace.read(request.args.get("newer", ""))
    if sender_of:
        return monitoring.page_of_sender(sender_of, wanted, current_person(), older_than=older, newer_than=newer)
    return monitoring.page(wanted, older_than=older, newer_than=newer)


def _linker(typed: Mapping[str, str], sender_of: str) -> Callable[..., str]:
    """Give what makes the template's links: they keep the filters."""
    kept: dict[str, Any] = {name: text for name, text in typed.items() if text}
    if sender_of:
        kept["sender_of"] = sender_of

    def link(endpoint: str = "ops_log.show", **more: str) -> str:
        return url_for(endpoint, **{**kept, **more})

    return link


def _choices(releases: CurrentRelease) -> Mapping[str, list[tuple[str, str]]]:
    release = releases.current
    replies = sorted(release.book.replies) if release is not None else []
    return {
        "kind": [("", "Messages and calls"), *((kind.value, KIND_WORDS[kind]) for kind in EventKind), ("all", "All")],
        "outcome": [
            ("", "Any"),
            *((one, OUTCOME_WORDS.get(one, one)) for one in (*(each.value for each in Outcome), FAILED)),
        ],
        "stage": [("", "Any"), *((stage.value, STAGE_WORDS[stage]) for stage in Stage)],
        "reply": [("", "Any"), *((key, key) for key in replies)],
        "channel": [("", "Any"), *((channel.value, channel.value) for channel in Channel)],
        "delivery": [("", "Any"), *((one.value, one.value.replace("_", " ")) for one in DeliveryStatus)],
    }


def _state_words(row: Event) -> str:
    if row.delivery_status is None:
        return ""
    return final_state([DeliveryReport(DeliveryStatus.of(row.delivery_status), row.error_code)]).words


def _in_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Join short lines, so that a million of them are not a million packets."""
    held: list[str] = []
    length = 0
    for line in lines:
        held.append(line)
        length += len(line)
        if length >= _PIECE_CHARACTERS:
            yield "".join(held).encode()
            held, length = [], 0
    yield "".join(held).encode()
