"""Saving a form, and what its editor is asked when somebody else changed the same meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import flash, render_template, request
from werkzeug.datastructures import MultiDict

from sms_service.core.publishing.errors import Clash, EditConflict
from sms_service.core.publishing.field_edits import FieldEdit, FieldPath
from sms_service.core.publishing.records import Draft
from sms_service.service.access import current_person
from sms_service.service.publishing.resolving import resolved_edits
from sms_service.staff.editing.desk import Desk
from sms_service.staff.kit.names import Names
from sms_service.staff.kit.words import words_of_value

_THEIRS_SEEN: Final = "seen_theirs"
_KEEP: Final = "keep-"
_JOIN: Final = "|"
_MINE: Final = "mine"
_OWN_FIELDS: Final = ("csrf_token", "do", _THEIRS_SEEN)


def save_form(desk: Desk, draft: Draft, path: str, edits: Sequence[FieldEdit]) -> bool:
    """Save the form that was sent, or the choice that was made after a conflict.

    Args:
        desk: The desk.
        draft: The draft.
        path: The file.
        edits: Everything in the form.

    Returns:
        Whether anything was changed.

    Raises:
        EditConflict: Show :func:`conflict_page`.
        BadEdit: When a value cannot be written.
    """
    seen, theirs = request.form.get("seen", ""), request.form.get(_THEIRS_SEEN, "")
    if theirs:
        changed = resolved_edits(desk.publishing.drafts, path, seen, theirs, edits, _kept())
        seen = theirs
    else:
        changed = desk.changes(path, seen, edits)
    if not changed:
        flash("Nothing was changed, so nothing was saved.", "important")
        return False
    desk.publishing.drafts.save_fields(current_person(), draft.draft_id, path, seen, changed)
    return True


def conflict_page(desk: Desk, draft: Draft, conflict: EditConflict, title: str, action: str) -> tuple[str, int]:
    """Show the three versions of each field that two people changed, and ask which to keep.

    Args:
        desk: The desk.
        draft: The draft.
        conflict: What differs.
        title: Of what was edited.
        action: Where the form goes; everything that was typed goes along.
    """
    opened = desk.book(draft.tree)
    names = Names(None, opened.book)

    def shown(clash: Clash, value: object) -> str:
        return opened.tokens.shown(words_of_value(value, names.of_field(clash.field)))

    rows = [
        {
            "name": _KEEP + _JOIN.join(clash.field),
            "heading": names.field(clash.field),
            "base": shown(clash, clash.base),
            "theirs": shown(clash, clash.theirs),
            "ours": shown(clash, clash.ours),
        }
        for clash in conflict.clashes
    ]
    page = render_template(
        "editing/conflict.html",
        bar=desk.bar(draft),
        title=title,
        action=action,
        rows=rows,
        who=_who(draft),
        sent=_sent_again(request.form),
        seen_theirs=conflict.seen,
    )
    return page, 409


def _kept() -> set[FieldPath]:
    return {
        tuple(name.removeprefix(_KEEP).split(_JOIN))
        for name, value in request.form.items()
        if name.startswith(_KEEP) and value == _MINE
    }


def _sent_again(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.items(multi=True) if name not in _OWN_FIELDS and _KEEP not in name]


def _who(draft: Draft) -> str:
    me = current_person().person_id
    others = [author.name for author in draft.authors if author.person_id != me]
    return others[-1] if others else "You, in another window"
