"""The contact directory: who is in it, who was rung lately, and which replies show whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.contact_upkeep import CHECK_AGAIN_DAYS, ContactUpkeep, upkeep
from sms_service.core.hours_words import hours_words
from sms_service.core.opening_hours import Openness, openness
from sms_service.core.publishing.book_changes import where_else_used, where_used
from sms_service.core.publishing.errors import EditConflict, NotFound
from sms_service.core.publishing.field_edits import FieldEdit
from sms_service.core.reply_book import ContactKey, ReplyBook
from sms_service.service.access import Role, current_person, in_menu, open_to
from sms_service.staff.editing.desk import Desk, OpenBook

CONTACTS_FILE = "contacts.yaml"


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact in the list.

    Attributes:
        state: The contact and how urgent it is to look at it.
        used_in: Keys and titles of the replies that show it.
        hours: In words.
        is_open: Whether somebody answers now; None when that is not known.
    """

    state: ContactUpkeep
    used_in: tuple[tuple[str, str], ...]
    hours: tuple[str, ...]
    is_open: bool | None


def users_of(book: ReplyBook, key: ContactKey) -> tuple[tuple[str, str], ...]:
    """Give the replies that show a contact, each with its title; emergency line and calls have no key."""
    replies = tuple((one, book.replies[one].title) for one in where_used(book, key))
    return (*replies, *(("", place) for place in where_else_used(book, key)))


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/contacts")
    @in_menu("Contacts", order=12, about="The numbers, web addresses and hours in replies, and who checked each when.")
    @open_to(Role.EDITOR, Role.APPROVER)
    def live() -> str:
        book = desk.publishing.releases.live()
        opened = desk.book(book.tree)
        return render_template(
            "editing/contacts.html",
            bar=None,
            live=book,
            rows=_rows(desk, opened),
            drafts=desk.publishing.drafts.list(),
            may_edit=desk.may_edit(),
        )

    @blueprint.get("/drafts/<int:draft_id>/contacts")
    @open_to(Role.EDITOR)
    def in_draft(draft_id: int) -> str:
        draft = desk.draft(draft_id)
        opened = desk.book(draft.tree)
        return render_template(
            "editing/contacts.html",
            bar=desk.bar(draft),
            rows=_rows(desk, opened),
            complaints=[one for one in desk.complaints(draft.tree) if one.is_error and one.path[:1] == ("contacts",)],
        )

    @blueprint.post("/drafts/<int:draft_id>/contacts/<key>/checked")
    @open_to(Role.EDITOR)
    def checked(draft_id: int, key: str) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        fields = desk.publishing.drafts.fields(draft, CONTACTS_FILE)
        if key not in fields.fields:
            raise NotFound(f"There is no contact {key} in this draft.")
        today, person = desk.today(), current_person()
        again = today + dt.timedelta(days=CHECK_AGAIN_DAYS)
        values = {"checked_by": person.name, "checked_on": today.isoformat(), "check_again_by": again.isoformat()}
        edits = [FieldEdit((key, name), value) for name, value in values.items()]
        try:
            desk.publishing.drafts.save_fields(person, draft_id, CONTACTS_FILE, fields.seen, edits)
        except EditConflict:
            flash("Somebody else has just noted that they checked it. Look at what they wrote.", "important")
        else:
            flash(f"Noted: checked by {person.name} today. Check it again by {again.day} {again:%B %Y}.", "success")
        return redirect(url_for("contacts.in_draft", draft_id=draft_id, _anchor=f"contact-{key}"), 303)


def _rows(desk: Desk, opened: OpenBook) -> list[ContactRow]:
    now = desk.now()
    rows = []
    for state in upkeep(opened.book.contacts, now.date()):
        answers = openness(state.contact, now, desk.bank_holidays)
        rows.append(
            ContactRow(
                state=state,
                used_in=users_of(opened.book, state.key),
                hours=hours_words(state.contact.hours),
                is_open=None if answers is Openness.UNKNOWN else answers is Openness.OPEN,
            )
        )
    return rows
