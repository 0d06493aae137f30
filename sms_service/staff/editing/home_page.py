"""The first page for editors: what is live, which changes are under way, and every reply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.book_words import PARTS
from sms_service.core.checks import Complaint
from sms_service.core.contact_upkeep import upkeep
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.errors import NotFound
from sms_service.core.publishing.field_edits import Fields
from sms_service.core.publishing.records import Draft
from sms_service.core.rendering import extreme_forms
from sms_service.core.reply_book import DEFAULT_LANGUAGE, SYSTEM_REPLIES, Danger, Reply, ReplyBook, ReplyKey
from sms_service.core.segments import count_segments
from sms_service.core.text_costs import price_words
from sms_service.service.access import Role, current_person, in_menu, open_to
from sms_service.staff.editing.desk import Desk, OpenBook
from sms_service.staff.editing.reply_form import form_of_fields, slot_id
from sms_service.staff.editing.reply_page import look_at, look_words, where_offered
from sms_service.staff.kit.row_numbers import row_number

LONGEST_TITLE: Final = 120

_GROUPS: Final = (
    ("danger", "For danger"),
    ("other", "For worries and questions"),
    ("system", "Sent by the line itself"),
)


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One reply in the list.

    Attributes:
        key: Its name.
        reply: The reply.
        group: Which heading it stands under.
        menu_number: Its number in the menu, or None.
        segments: Of the English text at its longest.
        price: Of that, in words.
        missing: Languages that are live and lack a text.
        is_changed: Whether this draft changes it.
        errors: How many things must be mended.
        sentences: How many example sentences lead to it.
    """

    key: ReplyKey
    reply: Reply
    group: str
    menu_number: int | None
    segments: int
    price: str
    missing: tuple[str, ...]
    is_changed: bool
    errors: int
    sentences: int


def rows_of(
    loaded: LoadedBook, book: ReplyBook, words: str, changed: tuple[str, ...], complaints: list[Complaint]
) -> list[ReplyRow]:
    """Give the rows that match some words: in title, name, keywords or any text."""
    menu = {key: number for number, key in enumerate(book.service.menu, 1)}
    rows = []
    for key, reply in book.replies.items():
        if not _matches(book, key, reply, words):
            continue
        text = reply.text.get(DEFAULT_LANGUAGE, "")
        segments = max(count_segments(form).segments for form in extreme_forms(text, DEFAULT_LANGUAGE, book.contacts))
        rows.append(
            ReplyRow(
                key=key,
                reply=reply,
                group=_group(key, reply),
                menu_number=menu.get(key),
                segments=segments,
                price=price_words(segments, book.service.pence_per_segment),
                missing=tuple(language for language in book.service.languages if language not in reply.text),
                is_changed=f"{key}.yaml" in changed or f"examples/{key}.txt" in changed,
                errors=sum(one.is_error and one.path[:2] == ("replies", key) for one in complaints),
                sentences=len(loaded.examples.get(key, ())),
            )
        )
    return sorted(rows, key=lambda row: (row.menu_number is None, row.menu_number or 0, row.reply.title))


def groups_of(rows: list[ReplyRow]) -> list[tuple[str, str, list[ReplyRow]]]:
    """Give the rows under their headings."""
    groups = [(name, heading, [row for row in rows if row.group == name]) for name, heading in _GROUPS]
    return [group for group in groups if group[2]]


def _group(key: ReplyKey, reply: Reply) -> str:
    if key in SYSTEM_REPLIES:
        return "system"
    return "other" if reply.danger is Danger.NONE else "danger"


