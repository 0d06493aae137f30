"""The settings of the line: its menu, languages, emergency line, price, and who answers STOP and HELP."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.book_words import LANGUAGES
from sms_service.core.checks.sheet import Sheet
from sms_service.core.checks.ways import menu_is_shown_as_it_is
from sms_service.core.publishing.errors import BadEdit, EditConflict
from sms_service.core.publishing.records import Draft
from sms_service.core.reply_book import DEFAULT_LANGUAGE
from sms_service.core.text_costs import price_words, text_cost
from sms_service.service.access import Role, open_to
from sms_service.staff.editing.desk import Desk, OpenBook
from sms_service.staff.editing.language_progress import languages_under_way
from sms_service.staff.editing.reply_page import contact_choices
from sms_service.staff.editing.saving import conflict_page, save_form
from sms_service.staff.editing.settings_form import (
    SettingsForm,
    form_of_settings,
    settings_edits,
    settings_of_request,
)
from sms_service.staff.kit.complaints import in_page_words, remark_of

SERVICE_FILE: Final = "service.yaml"
_MOVES: Final = {"up": -1, "down": 1}


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/drafts/<int:draft_id>/settings")
    @open_to(Role.EDITOR)
    def settings(draft_id: int) -> str:
        draft = desk.draft(draft_id)
        opened = desk.book(draft.tree)
        file = desk.publishing.drafts.fields(draft, SERVICE_FILE)
        return _page(desk, draft, opened, form_of_settings(file.fields, opened.book, opened.tokens), file.seen)

    @blueprint.post("/drafts/<int:draft_id>/settings")
    @open_to(Role.EDITOR)
    def save_settings(draft_id: int) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        opened = desk.book(draft.tree)
        form = settings_of_request(request.form, request.form.getlist("languages"), opened.book)
        seen, asked = request.form.get("seen", ""), request.form.get("do", "save")
        if asked != "save":
            _do(asked, form, opened)
            return _page(desk, draft, opened, form, seen, is_changed=True)
        edits = settings_edits(form, desk.fields_of(SERVICE_FILE, seen), opened.tokens)
        if form.errors:
            return _page(desk, draft, opened, form, seen, is_changed=True), 422
        here = url_for("replies.settings", draft_id=draft_id)
        try:
            changed = save_form(desk, draft, SERVICE_FILE, edits)
        except EditConflict as conflict:
            return conflict_page(desk, draft, conflict, "Settings of the line", here)
        except BadEdit as error:
            form.errors["form"] = [error.sentence]
            return _page(desk, draft, opened, form, seen, is_changed=True), 422
        if changed:
            flash("Saved in this draft. The line goes on as before until the draft is published.", "success")
        return redirect(here, 303)


def _do(asked: str, form: SettingsForm, opened: OpenBook) -> None:
    """Do what a button asks for that does not save."""
    what, _, which = asked.partition(":")
    if what in _MOVES and which in form.menu:
        form.move(form.menu.index(which), _MOVES[what])
    elif what == "off" and which in form.menu:
        form.menu.remove(which)
    elif what == "on" and request.form.get("menu_add", "") in opened.book.replies:
        added = request.form["menu_add"]
        form.menu = [*(key for key in form.menu if key != added), added]
    elif what == "language":
        form.begin_language(request.form.get("new_language", ""))
    elif what == "insert" and request.form.get(f"contact-{which}", "") in opened.book.contacts:
        code = which.removeprefix("emergency_line-")
        text = form.emergency_line.get(code, "").rstrip()
        form.emergency_line[code] = f"{text} {opened.tokens.token(request.form[f'contact-{which}'])}".strip()


def _page(
    desk: Desk, draft: Draft, opened: OpenBook, form: SettingsForm, seen: str, *, is_changed: bool = False
) -> str:
    book = opened.book
    costs = {
        code: text_cost(opened.tokens.taken(text), code, book.contacts) for code, text in form.emergency_line.items()
    }
    of_service = [one for one in desk.complaints(draft.tree) if one.path[:1] == ("service",)]
    complaints = [one for one in of_service if one.path[1:2] != ("call",)]  # those stand beside the words of a call
    sheet = Sheet(book, opened.loaded.places)
    return render_template(
        "editing/settings.html",
        bar=desk.bar(draft),
        entry=form,
        form=form,
        seen=seen,
        is_changed=is_changed,
        titles={key: reply.title for key, reply in book.replies.items()},
        shown_in=[(key, book.replies[key].title) for key in ("help", "no_match") if key in book.replies],
        languages=LANGUAGES,
        default=DEFAULT_LANGUAGE,
        progress=languages_under_way(book),
        menu_remarks=[remark_of(one, book, draft.draft_id) for one in menu_is_shown_as_it_is(sheet)],
        contacts=contact_choices(desk, opened),
        costs=costs,
        price=lambda segments: price_words(segments, book.service.pence_per_segment),
        complaints=[in_page_words(one, opened.tokens, book) for one in complaints],
    )
