"""Going live: an approved draft, or a wrong number that one person mends at once."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.errors import NotAllowed
from sms_service.core.publishing.records import Draft
from sms_service.service.access import current_person, open_to
from sms_service.staff.publishing.desk import READERS, Desk

LONGEST_NOTE: Final = 500


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.post("/drafts/<int:draft_id>/publish")
    @open_to(*READERS)
    def publish(draft_id: int) -> ResponseReturnValue:
        release = desk.publishing.releases.publish(current_person(), draft_id, _note())
        flash(f"Release {release.number} is published.", "success")
        return redirect(url_for("releases.show", number=release.number), 303)

    @blueprint.get("/drafts/<int:draft_id>/urgent")
    @open_to(*READERS)
    def urgent(draft_id: int) -> str:
        return _urgent_page(desk, desk.publishing.drafts.get(draft_id))

    @blueprint.post("/drafts/<int:draft_id>/urgent")
    @open_to(*READERS)
    def publish_urgent(draft_id: int) -> ResponseReturnValue:
        if not _note():
            errors = {"note": ["Say what was wrong, and how you know the right number"]}
            return _urgent_page(desk, desk.publishing.drafts.get(draft_id), errors), 422
        release = desk.publishing.releases.publish_urgent(current_person(), draft_id, _note())
        flash(f"Release {release.number} is published. Now ask a colleague to look at it.", "success")
        return redirect(url_for("releases.show", number=release.number), 303)


def _urgent_page(desk: Desk, draft: Draft, errors: dict[str, list[str]] | None = None) -> str:
    """Show what would go live by one person alone.

    Raises:
        NotAllowed: When it may not.
    """
    reasons = desk.publishing.trials.preview(draft).why_not_urgent
    if draft.status.is_over:
        reasons = (f"Draft {draft.draft_id} is {draft.status.value} already.",)
    if reasons:
        raise NotAllowed("\n".join(("This cannot go the urgent way.", *reasons)))
    sheet, names = desk.sheet(draft.base_tree, draft.tree)
    return render_template(
        "publishing/urgent.html",
        draft=draft,
        sheet=sheet,
        names=names,
        form={"errors": errors or {}},
        typed=request.form.get("note", ""),
    )


def _note() -> str:
    return request.form.get("note", "").replace("\r\n", "\n").strip()[:LONGEST_NOTE]
