"""The list of drafts; opening one and closing one."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.records import Draft, DraftStatus
from sms_service.service.access import Role, current_person, in_menu, open_to
from sms_service.staff.kit.row_numbers import row_number
from sms_service.staff.publishing.desk import READERS, Desk

LONGEST_TITLE: Final = 120
PAGE: Final = 25

_HEADINGS = (_TO_READ, _READY, _WAITING, _WRITTEN) = (
    "For you to read",
    "Approved: ready to publish",
    "Waiting for a colleague to read",
    "Being written",
)


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/drafts")
    @in_menu("Drafts", order=20, about="Changes that are being written, waiting to be read, or ready to publish.")
    @open_to(*READERS)
    def home() -> ResponseReturnValue:
        return _home(desk)

    @blueprint.get("/drafts/closed")
    @open_to(*READERS)
    def closed() -> str:
        before = row_number(request.args.get("before", ""))
        drafts = desk.publishing.drafts.list(over=True, before=before, most=PAGE + 1)
        return render_template("publishing/closed_drafts.html", drafts=drafts[:PAGE], has_more=len(drafts) > PAGE)

    @blueprint.post("/drafts")
    @open_to(Role.EDITOR)
    def start() -> ResponseReturnValue:
        title = " ".join(request.form.get("title", "").split())[:LONGEST_TITLE]
        if not title:
            return _home(desk, {"title": ["Say in a few words what you want to change"]}), 422
        draft = desk.publishing.drafts.open(current_person(), title)
        return redirect(url_for("replies.in_draft", draft_id=draft.draft_id), 303)

    @blueprint.get("/drafts/<int:draft_id>/discard")
    @open_to(Role.EDITOR)
    def ask_discard(draft_id: int) -> str:
        draft = desk.publishing.drafts.get(draft_id)
        changed = desk.publishing.drafts.changed_files(draft)
        return render_template("publishing/discard.html", draft=draft, changed=changed)

    @blueprint.post("/drafts/<int:draft_id>/discard")
    @open_to(Role.EDITOR)
    def discard(draft_id: int) -> ResponseReturnValue:
        draft = desk.publishing.drafts.discard(current_person(), draft_id)
        flash(f"Draft {draft.draft_id} is discarded. What is live did not change.", "success")
        return redirect(url_for("drafts.home"), 303)


def _home(desk: Desk, errors: dict[str, list[str]] | None = None) -> str:
    live = desk.publishing.releases.live()
    drafts = desk.publishing.drafts.list()
    return render_template(
        "publishing/drafts.html",
        live=live,
        groups=_groups(drafts),
        difference=desk.deploy_difference(),
        form={"errors": errors or {}},
        typed=request.form.get("title", ""),
    )


def _groups(drafts: tuple[Draft, ...]) -> list[tuple[str, list[Draft]]]:
    """Give the drafts by who has to do something: first what waits for this person."""
    groups: dict[str, list[Draft]] = {heading: [] for heading in _HEADINGS}
    for draft in drafts:
        groups[_heading(draft)].append(draft)
    return [(heading, found) for heading, found in groups.items() if found]


def _heading(draft: Draft) -> str:
    if draft.is_approved:
        return _READY
    if draft.status is not DraftStatus.IN_REVIEW:
        return _WRITTEN
    me = current_person()
    return _TO_READ if me.may(Role.APPROVER) and not draft.was_written_by(me) else _WAITING
