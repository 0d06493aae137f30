"""Messages that were not understood, redacted, and one click to make one a sentence or a keyword of a reply."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.errors import BadEdit, NotFound
from sms_service.core.publishing.records import Draft
from sms_service.core.reply_book import SYSTEM_REPLIES
from sms_service.core.understanding.free_text import HARMLESS
from sms_service.service.access import Role, current_person, in_menu, open_to
from sms_service.service.publishing.publishing import Publishing
from sms_service.service.unmatched import Unmatched
from sms_service.service.unmatched_ports import UnmatchedMessage
from sms_service.staff.kit.row_numbers import row_number

PAGE: Final = 20
LONGEST: Final = 500
NEW_DRAFT: Final = "new"
_TITLE: Final = "Learned from messages that were not understood"
_EVERYDAY: Final = "Everyday message: needs no help"
_BAD: Final = 422


def learning_blueprint(publishing: Publishing, unmatched: Unmatched | None) -> Blueprint:
    """Give the page at ``/learn``.

    Args:
        publishing: Has the drafts and the replies.
        unmatched: The messages; None on a line that keeps none.
    """
    blueprint = Blueprint("learning", __name__, template_folder=str(Path(__file__).parent / "templates"))

    @blueprint.get("/learn")
    @in_menu("Not understood", order=33, about="Messages for which the line had no reply, where that is switched on.")
    @open_to(Role.EDITOR, Role.APPROVER)
    def home() -> str:
        return _page(publishing, unmatched)

    @blueprint.post("/learn/<unmatched_id>")
    @open_to(Role.EDITOR)
    def learn(unmatched_id: str) -> ResponseReturnValue:
        if unmatched is None or not unmatched.is_on:
            return _page(publishing, unmatched), _BAD
        try:
            flash(_dealt_with(publishing, unmatched, unmatched_id), "success")
        except BadEdit as error:
            field = "words" if request.form.get("reply") else "reply"
            return _page(publishing, unmatched, {f"{field}-{unmatched_id}": [error.sentence]}), _BAD
        except NotFound as error:
            flash(error.sentence, "important")
        return redirect(url_for("learning.home"), 303)

    return blueprint


def _dealt_with(publishing: Publishing, unmatched: Unmatched, unmatched_id: str) -> str:
    """Do what was asked with one message; give what was done, in words.

    Raises:
        BadEdit: When it cannot be learned as it stands.
        NotFound: When somebody else has dealt with it.
    """
    person, do = current_person(), request.form.get("do", "")
    if do == "delete":
        unmatched.remove(person, unmatched_id)
        return "Deleted."
    words, reply = request.form.get("words", "").strip()[:LONGEST], request.form.get("reply", "")
    if not reply:
        raise BadEdit("Choose the reply that this message should get.")
    if not words:
        raise BadEdit("Leave the words that should lead to the reply.")
    if do == "keyword" and reply == HARMLESS:
        raise BadEdit("An everyday message has no keyword. Make it a sentence.")
    draft = _draft(publishing, request.form.get("draft", NEW_DRAFT))
    if do == "keyword":
        unmatched.make_keyword(person, unmatched_id, draft.draft_id, reply, words)
        return f"It is a keyword in draft {draft.draft_id} now. Look there what changes, and submit it."
    unmatched.make_example(person, unmatched_id, draft.draft_id, reply, words)
    return f"It is a sentence in draft {draft.draft_id} now. Look there what changes, and submit it."


def _draft(publishing: Publishing, chosen: str) -> Draft:
    number = row_number(chosen)
    return publishing.drafts.open(current_person(), _TITLE) if number is None else publishing.drafts.get(number)


def _page(publishing: Publishing, unmatched: Unmatched | None, errors: dict[str, list[str]] | None = None) -> str:
    is_on = unmatched is not None and unmatched.is_on
    before = _before(request.args.get("before", ""))
    found = unmatched.list(current_person(), before, PAGE + 1) if unmatched is not None else ()
    last = found[PAGE - 1] if len(found) > PAGE else None
    return render_template(
        "learning/page.html",
        is_on=is_on,
        days=unmatched.days if unmatched is not None else 0,
        messages=found[:PAGE],
        older="" if last is None else f"{last.at.isoformat()}|{last.unmatched_id}",
        drafts=publishing.drafts.list() if is_on else (),
        replies=_replies(publishing) if is_on else {},
        may_edit=current_person().may(Role.EDITOR),
        form={"errors": errors or {}},
        typed=request.form,
    )


def _replies(publishing: Publishing) -> dict[str, str]:
    """Give the replies that a message can lead to, by key, in order of title."""
    book = publishing.books.loaded(publishing.releases.live().tree).book
    replies = {} if book is None else {key: one.title for key, one in book.replies.items() if key not in SYSTEM_REPLIES}
    return {**dict(sorted(replies.items(), key=lambda item: item[1])), HARMLESS: _EVERYDAY}


def _before(typed: str) -> UnmatchedMessage | None:
    at, _, unmatched_id = typed.partition("|")
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        return None
    return UnmatchedMessage(unmatched_id, moment, "") if moment.tzinfo is not None else None
