"""Editing one contact, adding one, and taking one out that no reply shows any more."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.checks import Complaint
from sms_service.core.hours_words import DAY_NAMES
from sms_service.core.publishing.errors import BadEdit, EditConflict, NotFound
from sms_service.core.publishing.field_edits import FieldEdit, Fields
from sms_service.core.publishing.records import Draft
from sms_service.core.reply_book import ALL_HOURS_CONTACT, EMERGENCY_CONTACT, ContactKey
from sms_service.core.speech import say_contact
from sms_service.service.access import Role, current_person, open_to
from sms_service.staff.editing.contact_form import (
    ContactForm,
    contact_edits,
    contact_fields,
    contact_of_request,
    form_of_contact,
)
from sms_service.staff.editing.contacts_page import CONTACTS_FILE, users_of
from sms_service.staff.editing.desk import Desk, OpenBook
from sms_service.staff.editing.hours_form import time_id
from sms_service.staff.editing.new_reply_page import key_from
from sms_service.staff.editing.saving import conflict_page, save_form
from sms_service.staff.kit.complaints import in_page_words

_NEVER_REMOVED = frozenset({EMERGENCY_CONTACT, ALL_HOURS_CONTACT})


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    _add_editing(blueprint, desk)
    _add_new(blueprint, desk)
    _add_removing(blueprint, desk)


def _add_editing(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/drafts/<int:draft_id>/contacts/<key>")
    @open_to(Role.EDITOR)
    def edit(draft_id: int, key: str) -> str:
        draft = desk.draft(draft_id)
        file = desk.publishing.drafts.fields(draft, CONTACTS_FILE)
        return _page(desk, draft, key, form_of_contact(_of(file.fields, key)), file.seen)

    @blueprint.post("/drafts/<int:draft_id>/contacts/<key>")
    @open_to(Role.EDITOR)
    def save(draft_id: int, key: str) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        form, seen = contact_of_request(request.form), request.form.get("seen", "")
        if request.form.get("do") == "copy":
            form.hours.copy_monday()
            return _page(desk, draft, key, form, seen, is_changed=True)
        values = contact_fields(form)
        if form.errors:
            return _page(desk, draft, key, form, seen, is_changed=True), 422
        try:
            changed = save_form(desk, draft, CONTACTS_FILE, contact_edits(key, values))
        except EditConflict as conflict:
            action = url_for("contacts.save", draft_id=draft_id, key=key)
            return conflict_page(desk, draft, conflict, form.words["name"], action)
        except BadEdit as error:
            form.errors["form"] = [error.sentence]
            return _page(desk, draft, key, form, seen, is_changed=True), 422
        if changed:
            count = len(users_of(desk.book(draft.tree).book, key))
            where = f" It changes in {count} repl{'y' if count == 1 else 'ies'}, in the text and on the phone."
            flash(f"Saved in this draft.{where if count else ''}", "success")
        return redirect(url_for("contacts.edit", draft_id=draft_id, key=key), 303)


def _add_new(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/drafts/<int:draft_id>/new-contact")
    @open_to(Role.EDITOR)
    def new(draft_id: int) -> str:
        return _new_page(desk, desk.draft(draft_id), form_of_contact({}))

    @blueprint.post("/drafts/<int:draft_id>/new-contact")
    @open_to(Role.EDITOR)
    def add(draft_id: int) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        form = contact_of_request(request.form)
        if request.form.get("do") == "copy":
            form.hours.copy_monday()
            return _new_page(desk, draft, form)
        values = {name: value for name, value in contact_fields(form).items() if value is not None}
        file = desk.publishing.drafts.fields(draft, CONTACTS_FILE)
        key = _free_key(key_from(form.words["name"]), file.fields)
        if not form.errors and not key:
            form.errors["name"] = ["Enter a name that begins with a letter from A to Z"]
        if form.errors:
            return _new_page(desk, draft, form), 422
        try:
            edit = FieldEdit((key,), values)
            desk.publishing.drafts.save_fields(current_person(), draft_id, CONTACTS_FILE, file.seen, [edit])
        except BadEdit as error:
            form.errors["form"] = [error.sentence]
            return _new_page(desk, draft, form), 422
        flash("The contact is in this draft. You can choose it below any text now.", "success")
        return redirect(url_for("contacts.in_draft", draft_id=draft_id, _anchor=f"contact-{key}"), 303)


def _add_removing(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/drafts/<int:draft_id>/contacts/<key>/remove")
    @open_to(Role.EDITOR)
    def ask_remove(draft_id: int, key: str) -> str:
        draft = desk.draft(draft_id)
        opened = desk.book(draft.tree)
        fields = _of(desk.publishing.drafts.fields(draft, CONTACTS_FILE).fields, key)
        return render_template(
            "editing/remove_contact.html",
            bar=desk.bar(draft),
            key=key,
            name=form_of_contact(fields).words["name"] or key,
            used_in=users_of(opened.book, key),
            is_needed=key in _NEVER_REMOVED,
        )

    @blueprint.post("/drafts/<int:draft_id>/contacts/<key>/remove")
    @open_to(Role.EDITOR)
    def remove(draft_id: int, key: str) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        if key in _NEVER_REMOVED or users_of(desk.book(draft.tree).book, key):
            return redirect(url_for("contacts.ask_remove", draft_id=draft_id, key=key), 303)
        file = desk.publishing.drafts.fields(draft, CONTACTS_FILE)
        _of(file.fields, key)
        edit = FieldEdit((key,), None)
        desk.publishing.drafts.save_fields(current_person(), draft_id, CONTACTS_FILE, file.seen, [edit])
        flash("The contact is taken out of this draft.", "success")
        return redirect(url_for("contacts.in_draft", draft_id=draft_id), 303)


def _page(desk: Desk, draft: Draft, key: ContactKey, form: ContactForm, seen: str, *, is_changed: bool = False) -> str:
    opened = desk.book(draft.tree)
    contact = opened.book.contacts.get(key)
    complaints = [one for one in desk.complaints(draft.tree) if one.path[:2] == ("contacts", key)]
    return render_template(
        "editing/contact.html",
        bar=desk.bar(draft),
        key=key,
        entry=form,
        form=form,
        seen=seen,
        is_changed=is_changed,
        is_new=False,
        said=say_contact(contact, twice=True) if contact else "",
        used_in=users_of(opened.book, key),
        complaints=_by_field(complaints, opened),
        **_hours_words(),
    )


def _new_page(desk: Desk, draft: Draft, form: ContactForm) -> str:
    return render_template(
        "editing/contact.html",
        bar=desk.bar(draft),
        key="",
        entry=form,
        form=form,
        seen="",
        is_changed=bool(request.form),
        is_new=True,
        complaints={},
        **_hours_words(),
    )


def _hours_words() -> dict[str, object]:
    return {"day_names": DAY_NAMES, "time_id": time_id}


def _by_field(complaints: list[Complaint], opened: OpenBook) -> dict[str, list[Complaint]]:
    at: dict[str, list[Complaint]] = {}
    for complaint in complaints:
        name = str(complaint.path[2]) if len(complaint.path) > 2 else "form"  # noqa: PLR2004 - contacts, key, field
        name = f"{name}-day" if name in {"checked_on", "check_again_by"} else name
        at.setdefault(name, []).append(in_page_words(complaint, opened.tokens, opened.book))
    return at


def _of(fields: Fields, key: ContactKey) -> Fields:
    found = fields.get(key)
    if not isinstance(found, Mapping):
        raise NotFound(f"There is no contact {key} in this draft.")
    return found


def _free_key(key: ContactKey, fields: Fields) -> ContactKey:
    """Give a key that no other contact has: a second 'Team' becomes ``team_2``."""
    number, free = 2, key
    while key and free in fields:
        free, number = f"{key[:36]}_{number}", number + 1
    return free
