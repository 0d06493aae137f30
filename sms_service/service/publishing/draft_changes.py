"""Changing a draft that others may be changing too: each change is made on the draft as it is at that moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sms_service.core.people import Person, Role
from sms_service.core.publishing.content import Digest, Tree
from sms_service.core.publishing.errors import ChangedMeanwhile, NotAllowed, NotFound, WrongState
from sms_service.core.publishing.records import Draft, DraftStatus
from sms_service.service.history import History
from sms_service.service.publishing.books import Books, LiveBook
from sms_service.service.publishing.ports import DraftStore

ATTEMPTS: Final = 8
"""Two people who save different things at the same moment: the second's change is made again on the first's."""


@dataclass(frozen=True, kw_only=True)
class DraftChanges:
    """Writes drafts; every change is in the history, with who made it, and voids what was agreed to before."""

    store: DraftStore
    books: Books
    history: History

    def get(self, draft_id: int) -> Draft:
        """Give a draft.

        Raises:
            NotFound: When there is none of this id.
        """
        draft = self.store.draft(draft_id)
        if draft is None:
            raise NotFound(f"There is no draft {draft_id}.")
        return draft

    def edit(
        self, person: Person, draft_id: int, change: Callable[[Tree], Mapping[str, str | None]], what: str
    ) -> Draft:
        """Change files; ``change`` gives their new texts (None: taken away) for the draft's tree as it is.

        Raises:
            NotAllowed, NotFound, WrongState: When the draft cannot be changed, or not by this person.
            ChangedMeanwhile: When others were faster again and again.
        """
        may_edit(person)
        for _ in range(ATTEMPTS):
            draft = self.get(draft_id)
            _under_way(draft)
            tree = self.books.tree(draft.tree)
            changed = change(tree)
            digest = self.books.keep_changed(tree, changed) if changed else draft.tree
            if digest == draft.tree:
                return draft
            entry = self.history.entry(person, "edited", subject_of(draft), what)
            if self.store.replace_draft(draft, self._as_edited(draft, digest), person, entry):
                return self.get(draft_id)
        raise ChangedMeanwhile("Others are changing this draft right now. Your change was not saved: save it again.")

    def rebase(self, person: Person, draft_id: int, tree_on: Callable[[Draft, LiveBook], Digest]) -> Draft:
        """Let a draft begin from what is live now; ``tree_on`` gives its content there. Raises as ``edit`` does."""
        may_edit(person)
        for _ in range(ATTEMPTS):
            draft = self.get(draft_id)
            _under_way(draft)
            live = self.books.live()
            tree = tree_on(draft, live)
            after = replace(self._as_edited(draft, tree), base_number=live.number, base_tree=live.tree)
            entry = self.history.entry(person, "draft_caught_up", subject_of(draft), f"with release {live.number}")
            if self.store.replace_draft(draft, after, person if tree != draft.tree else None, entry):
                return self.get(draft_id)
        raise ChangedMeanwhile("Others are changing this draft right now. Try again in a moment.")

    def discard(self, person: Person, draft_id: int) -> Draft:
        """Close a draft. Raises as ``edit`` does."""
        may_edit(person)
        draft = self.get(draft_id)
        _under_way(draft)
        after = replace(draft, status=DraftStatus.DISCARDED, updated_at=self.history.clock())
        entry = self.history.entry(person, "draft_discarded", subject_of(draft))
        if not self.store.replace_draft(draft, after, None, entry):
            raise ChangedMeanwhile("Somebody else has just changed this draft. Look at it again.")
        return self.get(draft_id)

    def _as_edited(self, draft: Draft, tree: Digest) -> Draft:
        """Give the draft with another content: what was agreed to is not this any more."""
        if tree == draft.tree:
            return replace(draft, updated_at=self.history.clock())
        return replace(draft, tree=tree, status=DraftStatus.OPEN, approval=None, updated_at=self.history.clock())


def subject_of(draft: Draft) -> str:
    """Give the name of a draft in the history."""
    return f"draft {draft.draft_id}"


def may_edit(person: Person) -> None:
    """Refuse who is no editor.

    Raises:
        NotAllowed: Says so.
    """
    if not person.may(Role.EDITOR):
        raise NotAllowed("Only editors may change drafts. Ask an administrator for the role.")


def _under_way(draft: Draft) -> None:
    if draft.status.is_over:
        raise WrongState(f"Draft {draft.draft_id} is {draft.status.value} already. Open a new one.")
