"""The texts that must always get a certain reply: whoever changes the book is told when one of them does not."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.errors import BadEdit, NotFound
from sms_service.core.publishing.records import Draft
from sms_service.service.access import Role, current_person, open_to
from sms_service.staff.editing.desk import Desk


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/drafts/<int:draft_id>/replies/<key>/golden")
    @open_to(Role.EDITOR)
    def golden(draft_id: int, key: str) -> str:
        return _page(desk, desk.draft(draft_id), key, {})

    @blueprint.post("/drafts/<int:draft_id>/replies/<key>/golden")
    @open_to(Role.EDITOR)
    def add_golden(draft_id: int, key: str) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        text = " ".join(request.form.get("text", "").split())
        opened = desk.book(draft.tree)
        other = next((one.reply for one in opened.loaded.golden if one.text == text and one.reply != key), None)
        if not text:
            return _page(desk, draft, key, {"text": ["Enter a text"]}), 422
        if other is not None:
            title = opened.book.replies[other].title if other in opened.book.replies else other
            sentence = f"This text must get '{title}' now. Take it off that list first"
            return _page(desk, draft, key, {"text": [sentence]}), 422
        try:
            desk.publishing.drafts.add_golden(current_person(), draft_id, text, key)
        except BadEdit as error:
            return _page(desk, draft, key, {"text": [error.sentence]}), 422
        flash("Added. From now on every change is tried with this text.", "success")
        return redirect(url_for("replies.golden", draft_id=draft_id, key=key), 303)

    @blueprint.post("/drafts/<int:draft_id>/replies/<key>/golden/remove")
    @open_to(Role.EDITOR)
    def remove_golden(draft_id: int, key: str) -> ResponseReturnValue:
        desk.draft(draft_id)
        desk.publishing.drafts.remove_golden(current_person(), draft_id, request.form.get("text", ""))
        flash("Taken off the list in this draft.", "success")
        return redirect(url_for("replies.golden", draft_id=draft_id, key=key), 303)


def _page(desk: Desk, draft: Draft, key: str, errors: dict[str, list[str]]) -> str:
    opened = desk.book(draft.tree)
    if key not in opened.book.replies:
        raise NotFound(f"There is no reply {key} in this draft.")
    return render_template(
        "editing/golden.html",
        bar=desk.bar(draft),
        key=key,
        title=opened.book.replies[key].title,
        is_danger=opened.book.is_danger(key),
        texts=[one.text for one in opened.loaded.golden if one.reply == key],
        typed=request.form.get("text", "") if errors else "",
        form={"errors": errors},
    )
