"""What the pages of publishing start from: the stories, what answers on this host, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sms_service.core.checks import Complaint
from sms_service.core.publishing.content import Digest
from sms_service.core.publishing.errors import BadBookFiles
from sms_service.core.publishing.records import Draft, ReleaseRecord
from sms_service.service.access import Role
from sms_service.service.publishing.publishing import Publishing
from sms_service.service.publishing.releases import DeployDifference
from sms_service.service.release import CurrentRelease
from sms_service.staff.kit.complaints import Remark, file_and_line, remark_of
from sms_service.staff.kit.names import Names
from sms_service.staff.publishing.change_sheet import ChangeSheet, compared

READERS: Final = (Role.EDITOR, Role.APPROVER)
"""Who works with drafts and releases at all."""

_LATEST_RELEASES: Final = 500


@dataclass(frozen=True, slots=True)
class InUse:
    """What answers texts on this host, in this process.

    Attributes:
        number: Of the release; None for the files of the deploy, or without a book.
        live: Number of the release that is published; 0 for none.
        has_book: Whether there is a book at all; without one the built-in words are sent.
        has_learned: Whether its example sentences have been learned.
    """

    number: int | None
    live: int
    has_book: bool
    has_learned: bool

    @property
    def is_live(self) -> bool:
        """Whether what is published is what answers."""
        return (self.number or 0) == self.live


@dataclass(frozen=True)
class Desk:
    """Publishing, as its pages use it.

    Attributes:
        publishing: The stories.
        releases: What answers in this process.
    """

    publishing: Publishing
    releases: CurrentRelease

    def in_use(self) -> InUse:
        """Give what answers on this host."""
        current, live = self.releases.current, self.publishing.releases.live().number
        if current is None:
            return InUse(None, live, has_book=False, has_learned=False)
        return InUse(current.number, live, has_book=True, has_learned=current.understander.has_learned)

    def waiting(self) -> tuple[ReleaseRecord, ...]:
        """Give the releases that nobody but their maker has looked at: shown loudly on every page."""
        return self.publishing.releases.waiting_for_a_look()

    def deploy_difference(self) -> DeployDifference | None:
        """Give how the files of this deploy differ from what is live; None also when they cannot be read."""
        try:
            return self.publishing.releases.deploy_difference()
        except BadBookFiles:
            return None

    def sheet(self, older: Digest, newer: Digest) -> tuple[ChangeSheet, Names]:
        """Compare two books."""
        return compared(self.publishing.books.loaded(older), self.publishing.books.loaded(newer))

    def remarks(self, draft: Draft) -> tuple[list[Remark], list[Remark]]:
        """Give what the checker says of a draft, errors first: what is new with it, and what is live says as well."""
        book = self.publishing.books.loaded(draft.tree).book
        known = {_told(complaint) for complaint in self.publishing.trials.complaints(draft.base_tree)}
        fresh: list[Remark] = []
        older: list[Remark] = []
        for one in sorted(self.publishing.trials.complaints(draft.tree), key=lambda one: not one.is_error):
            where = fresh if one.is_error or _told(one) not in known else older
            where.append(remark_of(one, book, draft.draft_id) if book else Remark(one, file_and_line(one), ""))
        return fresh, older

    def release_of_draft(self, draft: Draft) -> ReleaseRecord | None:
        """Give the release that a published draft became."""
        newest = self.publishing.releases.list(most=_LATEST_RELEASES)
        return next((release for release in newest if release.draft_id == draft.draft_id), None)


def _told(complaint: Complaint) -> tuple[str, str, object]:
    return complaint.file, complaint.what, complaint.path
