"""Editing one reply: the form, the look at it while it is typed, and where it is offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.book_words import PARTS, language_name
from sms_service.core.checks import Complaint
from sms_service.core.contact_upkeep import upkeep_of
from sms_service.core.publishing.errors import BadEdit, EditConflict, NotFound
from sms_service.core.publishing.field_edits import Fields
from sms_service.core.publishing.records import Draft
from sms_service.core.rendering import Part
from sms_service.core.reply_book import SYSTEM_REPLIES, ReplyBook, ReplyKey
from sms_service.service.access import Role, open_to
from sms_service.service.publishing.text_preview import ReplyPreview, preview_reply
from sms_service.staff.editing.desk import Desk, OpenBook
from sms_service.staff.editing.reply_form import (
    ReplyForm,
    edits_of,
    form_of_fields,
    form_of_request,
    reply_of,
    slot_id,
    validate,
)
from sms_service.staff.editing.saving import conflict_page, save_form
from sms_service.staff.kit.complaints import field_of_reply, in_page_words

LOOK: Final = "look"
"""What htmx asks for while somebody types. Sent without htmx (after logging in again, say), it gives the whole page."""

_INSERT: Final = "insert:"


@dataclass(frozen=True, slots=True)
class WhereOffered:
    """Where young people meet a reply.

    Attributes:
        menu_number: Its number in the menu, or None.
        offered_by: Replies that offer it next: key and title.
        is_system: Whether the line itself sends it, for example when nothing fits.
    """

    menu_number: int | None
    offered_by: tuple[tuple[ReplyKey, str], ...]
    is_system: bool


def where_offered(book: ReplyBook, key: ReplyKey) -> WhereOffered:
    """Find out where a reply is offered."""
    menu = book.service.menu
    return WhereOffered(
        menu_number=menu.index(key) + 1 if key in menu else None,
        offered_by=tuple((other, reply.title) for other, reply in book.replies.items() if key in reply.follow),
        is_system=key in SYSTEM_REPLIES,
    )


def look_at(desk: Desk, opened: OpenBook, key: ReplyKey, form: ReplyForm) -> ReplyPreview:
    """Look at a reply as the form describes it; what the checker says comes in the words of the pages."""
    reply = reply_of(form, opened.tokens)
    seen = preview_reply(opened.book, key, reply, opened.loaded.places, desk.now(), desk.bank_holidays)
    worded = tuple(in_page_words(complaint, opened.tokens, opened.book) for complaint in seen.complaints)
    return replace(seen, complaints=worded)


def look_words(form: ReplyForm, look: ReplyPreview) -> dict[str, Any]:
    """Give what the templates show of a look: the complaints by the id of their field, and the dearest text."""
    at: dict[str, list[Complaint]] = {}
    for complaint in look.complaints:
        at.setdefault(_field_id(complaint, form), []).append(complaint)
    costs = [
        shown.count.segments
        for (part, _), text in look.texts.items()
        if part is not Part.SPOKEN
        for shown in (text.open_form, text.shut_form)
        if shown is not None
    ]
    return {
        "look": look,
        "complaints": at,
        "errors_count": sum(complaint.is_error for complaint in look.complaints),
        "warnings_count": sum(not complaint.is_error for complaint in look.complaints),
        "most_segments": max(costs, default=0),
    }


def contact_choices(desk: Desk, opened: OpenBook) -> list[dict[str, str]]:
    """Give the contacts to pick from: key, token and a line that says which it is."""
    today = desk.today()
    return [
        {
            "key": key,
            "token": opened.tokens.token(key),
            "words": f"{contact.name}: {contact.shown}"
            + (" (not checked lately)" if upkeep_of(contact, today).is_loud else ""),
        }
        for key, contact in opened.book.contacts.items()
    ]


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/drafts/<int:draft_id>/replies/<key>")
    @open_to(Role.EDITOR)
    def edit(draft_id: int, key: str) -> ResponseReturnValue:
        draft, opened = _opened(desk, draft_id, key)
        fields = desk.publishing.drafts.fields(draft, f"{key}.yaml")
        form = form_of_fields(fields.fields, opened.book, opened.tokens)
        return _page(desk, draft, opened, key, form, fields.seen)

    @blueprint.post("/drafts/<int:draft_id>/replies/<key>")
    @open_to(Role.EDITOR)
    def save(draft_id: int, key: str) -> ResponseReturnValue:
        draft, opened = _opened(desk, draft_id, key)
        form = form_of_request(request.form, opened.book)
        seen = request.form.get("seen", "")
        base = desk.fields_of(f"{key}.yaml", seen)
        asked = request.form.get("do", "save")
        if asked == LOOK and "HX-Request" in request.headers:
            validate(form, opened.tokens)
            return _look(desk, opened, key, form)
        if asked != "save":
            _do(asked, form, opened, request.form)
            return _page(desk, draft, opened, key, form, seen, is_changed=True)
        if not validate(form, opened.tokens):
            return _page(desk, draft, opened, key, form, seen, is_changed=True), 422
        return _saved(desk, draft, opened, key, form, base)

    def _saved(
        desk: Desk, draft: Draft, opened: OpenBook, key: str, form: ReplyForm, base: Fields
    ) -> ResponseReturnValue:
        here = url_for("replies.edit", draft_id=draft.draft_id, key=key)
        seen = request.form.get("seen", "")
        try:
            changed = save_form(desk, draft, f"{key}.yaml", edits_of(form, base, opened.tokens))
        except EditConflict as conflict:
            return conflict_page(desk, draft, conflict, form.title, here)
        except BadEdit as error:
            form.errors["form"] = [error.sentence]
            return _page(desk, draft, opened, key, form, seen, is_changed=True), 422
        if changed:
            errors = look_words(form, look_at(desk, opened, key, form))["errors_count"]
            more = f" {errors} to mend before it can go live: see below." if errors else ""
            flash(f"Saved in this draft. Nobody is texted it before it is published.{more}", "success")
        return redirect(here, 303)


def _opened(desk: Desk, draft_id: int, key: ReplyKey) -> tuple[Draft, OpenBook]:
    """Give a draft and its book, when there is such a reply in it, readable or not."""
    draft = desk.draft(draft_id)
    opened = desk.book(draft.tree)
    if key not in opened.book.replies and ("replies", key) not in opened.loaded.places.known:
        raise NotFound(f"There is no reply {key} in this draft.")
    return draft, opened


def _do(asked: str, form: ReplyForm, opened: OpenBook, sent: Mapping[str, str]) -> None:
    """Do what a button asks for that does not save: put a contact in, add a language, or only look."""
    if asked == "language":
        form.add_language(sent.get("new_language", ""))
    elif asked.startswith(_INSERT):
        name = asked.removeprefix(_INSERT)
        part, _, language = name.partition("-")
        contact = sent.get(f"contact-{name}", "")
        if part in set(Part) and language in form.languages and contact in opened.book.contacts:
            form.insert((Part(part), language), opened.tokens.token(contact))


def _look(desk: Desk, opened: OpenBook, key: ReplyKey, form: ReplyForm) -> str:
    return render_template(
        "editing/look.html",
        entry=form,
        parts=PARTS,
        slot_id=slot_id,
        price=opened.book.service.pence_per_segment,
        **look_words(form, look_at(desk, opened, key, form)),
    )


def _page(
    desk: Desk, draft: Draft, opened: OpenBook, key: str, form: ReplyForm, seen: str, *, is_changed: bool = False
) -> str:
    return render_template(
        "editing/reply.html",
        bar=desk.bar(draft),
        key=key,
        entry=form,
        form=form,  # for the word 'Error' in the page's title
        seen=seen,
        is_changed=is_changed,
        parts=PARTS,
        slot_id=slot_id,
        contacts=contact_choices(desk, opened),
        replies={other: reply.title for other, reply in opened.book.replies.items() if other != key},
        offered=where_offered(opened.book, key),
        live_languages=opened.book.service.languages,
        price=opened.book.service.pence_per_segment,
        sentences=len(opened.loaded.examples.get(key, ())),
        golden=sum(one.reply == key for one in opened.loaded.golden),
        **look_words(form, look_at(desk, opened, key, form)),
    )


def _field_id(complaint: Complaint, form: ReplyForm) -> str:
    """Give the id of the field that a complaint is about."""
    path = tuple(map(str, complaint.path[2:]))
    if len(path) == 1 and path[0] in set(Part):
        # A missing text is complained about at all texts of its part, by the name of the language.
        missing = next((one for one in form.languages if language_name(one) in complaint.what), form.languages[0])
        return slot_id(Part(path[0]), missing)
    return field_of_reply(path) or "form"
