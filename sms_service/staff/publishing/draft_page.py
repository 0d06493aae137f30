"""One draft: what it changes for a child, and what can be done with it now. Golden texts come when they are tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.checks import Complaint
from sms_service.core.history import HistoryQuery
from sms_service.core.people import Person
from sms_service.core.publishing.golden import GoldenChange
from sms_service.core.publishing.records import Draft, DraftStatus
from sms_service.service.access import Role, current_person, open_to
from sms_service.service.publishing.trials import Trial
from sms_service.staff.kit.complaints import Remark, file_and_line
from sms_service.staff.kit.names import Names
from sms_service.staff.publishing.change_sheet import ChangeSheet
from sms_service.staff.publishing.desk import READERS, Desk

LONGEST_COMMENT: Final = 2000


@dataclass(frozen=True, slots=True)
class DraftView:
    """What the page of a draft shows.

    Attributes:
        draft: The draft.
        sheet: What changes; compared with what is live, for one that is behind or over with what it began from.
        names: Of replies and contacts.
        remarks: What the checker says that is new with this draft, and every error, errors first.
        older_remarks: What it says of what is live as well.
        is_behind: Whether another release went live since it began.
        trial: What happens to golden texts; None while they are tried.
        why_not_approve: None when who is there may approve it.
        why_not_publish: Reasons, none when it can go live now.
        reasons: Those of them that are no complaint of the checker, which has a place of its own.
        why_not_urgent: Reasons, none when it may go the urgent way.
    """

    draft: Draft
    sheet: ChangeSheet
    names: Names
    remarks: list[Remark]
    older_remarks: list[Remark]
    is_behind: bool
    trial: Trial | None
    why_not_approve: str | None
    why_not_publish: tuple[str, ...]
    reasons: tuple[str, ...]
    why_not_urgent: tuple[str, ...]

    @property
    def errors(self) -> list[Complaint]:
        """What keeps it from going live."""
        return [remark.complaint for remark in self.remarks if remark.complaint.is_error]

    @property
    def is_changed(self) -> bool:
        """Whether it differs from what it began from at all."""
        return self.draft.tree != self.draft.base_tree

    @property
    def waits_for_trial(self) -> bool:
        """Whether golden texts are still being tried, so that nobody can say yet."""
        return self.trial is None and not self.draft.status.is_over and self.is_changed

    @property
    def moved(self) -> list[GoldenChange]:
        """Golden texts that get another reply by this draft, lost danger texts apart."""
        changes = () if self.trial is None else self.trial.golden
        return [one for one in changes if one.before != one.after and not one.loses_danger]

    @property
    def wrong_before(self) -> list[GoldenChange]:
        """Golden texts that get the wrong reply already."""
        changes = () if self.trial is None else self.trial.golden
        return [one for one in changes if one.before == one.after]


def view_of(desk: Desk, draft: Draft, person: Person) -> DraftView:
    """Put together what the page of a draft shows."""
    publishing = desk.publishing
    over = draft.status.is_over
    behind = not over and publishing.drafts.is_behind(draft)
    sheet, names = desk.sheet(draft.base_tree, draft.tree)
    remarks, older = desk.remarks(draft)
    changed = draft.tree != draft.base_tree
    under_way = not over and changed
    blocked = publishing.releases.why_not_publish(person, draft) if draft.is_approved else ()
    told = {f"{file_and_line(one)}: {one.what} {one.mend}" for one in publishing.trials.complaints(draft.tree)}
    return DraftView(
        draft=draft,
        sheet=sheet,
        names=names,
        remarks=remarks,
        older_remarks=older,
        is_behind=behind,
        trial=publishing.trials.result(draft) if under_way else None,
        why_not_approve=publishing.review.why_not_approve(person, draft),
        why_not_publish=blocked,
        reasons=tuple(reason for reason in blocked if reason not in told),
        why_not_urgent=publishing.trials.preview(draft).why_not_urgent if under_way and not behind else (),
    )


def add_to(blueprint: Blueprint, desk: Desk) -> None:
    """Add the routes."""

    @blueprint.get("/drafts/<int:draft_id>")
    @open_to(*READERS)
    def show(draft_id: int) -> str:
        return draft_page(desk, draft_id)

    @blueprint.get("/drafts/<int:draft_id>/tried")
    @open_to(*READERS)
    def tried(draft_id: int) -> str:
        view = view_of(desk, desk.publishing.drafts.get(draft_id), current_person())
        return render_template("publishing/tried.html", view=view, in_part=True)

    @blueprint.post("/drafts/<int:draft_id>/submit")
    @open_to(Role.EDITOR)
    def submit(draft_id: int) -> ResponseReturnValue:
        message = _comment("message")
        desk.publishing.review.submit(current_person(), draft_id, message)
        flash("Submitted. A second person can now read it.", "success")
        return redirect(url_for("drafts.show", draft_id=draft_id), 303)

    @blueprint.post("/drafts/<int:draft_id>/approve")
    @open_to(*READERS)
    def approve(draft_id: int) -> ResponseReturnValue:
        desk.publishing.review.approve(current_person(), draft_id, request.form.get("seen", ""))
        flash("Approved. It can be published now.", "success")
        return redirect(url_for("drafts.show", draft_id=draft_id), 303)

    @blueprint.post("/drafts/<int:draft_id>/send-back")
    @open_to(*READERS)
    def send_back(draft_id: int) -> ResponseReturnValue:
        comment = _comment("comment")
        if not comment:
            return draft_page(desk, draft_id, {"comment": ["Say what should be changed"]}), 422
        desk.publishing.review.send_back(current_person(), draft_id, comment)
        flash("Sent back with your comment.", "success")
        return redirect(url_for("drafts.show", draft_id=draft_id), 303)


def draft_page(desk: Desk, draft_id: int, errors: dict[str, list[str]] | None = None) -> str:
    """Give the page of a draft."""
    draft = desk.publishing.drafts.get(draft_id)
    view = view_of(desk, draft, current_person())
    return render_template(
        "publishing/draft.html",
        view=view,
        draft=draft,
        became=desk.release_of_draft(draft) if draft.status is DraftStatus.PUBLISHED else None,
        live=desk.publishing.releases.live(),
        submitted=_submitted_with(desk, draft),
        form={"errors": errors or {}},
        typed=request.form,
    )


def _submitted_with(desk: Desk, draft: Draft) -> str:
    """Give what the editor wrote to the colleague when submitting."""
    if draft.status is not DraftStatus.IN_REVIEW:
        return ""
    query = HistoryQuery(action="submitted", subject=f"draft {draft.draft_id}")
    entries = desk.publishing.history.search(query, most=1).entries
    return entries[0].detail if entries else ""


def _comment(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()[:LONGEST_COMMENT]
