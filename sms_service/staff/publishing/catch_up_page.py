"""Another release went live meanwhile: take it into the draft, and choose where both changed the same."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.errors import Clash, EditConflict
from sms_service.core.publishing.records import Draft
from sms_service.service.access import Role, current_person, open_to
from sms_service.service.publishing.catching_up import Side
from sms_service.staff.kit.names import Names
from sms_service.staff.kit.words import words_of_value
from sms_service.staff.publishing.desk import Desk

_JOIN: Final = "|"
_CONFLICT: Final = 409


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the route."""

    @blueprint.post("/drafts/<int:draft_id>/catch-up")
    @open_to(Role.EDITOR)
    def catch_up(draft_id: int) -> ResponseReturnValue:
        try:
            desk.publishing.drafts.catch_up(current_person(), draft_id, _choices())
        except EditConflict as conflict:
            return _ask(desk, desk.publishing.drafts.get(draft_id), conflict.clashes), _CONFLICT
        flash("This draft now holds what is live, with your changes on it. Read it once more.", "success")
        return redirect(url_for("drafts.show", draft_id=draft_id), 303)


def _choices() -> dict[tuple[str, tuple[str, ...]], Side]:
    """Read which side was chosen for which clash; whatever is no choice is asked again."""
    choices = {}
    for name, side in request.form.items():
        kind, _, where = name.partition(_JOIN)
        if kind == "side" and side in set(Side):
            file, *field = where.split(_JOIN)
            choices[file, tuple(field)] = Side(side)
    return choices


def _ask(desk: Desk, draft: Draft, clashes: tuple[Clash, ...]) -> str:
    live = desk.publishing.releases.live()
    loaded = desk.publishing.books.loaded
    names = Names(loaded(live.tree).book, loaded(draft.tree).book)
    rows = [
        {
            "name": _JOIN.join(("side", clash.file, *clash.field)),
            "heading": f"{_title(names, clash)}: {names.field(_within(clash))}",
            "versions": [
                (when, names.shown(words_of_value(value, names.of_field(clash.field))))
                for when, value in (
                    ("When this draft began", clash.base),
                    ("Live now", clash.theirs),
                    ("This draft", clash.ours),
                )
            ],
        }
        for clash in clashes
    ]
    kept = {name: side for name, side in request.form.items() if name.startswith("side" + _JOIN)}
    return render_template("publishing/catch_up.html", draft=draft, live=live, rows=rows, kept=kept)


def _title(names: Names, clash: Clash) -> str:
    if clash.file == "contacts.yaml" and clash.field:
        return names.contact(clash.field[0])
    if clash.file == "service.yaml":
        return "What callers hear" if clash.field[:1] == ("call",) else "Settings of the line"
    return names.reply(clash.file.removesuffix(".yaml"))


def _within(clash: Clash) -> tuple[str, ...]:
    """Give the path within the reply or contact."""
    return clash.field[1:] if clash.file == "contacts.yaml" else clash.field
