"""The blueprints of the pages of publishing, and what they have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.errors import NotAllowed, NotFound, PublishingError
from sms_service.service.publishing.publishing import Publishing
from sms_service.service.release import CurrentRelease
from sms_service.staff.kit.error_pages import error_page
from sms_service.staff.publishing import (
    book_page,
    catch_up_page,
    draft_page,
    drafts_page,
    history_page,
    phones_page,
    publish_page,
    release_page,
    releases_page,
    restore_page,
)
from sms_service.staff.publishing.desk import Desk
from sms_service.staff.publishing.words import KIND_WORDS

_FORBIDDEN: Final = 403
_NOT_FOUND: Final = 404
_CONFLICT: Final = 409
_NOT_NOW: Final = 503


def publishing_blueprints(publishing: Publishing, releases: CurrentRelease) -> tuple[Blueprint, ...]:
    """Give the pages of drafts, releases, whole books and the history.

    Args:
        publishing: The stories.
        releases: What answers in this process.
    """
    desk = Desk(publishing, releases)
    drafts = _blueprint("drafts", desk)
    for page in (drafts_page, draft_page, catch_up_page, publish_page, phones_page):
        page.add_to(drafts, desk)
    published = _blueprint("releases", desk)
    for other in (releases_page, release_page, restore_page):
        other.add_to(published, desk)
    books = _blueprint("books", desk)
    book_page.add_to(books, desk)
    history = _blueprint("history", desk)
    history_page.add_to(history, desk)
    return drafts, published, books, history


def _blueprint(name: str, desk: Desk) -> Blueprint:
    blueprint = Blueprint(name, __name__, template_folder=str(Path(__file__).parent / "templates"))
    blueprint.register_error_handler(PublishingError, _explained)
    blueprint.context_processor(
        lambda: {
            "kind_words": KIND_WORDS,
            "waiting_releases": desk.waiting,
        }
    )
    return blueprint


def _explained(error: PublishingError) -> ResponseReturnValue:
    """Say in words why something was not done."""
    if isinstance(error, NotFound):
        return error_page(_NOT_FOUND)
    status = _CONFLICT
    if isinstance(error, NotAllowed):
        status = _FORBIDDEN
    elif error.retry_helps:
        status = _NOT_NOW
    return render_template("publishing/problem.html", sentences=error.sentence.splitlines()), status
