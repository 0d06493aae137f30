"""The blueprints of the editing pages, and what they have in common."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sms_service.core.book_words import language_name
from sms_service.core.publishing.errors import NotAllowed, NotFound, PublishingError
from sms_service.service.publishing.publishing import Publishing
from sms_service.staff.editing import (
    call_words_page,
    calls_page,
    contact_page,
    contacts_page,
    golden_page,
    home_page,
    new_reply_page,
    reply_page,
    sentences_page,
    settings_page,
)
from sms_service.staff.editing.desk import Desk
from sms_service.staff.editing.words import UPKEEP_WORDS
from sms_service.staff.kit.error_pages import error_page
from sms_service.staff.kit.words import DANGER_WORDS, WHO_ANSWERS

_NOT_YOURS: Final = 403
_NOT_THERE: Final = 404
_CONFLICT: Final = 409
_NOT_NOW: Final = 503


def editing_blueprints(publishing: Publishing, bank_holidays: frozenset[dt.date]) -> tuple[Blueprint, ...]:
    """Give the pages of replies and those of contacts.

    Args:
        publishing: Drafts and releases.
        bank_holidays: Days off in England and Wales, for opening hours.
    """
    desk = Desk(publishing, bank_holidays)
    replies = _blueprint("replies")
    for page in (
        home_page,
        reply_page,
        new_reply_page,
        sentences_page,
        golden_page,
        settings_page,
        calls_page,
        call_words_page,
    ):
        page.add_to(replies, desk)
    contacts = _blueprint("contacts")
    for page in (contacts_page, contact_page):
        page.add_to(contacts, desk)
    return replies, contacts


def _blueprint(name: str) -> Blueprint:
    blueprint = Blueprint(name, __name__, template_folder=str(Path(__file__).parent / "templates"))
    blueprint.register_error_handler(PublishingError, _explained)
    blueprint.context_processor(
        lambda: {
            "language_name": language_name,
            "danger_words": DANGER_WORDS,
            "who_answers": WHO_ANSWERS,
            "upkeep_words": UPKEEP_WORDS,
        }
    )
    return blueprint


def _explained(error: PublishingError) -> ResponseReturnValue:
    """Say in words why something is not possible; the way back is on the page."""
    if isinstance(error, NotFound):
        return error_page(_NOT_THERE)
    if isinstance(error, NotAllowed):
        return error_page(_NOT_YOURS)
    status = _NOT_NOW if error.retry_helps else _CONFLICT
    return render_template("editing/problem.html", sentences=error.sentence.splitlines()), status
