"""Review: an editor submits, somebody who wrote none of it reads and agrees, or sends it back with a comment."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sms_service.core.history import LONGEST_DETAIL
from sms_service.core.people import Person, Role
from sms_service.core.publishing.content import Digest
from sms_service.core.publishing.errors import ChangedMeanwhile, NotAllowed, WrongState
from sms_service.core.publishing.records import Approval, Draft, DraftStatus
from sms_service.service.history import History
from sms_service.service.publishing.draft_changes import subject_of
from sms_service.service.publishing.drafts import Drafts
from sms_service.service.publishing.ports import DraftStore
from sms_service.service.publishing.trials import Trials


@dataclass(frozen=True, kw_only=True)
class Review:
    """The story of two pairs of eyes."""

    store: DraftStore
    drafts: Drafts
    trials: Trials
    history: History

    def submit(self, person: Person, draft_id: int, message: str = "") -> Draft:
        """Ask a second person to read a draft. What it does to golden texts begins to be worked out.

        Raises:
            WrongState: When it is not open, or changes nothing.
        """
        _needs(person, Role.EDITOR)
        draft = self.drafts.get(draft_id)
        if draft.status is not DraftStatus.OPEN:
            raise WrongState(f"Draft {draft_id} is {draft.status.value.replace('_', ' ')} already.")
        if draft.tree == draft.base_tree:
            raise WrongState("Nothing is changed in this draft yet.")
        after = replace(draft, status=DraftStatus.IN_REVIEW, comment="")
        submitted = self._replace(person, draft, after, "submitted", message)
        self.trials.start(submitted)
        return submitted

    def send_back(self, person: Person, draft_id: int, comment: str) -> Draft:
        """Ask for something to be changed. Editors may take their own draft back in this way too."""
        if not person.may(Role.APPROVER, Role.EDITOR):
            raise NotAllowed("Only approvers and editors may send a draft back.")
        draft = self.drafts.get(draft_id)
        _in_review(draft)
        comment = comment.strip()[:LONGEST_DETAIL]
        if not comment:
            raise WrongState("Say what should be changed.")
        after = replace(draft, status=DraftStatus.OPEN, comment=comment, approval=None)
        return self._replace(person, draft, after, "sent_back", comment)

    def why_not_approve(self, person: Person, draft: Draft) -> str | None:
        """Give the reason why somebody may not approve a draft, or None: for a page that then shows no button."""
        if not person.may(Role.APPROVER):
            return "Only approvers may approve. Ask an administrator for the role."
        if draft.was_written_by(person):
            return "You changed something in this draft yourself, so somebody else has to approve it."
        if draft.status is not DraftStatus.IN_REVIEW:
            return f"This draft is {draft.status.value.replace('_', ' ')}; it has to be submitted first."
        return None

    def approve(self, person: Person, draft_id: int, seen: Digest) -> Draft:
        """Agree to a draft as it was read.

        Args:
            person: Who agrees; wrote none of it.
            draft_id: The draft.
            seen: ``tree`` of the draft that was shown: nobody agrees to words they have not seen.

        Raises:
            NotAllowed: For an author, or without the role.
            WrongState: When it was never submitted, or was edited since it was shown.
        """
        draft = self.drafts.get(draft_id)
        reason = self.why_not_approve(person, draft)
        if reason is not None:
            wrong_state = person.may(Role.APPROVER) and not draft.was_written_by(person)
            raise WrongState(reason) if wrong_state else NotAllowed(reason)
        if draft.tree != seen:
            raise WrongState("Somebody has changed this draft since you opened it. Read it again.")
        approval = Approval(person, draft.tree, self.history.clock())
        return self._replace(person, draft, replace(draft, approval=approval), "approved", f"content {draft.tree[:12]}")

    def _replace(self, person: Person, before: Draft, after: Draft, action: str, detail: str = "") -> Draft:
        after = replace(after, updated_at=self.history.clock())
        entry = self.history.entry(person, action, subject_of(before), detail)
        if not self.store.replace_draft(before, after, None, entry):
            raise ChangedMeanwhile("Somebody else has just changed this draft. Look at it again.")
        return self.drafts.get(before.draft_id)


def _needs(person: Person, role: Role) -> None:
    if not person.may(role):
        raise NotAllowed(f"Only people with the role {role.value} may do this. Ask an administrator.")


def _in_review(draft: Draft) -> None:
    if draft.status is not DraftStatus.IN_REVIEW:
        raise WrongState(f"Draft {draft.draft_id} is {draft.status.value}, not in review.")
