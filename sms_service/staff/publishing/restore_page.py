"""Making an earlier release live again: one look, one click. It becomes a new release, so nothing is ever lost."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.service.access import current_person, open_to
from sms_service.staff.publishing.desk import READERS, Desk
from sms_service.staff.publishing.publish_page import LONGEST_NOTE


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/releases/<int:number>/restore")
    @open_to(*READERS)
    def ask_restore(number: int) -> str:
        release, live = desk.publishing.releases.get(number), desk.publishing.releases.live()
        sheet, names = desk.sheet(live.tree, release.tree)
        return render_template("publishing/restore.html", release=release, live=live, sheet=sheet, names=names)

    @blueprint.post("/releases/<int:number>/restore")
    @open_to(*READERS)
    def restore(number: int) -> ResponseReturnValue:
        note = " ".join(request.form.get("note", "").split())[:LONGEST_NOTE]
        release = desk.publishing.releases.restore(current_person(), number, note)
        flash(f"Release {release.number} is published. It says what release {number} said.", "success")
        return redirect(url_for("releases.show", number=release.number), 303)
