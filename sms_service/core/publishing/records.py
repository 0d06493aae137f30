"""Drafts and releases as they are kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sms_service.core.people import Person
from sms_service.core.publishing.content import Digest

FILES: int = 0
"""Number of what was live before anything was published: the files of the deploy."""


class ReleaseKind(StrEnum):
    """How a release came about."""

    PUBLISH = "publish"
    """Written, read by a second person, approved."""
    URGENT_FIX = "urgent_fix"
    """A wrong number mended by one person; a second one looks afterwards."""
    RESTORE = "restore"
    """The content of an earlier release."""
    IMPORT = "import"
    """Published from the command line of a development machine, by nobody but its owner."""


class DraftStatus(StrEnum):
    """How far a draft is."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    DISCARDED = "discarded"

    @property
    def is_over(self) -> bool:
        """Whether nothing happens to it any more."""
        return self in {DraftStatus.PUBLISHED, DraftStatus.DISCARDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRecord:
    """One release. Never changes.

    Attributes:
        number: From 1, without gaps.
        kind: How it came about.
        tree: Digest of its content.
        author: Who wrote the change (the last of them, when several did), or who restored.
        approver: Who agreed; None for a release that needed nobody yet.
        publisher: Who put it live.
        note: What it is about.
        created_at: When it went live.
        draft_id: The draft it was; None for a restore.
        restored_from: The release whose content it is.
    """

    number: int
    kind: ReleaseKind
    tree: Digest
    author: Person
    approver: Person | None
    publisher: Person
    note: str
    created_at: dt.datetime
    draft_id: int | None = None
    restored_from: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A second person has looked at a release that went live without one."""

    number: int
    person: Person
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody agreed to exactly this content."""

    approver: Person
    tree: Digest
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change in the making, shared by everybody.

    Attributes:
        draft_id: From 1.
        title: What it is about.
        status: How far it is.
        base_number: The release it began from, 0 for the files of the deploy.
        base_tree: Content of that release.
        tree: Content now.
        version: Goes up with every change of anything here: whoever saves says which one they saw.
        created_by: Who opened it.
        created_at: When.
        updated_at: When it changed last.
        authors: Everybody who changed its content, in order of their last change. None of them may approve it.
        approval: Who agreed to the content as it is now.
        comment: What a reviewer wrote when sending it back; empty otherwise.
        source_tree: For a draft taken from the files of a deploy: the digest of those.
    """

    draft_id: int
    title: str
    status: DraftStatus
    base_number: int
    base_tree: Digest
    tree: Digest
    version: int
    created_by: Person
    created_at: dt.datetime
    updated_at: dt.datetime
    authors: tuple[Person, ...] = ()
    approval: Approval | None = None
    comment: str = ""
    source_tree: Digest | None = None

    @property
    def is_approved(self) -> bool:
        """Whether somebody agreed to the content as it is now."""
        return self.approval is not None and self.approval.tree == self.tree and self.status is DraftStatus.IN_REVIEW

    def was_written_by(self, person: Person) -> bool:
        """Whether somebody changed anything in it."""
        return any(author.person_id == person.person_id for author in self.authors)
