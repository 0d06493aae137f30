"""One release: what it changed, who stands behind it, and whether it answers on this host."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.content import Digest
from sms_service.core.publishing.records import ReleaseRecord
from sms_service.service.access import Role, current_person, open_to
from sms_service.staff.publishing.desk import READERS, Desk


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/releases/<int:number>")
    @open_to(*READERS)
    def show(number: int) -> str:
        release = desk.publishing.releases.get(number)
        sheet, names = desk.sheet(tree_before(desk, release), release.tree)
        return render_template(
            "publishing/release.html",
            release=release,
            sheet=sheet,
            names=names,
            in_use=desk.in_use(),
            live=desk.publishing.releases.live(),
            looks=desk.publishing.releases.looks(release)[number],
            needs_look=any(one.number == number for one in desk.waiting()),
            is_mine=current_person().person_id in {release.author.person_id, release.publisher.person_id},
        )

    @blueprint.post("/releases/<int:number>/look")
    @open_to(Role.APPROVER)
    def look(number: int) -> ResponseReturnValue:
        desk.publishing.releases.look(current_person(), number)
        flash(f"Thank you. It is noted that you have looked at release {number}.", "success")
        return redirect(url_for("releases.show", number=number), 303)


def tree_before(desk: Desk, release: ReleaseRecord) -> Digest:
    """Give the content that was live before a release."""
    if release.number > 1:
        return desk.publishing.releases.get(release.number - 1).tree
    if release.draft_id is not None:
        return desk.publishing.drafts.get(release.draft_id).base_tree
    return release.tree
