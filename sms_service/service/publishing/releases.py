"""Releases: what is live, what was, and the ways by which something new goes live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sms_service.core.people import Person, Role
from sms_service.core.publishing.book_changes import BookChanges, book_changes
from sms_service.core.publishing.content import BookFiles
from sms_service.core.publishing.errors import (
    Blocked,
    ChangedMeanwhile,
    NotAllowed,
    NotFound,
    WrongState,
)
from sms_service.core.publishing.records import FILES, Draft, Look, ReleaseKind, ReleaseRecord
from sms_service.service.history import History
from sms_service.service.publishing.books import Books, LiveBook
from sms_service.service.publishing.drafts import Drafts
from sms_service.service.publishing.going_live import must_be_good, why_blocked
from sms_service.service.publishing.ports import ReleaseStore
from sms_service.service.publishing.trials import Trials

_LONGEST_NOTE: Final = 500
_WITHOUT_A_SECOND_PERSON: Final = frozenset({ReleaseKind.URGENT_FIX, ReleaseKind.IMPORT})


@dataclass(frozen=True, slots=True)
class DeployDifference:
    """The files of this deploy are another book than what is live, and nobody has dealt with them yet.

    Attributes:
        live: What is live.
        paths: Files that differ.
    """

    live: LiveBook
    paths: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Releases:
    """The story of going live."""

    store: ReleaseStore
    drafts: Drafts
    books: Books
    trials: Trials
    history: History

    # Looking ------------------------------------------------------------------------------------------------------

    def live(self) -> LiveBook:
        """Give what is live."""
        return self.books.live()

    def get(self, number: int) -> ReleaseRecord:
        """Give a release.

        Raises:
            NotFound: When there is none of this number.
        """
        release = self.store.release(number)
        if release is None:
            raise NotFound(f"There is no release {number}.")
        return release

    def list(self, *, before: int | None = None, most: int = 50) -> tuple[ReleaseRecord, ...]:
        """Give releases, newest first; ``before`` is the last number of the page before."""
        return self.store.releases(before, most)

    def files(self, number: int) -> BookFiles:
        """Give the files of a release, for export; 0 gives those of the deploy."""
        return self.books.deployed_files() if number == FILES else self.books.files(self.get(number).tree)

    def compare(self, older: int, newer: int) -> BookChanges:
        """Give what changed for a child between two releases."""
        return book_changes(self.books.loaded(self.get(older).tree), self.books.loaded(self.get(newer).tree))

    def looks(self, *releases: ReleaseRecord) -> dict[int, tuple[Look, ...]]:
        """Give who has looked at releases afterwards, by number."""
        looks = self.store.looks([release.number for release in releases])
        return {one.number: tuple(look for look in looks if look.number == one.number) for one in releases}

    def waiting_for_a_look(self, most: int = 200) -> tuple[ReleaseRecord, ...]:
        """Give releases that went live by one person alone, and that no second one has looked at, newest first."""
        alone = [one for one in self.store.releases(None, most) if one.kind in _WITHOUT_A_SECOND_PERSON]
        seen = {look.number for look in self.store.looks([one.number for one in alone])}
        return tuple(one for one in alone if one.number not in seen)

    def deploy_difference(self) -> DeployDifference | None:
        """Give how the files of this deploy differ from what is live; None when they do not, or are dealt with.

        Files count as dealt with that were ever released, that a draft began from, or that were taken into one (which
        may then be discarded: that is how to say no).
        """
        live = self.books.live()
        if live.number == FILES:
            return None
        digest = self.books.keep(self.books.deployed_files())
        if digest == live.tree or self.store.is_known(digest):
            return None
        deployed, current = self.books.tree(digest), self.books.tree(live.tree)
        paths = [path for path in sorted({*deployed, *current}) if deployed.get(path) != current.get(path)]
        return DeployDifference(live, tuple(paths))

    def take_in_deploy(self, person: Person) -> Draft:
        """Open a draft with the files of this deploy."""
        raw = {path: text.encode() for path, text in self.books.deployed_files().items()}
        return self.drafts.take_in(person, "From the files of the deploy", raw)

    # Going live ---------------------------------------------------------------------------------------------------

    def why_not_publish(self, person: Person, draft: Draft) -> tuple[str, ...]:
        """Give every reason why a draft cannot go live now, in words; none means that it can."""
        reasons = []
        if not person.may(Role.EDITOR, Role.APPROVER):
            reasons.append("Only editors and approvers may publish.")
        if not draft.is_approved:
            reasons.append("Nobody has approved the draft as it is now.")
        if self.drafts.is_behind(draft):
            reasons.append("Another release went live since this draft began. Take it in first.")
        return (*reasons, *why_blocked(self.trials, draft))

    def publish(self, person: Person, draft_id: int, note: str = "") -> ReleaseRecord:
        """Put an approved draft live: on all workers and hosts within five seconds.

        Raises:
            NotAllowed: Without a role for it.
            WrongState: When nobody has approved it as it is.
            DraftIsBehind: When another release went live meanwhile.
            Blocked: By the checker, or by a lost danger text.
            NotReady: While the golden texts are being tried.
        """
        draft = self.drafts.get(draft_id)
        if not person.may(Role.EDITOR, Role.APPROVER):
            raise NotAllowed("Only editors and approvers may publish.")
        if not draft.is_approved or draft.approval is None:
            raise WrongState("Nobody has approved this draft as it is now.")
        must_be_good(self.drafts, self.trials, draft)
        return self._go_live(person, draft, ReleaseKind.PUBLISH, note, draft.approval.approver)

    def publish_urgent(self, person: Person, draft_id: int, note: str) -> ReleaseRecord:
        """Put a mended number live at once and alone; it is flagged until a second person has looked.

        Raises:
            NotAllowed: Without a role for it, or when more than numbers and hours is changed.
            DraftIsBehind, Blocked: As for ``publish``. Golden texts are not waited for: nothing is understood
                otherwise.
        """
        draft = self.drafts.get(draft_id)
        if not person.may(Role.EDITOR, Role.APPROVER):
            raise NotAllowed("Only editors and approvers may publish.")
        if draft.status.is_over:
            raise WrongState(f"Draft {draft_id} is {draft.status.value} already.")
        preview = self.trials.preview(draft)
        if preview.why_not_urgent:
            raise NotAllowed("This cannot go the urgent way. " + " ".join(preview.why_not_urgent))
        must_be_good(self.drafts, self.trials, draft, golden=False)
        return self._go_live(person, draft, ReleaseKind.URGENT_FIX, note, None)

    def publish_alone(self, person: Person, draft_id: int, note: str) -> ReleaseRecord:
        """Put a draft live without a second person: for a development machine, whose command offers it, only."""
        draft = self.drafts.get(draft_id)
        must_be_good(self.drafts, self.trials, draft, golden=False)
        return self._go_live(person, draft, ReleaseKind.IMPORT, note, None)

    def restore(self, person: Person, number: int, note: str = "") -> ReleaseRecord:
        """Make the content of an earlier release live again, as a new release.

        Raises:
            NotAllowed: Without the role.
            Blocked: When the checker of today refuses it.
            WrongState: When exactly that is live already.
        """
        if not person.may(Role.APPROVER, Role.EDITOR):
            raise NotAllowed("Only editors and approvers may restore a release.")
        old, live = self.get(number), self.books.live()
        if old.tree == live.tree:
            raise WrongState(f"What release {number} says is live already.")
        errors = [complaint for complaint in self.trials.complaints(old.tree) if complaint.is_error]
        if errors:
            raise Blocked("\n".join(f"{one.file}, line {one.line}: {one.what} {one.mend}" for one in errors))
        release = ReleaseRecord(
            number=live.number + 1,
            kind=ReleaseKind.RESTORE,
            tree=old.tree,
            author=person,
            approver=None,
            publisher=person,
            note=note.strip()[:_LONGEST_NOTE] or f"Release {number} again",
            created_at=self.history.clock(),
            restored_from=number,
        )
        entry = self.history.entry(person, "restored", f"release {release.number}", f"content of release {number}")
        if not self.store.add_release(release, None, entry):
            raise ChangedMeanwhile("Something else went live at the same moment. Look at what is live, then try again.")
        return release

    def look(self, person: Person, number: int) -> None:
        """Say that one has looked at a release that went live without a second person.

        Raises:
            NotAllowed: For the person who wrote or published it.
        """
        release = self.get(number)
        if not person.may(Role.APPROVER):
            raise NotAllowed("Only approvers may do this.")
        if person.person_id in {release.author.person_id, release.publisher.person_id}:
            raise NotAllowed("You made this release yourself, so somebody else has to look at it.")
        look = Look(number, person, self.history.clock())
        self.store.add_look(look, self.history.entry(person, "looked_over", f"release {number}"))

    # --------------------------------------------------------------------------------------------------------------

    def _go_live(
        self, person: Person, draft: Draft, kind: ReleaseKind, note: str, approver: Person | None
    ) -> ReleaseRecord:
        if draft.tree == draft.base_tree:
            raise WrongState("Nothing is changed in this draft.")
        release = ReleaseRecord(
            number=draft.base_number + 1,
            kind=kind,
            tree=draft.tree,
            author=draft.authors[-1],
            approver=approver,
            publisher=person,
            note=note.strip()[:_LONGEST_NOTE] or draft.title,
            created_at=self.history.clock(),
            draft_id=draft.draft_id,
        )
        agreed = f"approved by {approver.name}" if approver else "nobody has looked at it yet"
        entry = self.history.entry(
            person, "published", f"release {release.number}", f"draft {draft.draft_id}; {agreed}"
        )
        if not self.store.add_release(release, draft, entry):
            raise ChangedMeanwhile("Something changed at the same moment. Look at the draft, then try again.")
        return release
