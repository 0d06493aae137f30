"""The list of releases, and two of them compared."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.service.access import in_menu, open_to
from sms_service.staff.kit.row_numbers import row_number
from sms_service.staff.publishing.desk import READERS, Desk

PAGE: Final = 25


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/releases")
    @in_menu("Releases", order=25, about="Everything that has been live. Make an earlier one live again.")
    @open_to(*READERS)
    def home() -> str:
        before = row_number(request.args.get("before", ""))
        found = desk.publishing.releases.list(before=before, most=PAGE + 1)
        releases = found[:PAGE]
        return render_template(
            "publishing/releases.html",
            releases=releases,
            has_more=len(found) > PAGE,
            looks=desk.publishing.releases.looks(*releases),
            live=desk.publishing.releases.live(),
            in_use=desk.in_use(),
            difference=desk.deploy_difference(),
        )

    @blueprint.get("/releases/in-use")
    @open_to(*READERS)
    def in_use() -> str:
        return render_template("publishing/in_use.html", in_use=desk.in_use())

    @blueprint.get("/releases/compare")
    @open_to(*READERS)
    def compare() -> ResponseReturnValue:
        older, newer = (row_number(request.args.get(name, "")) for name in ("older", "newer"))
        if older is None or newer is None or older == newer:
            return redirect(url_for("releases.home"), 303)
        older, newer = sorted((older, newer))
        first, second = desk.publishing.releases.get(older), desk.publishing.releases.get(newer)
        sheet, names = desk.sheet(first.tree, second.tree)
        return render_template("publishing/compare.html", older=first, newer=second, sheet=sheet, names=names)
