"""What callers hear besides the replies, as a list in the order of a call; and whom key 0 rings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.calls.script import CallWords, dialled_number
from sms_service.core.calls.slots import CallSlot
from sms_service.core.checks import Complaint
from sms_service.core.publishing.errors import EditConflict
from sms_service.core.publishing.records import Draft
from sms_service.core.reply_book import DEFAULT_LANGUAGE, ContactKey, LanguageCode, ReplyBook
from sms_service.service.access import Role, open_to
from sms_service.staff.editing.call_words_page import SERVICE_FILE, complaints_about
from sms_service.staff.editing.calls_form import heading_of, places_of_call, put_through_edits, when_said
from sms_service.staff.editing.desk import Desk
from sms_service.staff.editing.saving import conflict_page, save_form
from sms_service.staff.kit.complaints import in_page_words

_MOVES: Final = {"up": -1, "down": 1}
_MOST_RUNG: Final = 5


@dataclass(frozen=True, slots=True)
class SpokenRow:
    """One place in a call, in the list.

    Attributes:
        slot: Which.
        heading: As people know it.
        when: When it is said.
        heard: What a caller hears, by language that has words of its own; English always.
        missing: Languages that are live and lack it.
        complaints: What the checker says of it.
    """

    slot: CallSlot
    heading: str
    when: str
    heard: dict[LanguageCode, str]
    missing: tuple[LanguageCode, ...]
    complaints: list[Complaint]

    @property
    def anchor(self) -> str:
        """For links to it within the page."""
        return f"{self.slot.room}-{self.slot.name}"


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/drafts/<int:draft_id>/calls")
    @open_to(Role.EDITOR)
    def calls(draft_id: int) -> str:
        draft = desk.draft(draft_id)
        seen = desk.publishing.drafts.fields(draft, SERVICE_FILE).seen
        book = desk.book(draft.tree).book
        return _list_page(desk, draft, list(book.service.call.put_through), seen)

    @blueprint.post("/drafts/<int:draft_id>/calls")
    @open_to(Role.EDITOR)
    def save_put_through(draft_id: int) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        book = desk.book(draft.tree).book
        keys = [key for key in dict.fromkeys(request.form.get("put_through", "").split(",")) if key in book.contacts]
        seen, asked = request.form.get("seen", ""), request.form.get("do", "save")
        if asked != "save":
            _reorder(asked, keys, book)
            return _list_page(desk, draft, keys, seen, is_changed=True)
        if not keys:
            errors = {"put_through": ["Choose at least one number that key 0 rings"]}
            return _list_page(desk, draft, keys, seen, is_changed=True, errors=errors), 422
        here = url_for("replies.calls", draft_id=draft_id, _anchor="person")
        try:
            edits = put_through_edits(keys, desk.fields_of(SERVICE_FILE, seen))
            changed = save_form(desk, draft, SERVICE_FILE, edits)
        except EditConflict as conflict:
            return conflict_page(desk, draft, conflict, "Whom key 0 rings", here)
        if changed:
            flash("Saved in this draft. Callers hear it when the draft is published.", "success")
        return redirect(here, 303)


def _reorder(asked: str, keys: list[ContactKey], book: ReplyBook) -> None:
    """Do what a button asks for that does not save."""
    what, _, which = asked.partition(":")
    if what in _MOVES and which in keys:
        index = keys.index(which)
        other = index + _MOVES[what]
        if 0 <= other < len(keys):
            keys[index], keys[other] = keys[other], keys[index]
    elif what == "off" and which in keys:
        keys.remove(which)
    elif what == "on" and (added := request.form.get("add", "")) in book.contacts and added not in keys:
        keys.append(added)


def _list_page(
    desk: Desk,
    draft: Draft,
    keys: list[ContactKey],
    seen: str,
    *,
    is_changed: bool = False,
    errors: dict[str, list[str]] | None = None,
) -> str:
    opened = desk.book(draft.tree)
    book, words, complaints = opened.book, CallWords(opened.book), desk.complaints(draft.tree)

    def row(slot: CallSlot) -> SpokenRow:
        written = slot.written(book.service)
        return SpokenRow(
            slot=slot,
            heading=heading_of(slot, book),
            when=when_said(slot, book),
            heard={one: slot.heard(words, one) for one in dict.fromkeys((DEFAULT_LANGUAGE, *written))},
            missing=tuple(one for one in book.service.languages if one not in written and one != DEFAULT_LANGUAGE),
            complaints=complaints_about(slot, complaints, opened),
        )

    groups = [(anchor, heading, [row(slot) for slot in slots]) for anchor, heading, slots in places_of_call(book)]
    rung = [one for one in complaints if one.path[:3] == ("service", "call", "put_through")]
    return render_template(
        "editing/calls.html",
        bar=desk.bar(draft),
        groups=groups,
        keys=keys,
        seen=seen,
        is_changed=is_changed,
        form={"errors": errors or {}},
        names={key: f"{contact.name} ({contact.shown})" for key, contact in book.contacts.items()},
        addable={
            key: f"{contact.name}: {contact.shown}"
            for key, contact in book.contacts.items()
            if key not in keys and dialled_number(contact) is not None
        },
        most_rung=_MOST_RUNG,
        put_through_complaints=[in_page_words(one, opened.tokens, book) for one in rung],
    )
