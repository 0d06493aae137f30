"""The whole book as files: taken out as one zip, brought in as a draft, and the files of a deploy that differ."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.publishing.content import BookFiles
from sms_service.core.publishing.errors import BadBookFiles
from sms_service.service.access import Role, current_person, in_menu, open_to
from sms_service.staff.publishing.desk import READERS, Desk
from sms_service.staff.publishing.drafts_page import LONGEST_TITLE

_BAD_FILE: Final = 422


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/book")
    @in_menu("Import and export", order=35, about="Take everything out as files, or bring it in as a draft.")
    @open_to(*READERS)
    def home() -> ResponseReturnValue:
        return _home(desk)

    @blueprint.post("/book/export")
    @open_to(*READERS)
    def export_live() -> ResponseReturnValue:
        live = desk.publishing.releases.live()
        about = f"release {live.number}" if live.number else "files of the deploy"
        name = f"release-{live.number}" if live.number else "deploy"
        return _download(desk, desk.publishing.books.files(live.tree), about, name)

    @blueprint.post("/releases/<int:number>/export")
    @open_to(*READERS)
    def export_release(number: int) -> ResponseReturnValue:
        release = desk.publishing.releases.get(number)
        return _download(desk, desk.publishing.books.files(release.tree), f"release {number}", f"release-{number}")

    @blueprint.post("/drafts/<int:draft_id>/export")
    @open_to(*READERS)
    def export_draft(draft_id: int) -> ResponseReturnValue:
        draft = desk.publishing.drafts.get(draft_id)
        return _download(desk, desk.publishing.drafts.files(draft), f"draft {draft_id}", f"draft-{draft_id}")

    @blueprint.post("/book/import")
    @open_to(Role.EDITOR)
    def bring_in() -> ResponseReturnValue:
        upload = request.files.get("book")
        title = " ".join(request.form.get("title", "").split())[:LONGEST_TITLE]
        content = upload.read() if upload is not None else b""
        if not content:
            return _home(desk, {"book": ["Choose the zip file of a book"]}), _BAD_FILE
        try:
            files = desk.publishing.archive.unpack(content)
            draft = desk.publishing.drafts.take_in(current_person(), title or "Brought in from files", files)
        except BadBookFiles as error:
            return _home(desk, {"book": error.sentence.splitlines()}), _BAD_FILE
        flash("The book is in a draft now. Nothing of it is live.", "success")
        return redirect(url_for("drafts.show", draft_id=draft.draft_id), 303)

    @blueprint.post("/book/from-deploy")
    @open_to(Role.EDITOR)
    def from_deploy() -> ResponseReturnValue:
        draft = desk.publishing.releases.take_in_deploy(current_person())
        flash("The files of this installation are in a draft now. Nothing of it is live.", "success")
        return redirect(url_for("drafts.show", draft_id=draft.draft_id), 303)


def _home(desk: Desk, errors: dict[str, list[str]] | None = None) -> str:
    return render_template(
        "publishing/book.html",
        live=desk.publishing.releases.live(),
        difference=desk.deploy_difference(),
        form={"errors": errors or {}},
        typed=request.form.get("title", ""),
    )


def _download(desk: Desk, files: BookFiles, about: str, name: str) -> Response:
    """Give a book as a zip file; that somebody took it out is in the history before it leaves."""
    content = desk.publishing.archive.pack(files)
    desk.publishing.history.note(current_person(), "exported", about)
    response = Response(content, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="reply-book-{name}.zip"'
    return response