def _matches(book: ReplyBook, key: ReplyKey, reply: Reply, words: str) -> bool:
    texts = [*reply.text.values(), *reply.again.values(), *reply.more.values(), *reply.spoken.values()]
    numbers = [
        f"{contact.name} {contact.shown}"
        for name, contact in book.contacts.items()
        if any(f"{{contact.{name}}}" in text for text in texts)
    ]
    everything = " ".join([key, reply.title, *reply.all_keywords, *texts, *numbers]).casefold()
    return all(word in everything for word in words.casefold().split())


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/replies")
    @in_menu("Replies", order=10, about="Read what the line says, and start a change.")
    @open_to(Role.EDITOR, Role.APPROVER)
    def home() -> ResponseReturnValue:
        return _home(desk)

    @blueprint.post("/replies/start")
    @open_to(Role.EDITOR)
    def start() -> ResponseReturnValue:
        reply, chosen = request.form.get("reply", ""), request.form.get("draft", "new")
        number = row_number(chosen)
        if number is not None:
            draft = desk.draft(number)
        else:
            title = " ".join(request.form.get("title", "").split())
            if not title:
                return _home(desk, {"title": ["Say in a few words what you want to change"]}), 422
            draft = desk.publishing.drafts.open(current_person(), title[:LONGEST_TITLE])
        if reply:
            return redirect(url_for("replies.edit", draft_id=draft.draft_id, key=reply), 303)
        contacts = request.form.get("to") == "contacts"
        page = "contacts.in_draft" if contacts else "replies.in_draft"
        return redirect(url_for(page, draft_id=draft.draft_id), 303)

    @blueprint.get("/replies/<key>")
    @open_to(Role.EDITOR, Role.APPROVER)
    def show(key: str) -> str:
        live = desk.publishing.releases.live()
        opened = desk.book(live.tree)
        if key not in opened.book.replies:
            raise NotFound(f"There is no reply {key}.")
        form = form_of_fields(_fields(opened.book.replies[key]), opened.book, opened.tokens)
        return render_template(
            "editing/reply_live.html",
            key=key,
            live=live,
            reply=opened.book.replies[key],
            replies={other: reply.title for other, reply in opened.book.replies.items()},
            drafts=_own_first(desk.publishing.drafts.list()),
            entry=form,
            parts=PARTS,
            slot_id=slot_id,
            price=opened.book.service.pence_per_segment,
            offered=where_offered(opened.book, key),
            may_edit=desk.may_edit(),
            **look_words(form, look_at(desk, opened, key, form)),
        )

    @blueprint.get("/drafts/<int:draft_id>/replies")
    @open_to(Role.EDITOR)
    def in_draft(draft_id: int) -> str:
        draft = desk.draft(draft_id)
        opened = desk.book(draft.tree)
        words = request.args.get("q", "")
        changed = desk.publishing.drafts.changed_files(draft)
        complaints = desk.complaints(draft.tree)
        rows = rows_of(opened.loaded, opened.book, words, changed, complaints)
        return render_template(
            "editing/draft_replies.html",
            bar=desk.bar(draft),
            words=words,
            groups=groups_of(rows),
            count=len(rows),
            unread=_unread(opened),
            changed=changed,
            harmless=len(opened.loaded.examples.get("harmless", ())),
        )


def _home(desk: Desk, errors: dict[str, list[str]] | None = None) -> str:
    live = desk.publishing.releases.live()
    opened = desk.book(live.tree)
    words = request.args.get("q", "")
    rows = rows_of(opened.loaded, opened.book, words, (), [])
    loud = [row for row in upkeep(opened.book.contacts, desk.today()) if row.upkeep.is_loud]
    return render_template(
        "editing/home.html",
        live=live,
        drafts=_own_first(desk.publishing.drafts.list()),
        loud=loud,
        words=words,
        groups=groups_of(rows),
        count=len(rows),
        may_edit=desk.may_edit(),
        form={"errors": errors or {}},
        typed=request.form.get("title", ""),
    )


def _own_first(drafts: tuple[Draft, ...]) -> list[Draft]:
    me = current_person()
    return sorted(
        drafts, key=lambda draft: not (draft.was_written_by(me) or draft.created_by.person_id == me.person_id)
    )


def _unread(opened: OpenBook) -> list[ReplyKey]:
    """Give the replies that are there but cannot be read, so that they can be opened and mended."""
    return [str(path[1]) for path in opened.loaded.unread if path[0] == "replies" and len(path) > 1]


def _fields(reply: Reply) -> Fields:
    """Give a live reply's fields as its file would."""
    return {
        "title": reply.title,
        "danger": reply.danger.value,
        "keywords": reply.keywords,
        "keywords_in": dict(reply.keywords_in),
        "follow": reply.follow,
        "text": dict(reply.text),
        "again": dict(reply.again),
        "more": dict(reply.more),
        "spoken": dict(reply.spoken),
    }
