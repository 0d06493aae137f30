"""The sentences that people write when a reply is right: thousands of them, searched and paged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.errors import BadEdit, NotFound
from sms_service.core.publishing.records import Draft
from sms_service.core.publishing.sentence_lines import sentence_lines
from sms_service.service.access import Role, current_person, open_to
from sms_service.staff.editing.desk import Desk

HARMLESS: Final = "harmless"
"""Everyday messages that must not lead to a reply about worries."""

PAGE_SIZE: Final = 50
MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class SentencePage:
    """One page of the sentences that match some words; numbers of pages count from 1."""

    sentences: tuple[str, ...]
    number: int
    pages: int
    matching: int
    total: int


def page_of(sentences: list[str], words: str, number: int) -> SentencePage:
    """Give a page, newest sentences first: they were added at the end."""
    wanted = words.casefold().split()
    matching = [one for one in reversed(sentences) if all(word in one.casefold() for word in wanted)]
    pages = max(1, -(-len(matching) // PAGE_SIZE))
    number = min(max(number, 1), pages)
    shown = matching[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return SentencePage(tuple(shown), number, pages, len(matching), len(sentences))


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/drafts/<int:draft_id>/sentences/<label>")
    @open_to(Role.EDITOR)
    def sentences(draft_id: int, label: str) -> str:
        return _page(desk, desk.draft(draft_id), label, {})

    @blueprint.post("/drafts/<int:draft_id>/sentences/<label>/add")
    @open_to(Role.EDITOR)
    def add_sentences(draft_id: int, label: str) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        lines = [line.strip() for line in request.form.get("sentences", "").splitlines() if line.strip()]
        if not lines:
            return _page(desk, draft, label, {"sentences": ["Enter at least one sentence"]}), 422
        if len(lines) > MOST_AT_ONCE:
            return _page(desk, draft, label, {"sentences": [f"Enter {MOST_AT_ONCE} sentences or fewer at once"]}), 422
        before = len(_sentences(desk, draft, label))
        try:
            after = desk.publishing.drafts.add_examples(current_person(), draft_id, label, lines)
        except BadEdit as error:
            return _page(desk, draft, label, {"sentences": [error.sentence]}), 422
        added = len(_sentences(desk, after, label)) - before
        known = len(lines) - added
        flash(
            f"Added {added} sentence{'' if added == 1 else 's'} to this draft."
            + (f" {known} stood there already." if known else ""),
            "success",
        )
        return redirect(url_for("replies.sentences", draft_id=draft_id, label=label), 303)

    @blueprint.post("/drafts/<int:draft_id>/sentences/<label>/remove")
    @open_to(Role.EDITOR)
    def remove_sentences(draft_id: int, label: str) -> ResponseReturnValue:
        draft = desk.draft(draft_id)
        ticked = request.form.getlist("sentence")
        if not ticked:
            return _page(desk, draft, label, {"sentence-1": ["Tick the sentences to take out"]}), 422
        desk.publishing.drafts.remove_examples(current_person(), draft_id, label, ticked)
        flash(f"Took {len(ticked)} sentence{'' if len(ticked) == 1 else 's'} out of this draft.", "success")
        back = url_for("replies.sentences", draft_id=draft_id, label=label, q=request.form.get("q") or None)
        return redirect(back, 303)


def _sentences(desk: Desk, draft: Draft, label: str) -> list[str]:
    path = f"examples/{label}.txt"
    drafts = desk.publishing.drafts
    return sentence_lines(drafts.file(draft, path).text) if path in drafts.tree(draft) else []


def _page(desk: Desk, draft: Draft, label: str, errors: dict[str, list[str]]) -> str:
    opened = desk.book(draft.tree)
    reply = opened.book.replies.get(label)
    if reply is None and label != HARMLESS:
        raise NotFound(f"There is no reply {label} in this draft.")
    words = request.values.get("q", "")
    sentences = _sentences(desk, draft, label)
    return render_template(
        "editing/sentences.html",
        bar=desk.bar(draft),
        label=label,
        title=reply.title if reply else "Everyday messages",
        is_harmless=reply is None,
        words=words,
        page=page_of(sentences, words, request.args.get("page", 1, type=int)),
        made=max(0, len(opened.loaded.examples.get(label, ())) - len(sentences)),
        typed=request.form.get("sentences", "") if errors else "",
        form={"errors": errors},
    )
