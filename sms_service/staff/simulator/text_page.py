"""Texting a book from a pretend phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sms_service.core.reply_book import ReplyBook
from sms_service.service.access import Role, in_menu, open_to
from sms_service.service.messaging import utc_now
from sms_service.service.simulator import MOST_TEXTS, SentText
from sms_service.staff.simulator.bench import Bench, Setting, moment_of, setting_of
from sms_service.staff.try_it.wording import explained

LONGEST_TEXT: Final = 1600
"""The provider's longest message."""

_PLAIN, _PICTURE = "t:", "p:"


def add_to(blueprint: Blueprint, bench: Bench) -> None:
    """Add the routes."""

    @blueprint.get("/try")
    @in_menu("Try it", order=30, about="Text the line or ring it here, as a young person would.")
    @open_to(Role.EDITOR, Role.APPROVER, Role.OPS)
    def texts() -> ResponseReturnValue:
        return _page(bench, setting_of(request.args), [])

    @blueprint.post("/try")
    @open_to(Role.EDITOR, Role.APPROVER, Role.OPS)
    def text() -> ResponseReturnValue:
        do = request.form.get("do", "send")
        sent = [] if do == "again" else _sent_before()
        if do == "send" and len(sent) < MOST_TEXTS:
            sent.append(SentText(_clean(request.form.get("text", "")), "picture" in request.form))
        return _page(bench, setting_of(request.form), sent)


def _page(bench: Bench, setting: Setting, sent: list[SentText]) -> ResponseReturnValue:
    at = moment_of(setting, utc_now())
    release = bench.release(setting)
    exchanges = [] if release is None else list(bench.simulator.texted(release, at, sent))
    named = titles(None if release is None else release.book)
    page = render_template(
        "simulator/texts.html",
        setting=setting,
        at=at,
        drafts=bench.drafts(),
        release=release,
        exchanges=[explained(exchange, named) for exchange in exchanges],
        sent=[(_PICTURE if one.with_picture else _PLAIN) + one.text for one in sent],
        is_full=len(sent) >= MOST_TEXTS,
        most=MOST_TEXTS,
        longest=LONGEST_TEXT,
        form={"errors": setting.errors},
    )
    return page, 422 if setting.errors else 200


def titles(book: ReplyBook | None) -> Callable[[str], str]:
    """Give what names a reply by its title; what has none keeps its key."""
    replies = {} if book is None else book.replies
    return lambda key: replies[key].title if key in replies else key


def _sent_before() -> list[SentText]:
    kept = [one for one in request.form.getlist("sent") if one.startswith((_PLAIN, _PICTURE))]
    return [SentText(_clean(one[len(_PLAIN) :]), one.startswith(_PICTURE)) for one in kept[:MOST_TEXTS]]


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n")[:LONGEST_TEXT]
