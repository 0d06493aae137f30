"""Trying a draft from a real phone: which phones get its replies, and until when. No number is shown or kept."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.errors import BadEdit
from sms_service.core.publishing.trying_phones import HOURS
from sms_service.service.access import current_person, open_to
from sms_service.staff.kit.row_numbers import row_number
from sms_service.staff.publishing.desk import READERS, Desk


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    phones = desk.publishing.phones

    @blueprint.get("/drafts/<int:draft_id>/phones")
    @open_to(*READERS, fresh=True)
    def phones_of(draft_id: int) -> str:
        return _page(desk, draft_id)

    @blueprint.post("/drafts/<int:draft_id>/phones")
    @open_to(*READERS, fresh=True)
    def allow_phone(draft_id: int) -> ResponseReturnValue:
        hours = row_number(request.form.get("hours", "")) or 0
        try:
            phones.allow(current_person(), draft_id, request.form.get("mobile", "").strip()[:40], hours)
        except BadEdit as error:
            field = "mobile" if hours in HOURS else "hours"
            return _page(desk, draft_id, {field: [error.sentence]}), 422
        flash("That phone gets this draft from now on. Give it five seconds, then text the line.", "success")
        return redirect(url_for("drafts.phones_of", draft_id=draft_id), 303)

    @blueprint.post("/drafts/<int:draft_id>/phones/end")
    @open_to(*READERS)
    def end_phone(draft_id: int) -> ResponseReturnValue:
        phones.end(current_person(), request.form.get("phone", ""))
        flash("That phone gets what everybody gets again.", "success")
        return redirect(url_for("drafts.phones_of", draft_id=draft_id), 303)


def _page(desk: Desk, draft_id: int, errors: dict[str, list[str]] | None = None) -> str:
    draft = desk.publishing.drafts.get(draft_id)
    return render_template(
        "publishing/phones.html",
        draft=draft,
        phones=desk.publishing.phones.list(draft),
        why_not=desk.publishing.phones.why_not(draft),
        hours=HOURS,
        form={"errors": errors or {}},
        typed=request.form,
    )
