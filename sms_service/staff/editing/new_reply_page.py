"""Adding a reply, and taking one out that nothing leads to any more."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.errors import BadEdit, EditConflict, NotFound
from sms_service.core.publishing.field_edits import FieldValue
from sms_service.core.publishing.records import Draft
from sms_service.core.reply_book import LEAST_DANGER, SYSTEM_REPLIES, ReplyKey
from sms_service.service.access import Role, current_person, open_to
from sms_service.staff.editing.desk import Desk, OpenBook
from sms_service.staff.editing.reply_page import where_offered

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NOT_IN_A_KEY: Final = re.compile(r"[^a-z0-9]+")


def key_from(title: str) -> str:
    """Make a short name of a title: 'Meeting somebody' becomes ``meeting_somebody``; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    key = _NOT_IN_A_KEY.sub("_", plain).strip("_")[:40].rstrip("_")
    return key if _KEY.fullmatch(key) else ""


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _add_new(blueprint, desk)
    _add_removing(blueprint, desk)


def _add_new(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/drafts/<int:draft_id>/new-reply")
    @open_to(Role.EDITOR)
    def new(draft_id: int) -> str:
        return _form(desk, desk.draft(draft_id), {})

    @blueprint.post("/drafts/<int:draft_id>/new-reply")
    @open_to(Role.EDITOR)
    def add(draft_id: int) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        opened = desk.book(draft.tree)
        title, text = request.form.get("title", "").strip(), request.form.get("text", "").strip()
        key = request.form.get("key", "").strip().casefold() or key_from(title)
        errors = _errors(title, key, text, opened)
        if errors:
            return _form(desk, draft, errors), 422
        fields: dict[str, FieldValue] = {"title": title, "text": {"en": opened.tokens.taken(text)}}
        try:
            desk.publishing.drafts.add_reply(current_person(), draft_id, key, fields)
        except EditConflict:
            return _form(desk, draft, {"key": [f"There is a reply '{key}' already. Choose another short name"]}), 422
        except BadEdit as error:
            return _form(desk, draft, {"text": [error.sentence]}), 422
        flash("The reply is in this draft. Give it keywords or sentences, so that texts lead to it.", "success")
        return redirect(url_for("replies.edit", draft_id=draft_id, key=key), 303)


def _add_removing(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/drafts/<int:draft_id>/replies/<key>/remove")
    @open_to(Role.EDITOR)
    def ask_remove(draft_id: int, key: str) -> str:
        draft = desk.draft(draft_id)
        opened = desk.book(draft.tree)
        if f"{key}.yaml" not in desk.publishing.drafts.tree(draft):
            raise NotFound(f"There is no reply {key} in this draft.")
        reply = opened.book.replies.get(key)
        return render_template(
            "editing/remove_reply.html",
            bar=desk.bar(draft),
            key=key,
            title=reply.title if reply else key,
            reasons=_why_not_remove(opened, key),
            offered=where_offered(opened.book, key),
            sentences=len(opened.loaded.examples.get(key, ())),
            golden=sum(one.reply == key for one in opened.loaded.golden),
        )

    @blueprint.post("/drafts/<int:draft_id>/replies/<key>/remove")
    @open_to(Role.EDITOR)
    def remove(draft_id: int, key: str) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        opened = desk.book(draft.tree)
        if _why_not_remove(opened, key):
            return redirect(url_for("replies.ask_remove", draft_id=draft_id, key=key), 303)
        drafts, person = desk.publishing.drafts, current_person()
        for golden in opened.loaded.golden:
            if golden.reply == key:
                drafts.remove_golden(person, draft_id, golden.text)
        tree = drafts.tree(draft)
        for path in (f"{key}.yaml", f"examples/{key}.txt", f"examples/{key}.grammar"):
            if path in tree:
                drafts.save_file(person, draft_id, path, tree[path], None)
        flash("The reply is taken out of this draft. It stays live until the draft is published.", "success")
        return redirect(url_for("replies.in_draft", draft_id=draft_id), 303)


def _form(desk: Desk, draft: Draft, errors: dict[str, list[str]]) -> str:
    return render_template("editing/new_reply.html", bar=desk.bar(draft), typed=request.form, form={"errors": errors})


def _errors(title: str, key: str, text: str, opened: OpenBook) -> dict[str, list[str]]:
    errors = {}
    if not title:
        errors["title"] = ["Enter a title"]
    if not text:
        errors["text"] = ["Enter the English text"]
    if title and not _KEY.fullmatch(key):
        errors["key"] = ["Enter a short name of small letters, digits and _, such as new_phone"]
    elif key in opened.book.replies or key in {"contacts", "service", "golden", "harmless"}:
        errors["key"] = [f"'{key}' is taken already. Choose another short name"]
    return errors


def _why_not_remove(opened: OpenBook, key: ReplyKey) -> list[str]:
    if key in SYSTEM_REPLIES:
        return ["The line itself sends this reply. It can be reworded, but not taken out."]
    if key in LEAST_DANGER:
        return ["Messages about danger lead to this reply. It can be reworded, but not taken out."]
    offered = where_offered(opened.book, key)
    reasons = []
    if offered.menu_number is not None:
        reasons.append(f"It is number {offered.menu_number} of the menu. Take it off the menu first.")
    reasons += [f"'{title}' offers it next. Take it out there first." for _, title in offered.offered_by]
    return reasons
