"""The words of one place in a call: each language with what a caller hears, and what the checker says, while typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.call_settings import PRESS
from sms_service.core.calls.script import CallWords
from sms_service.core.calls.slots import CallSlot, with_words
from sms_service.core.checks import Complaint, check_book
from sms_service.core.publishing.errors import BadEdit, EditConflict, NotFound
from sms_service.core.publishing.records import Draft
from sms_service.core.reply_book import DEFAULT_LANGUAGE, LanguageCode, ReplyBook
from sms_service.service.access import Role, open_to
from sms_service.staff.editing.calls_form import (
    CallForm,
    call_of_request,
    field_id,
    form_of_call,
    heading_of,
    places_of_call,
    slot_at,
    when_said,
)
from sms_service.staff.editing.desk import Desk, OpenBook
from sms_service.staff.editing.reply_page import LOOK, contact_choices
from sms_service.staff.editing.saving import conflict_page, save_form
from sms_service.staff.kit.complaints import in_page_words

SERVICE_FILE: Final = "service.yaml"


@dataclass(frozen=True, slots=True)
class SpokenLook:
    """The words in one language, looked at: ``heard`` are English ones where it has none of its own.

    English words that nobody wrote are built in.
    """

    field_id: str
    heard: str
    is_own: bool
    is_built_in: bool
    complaints: list[Complaint]


@dataclass(frozen=True, slots=True)
class CallLook:
    """One place in a call, looked at: by language, everything the checker says, and what it says of no language."""

    texts: dict[LanguageCode, SpokenLook]
    complaints: list[Complaint]
    of_all: list[Complaint]


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""
    address = "/drafts/<int:draft_id>/calls/<any(words, menu):room>/<name>"

    @blueprint.get(address)
    @open_to(Role.EDITOR)
    def call_words(draft_id: int, room: str, name: str) -> str:
        draft, opened, slot = _opened(desk, draft_id, room, name)
        file = desk.publishing.drafts.fields(draft, SERVICE_FILE)
        form = form_of_call(slot, file.fields, opened.book, opened.tokens)
        return _words_page(desk, draft, opened, form, file.seen)

    @blueprint.post(address)
    @open_to(Role.EDITOR)
    def save_call_words(draft_id: int, room: str, name: str) -> ResponseReturnValue:
        draft, opened, slot = _opened(desk, draft_id, room, name)
        form = call_of_request(slot, request.form)
        seen, asked = request.form.get("seen", ""), request.form.get("do", "save")
        edits = form.edits(opened.tokens)
        if asked == LOOK and "HX-Request" in request.headers:
            return render_template("editing/call_look.html", form=form, look=_look(desk, opened, form))
        if asked not in ("save", "next"):
            _insert(asked, form, opened)
            form.errors.clear()
            return _words_page(desk, draft, opened, form, seen, is_changed=True)
        if form.errors:
            return _words_page(desk, draft, opened, form, seen, is_changed=True), 422
        here = url_for("replies.call_words", draft_id=draft_id, room=room, name=name)
        try:
            changed = save_form(desk, draft, SERVICE_FILE, edits)
        except EditConflict as conflict:
            return conflict_page(desk, draft, conflict, heading_of(slot, opened.book), here)
        except BadEdit as error:
            form.errors["form"] = [error.sentence]
            return _words_page(desk, draft, opened, form, seen, is_changed=True), 422
        if changed:
            errors = sum(one.is_error for one in _look(desk, opened, form).complaints)
            more = f" {errors} to mend before it can go live." if errors else ""
            flash(f"Saved in this draft. Callers hear it when the draft is published.{more}", "success")
        after = _next(opened.book, slot) if asked == "next" else None
        if after is not None:
            here = url_for("replies.call_words", draft_id=draft_id, room=after.room, name=after.name)
        return redirect(here, 303)


def _opened(desk: Desk, draft_id: int, room: str, name: str) -> tuple[Draft, OpenBook, CallSlot]:
    draft = desk.draft(draft_id)
    opened = desk.book(draft.tree)
    slot = slot_at(room, name, opened.book)
    if slot is None:
        raise NotFound(f"A call says nothing called {name}.")
    return draft, opened, slot


def _next(book: ReplyBook, slot: CallSlot) -> CallSlot | None:
    """Give the place after one, None after the last."""
    everything = [one for _, _, slots in places_of_call(book) for one in slots]
    index = everything.index(slot) + 1
    return everything[index] if index < len(everything) else None


def _insert(asked: str, form: CallForm, opened: OpenBook) -> None:
    """Put a contact at the end of the words that a button belongs to."""
    name = asked.removeprefix("insert:")
    language = name.rpartition("-")[2]
    contact = request.form.get(f"contact-{name}", "")
    if language in form.texts and contact in opened.book.contacts:
        form.texts[language] = f"{form.texts[language].rstrip()} {opened.tokens.token(contact)}".strip()


def complaints_about(
    slot: CallSlot, complaints: Sequence[Complaint], opened: OpenBook, book: ReplyBook | None = None
) -> list[Complaint]:
    """Give what the checker says of one place in a call, in the words of the pages."""
    path = ("service", *slot.path)
    own = [one for one in complaints if tuple(map(str, one.path[: len(path)])) == path]
    return [in_page_words(one, opened.tokens, book or opened.book) for one in own]


def _words_page(
    desk: Desk, draft: Draft, opened: OpenBook, form: CallForm, seen: str, *, is_changed: bool = False
) -> str:
    return render_template(
        "editing/call_words.html",
        bar=desk.bar(draft),
        slot=form.slot,
        heading=heading_of(form.slot, opened.book),
        when=when_said(form.slot, opened.book),
        form=form,
        seen=seen,
        is_changed=is_changed,
        contacts=contact_choices(desk, opened),
        has_next=_next(opened.book, form.slot) is not None,
        without_voice=[one for one in form.texts if one not in PRESS],
        live_languages=opened.book.service.languages,
        look=_look(desk, opened, form),
    )


def _look(desk: Desk, opened: OpenBook, form: CallForm) -> CallLook:
    """Look at the words as they stand in the form: what a caller hears, and what the checker says of them."""
    book = with_words(opened.book, form.slot, form.taken(opened.tokens))
    checked = check_book(book, opened.loaded.places, today=desk.today())
    complaints = complaints_about(form.slot, checked, opened, book)
    at: dict[str, list[Complaint]] = {}
    for one in complaints:
        at.setdefault("-".join(map(str, one.path[1:])), []).append(one)
    words = CallWords(book)
    written = form.slot.written(book.service)
    texts = {
        language: SpokenLook(
            field_id=(name := field_id(form.slot, language)),
            heard=form.slot.heard(words, language),
            is_own=language in written or language == DEFAULT_LANGUAGE,
            is_built_in=language == DEFAULT_LANGUAGE and language not in written,
            complaints=at.get(name, []),
        )
        for language in form.texts
    }
    return CallLook(texts, complaints, at.get("-".join(form.slot.path), []))
