"""What publishing needs from outside. Adapters live in ``storage/publishing``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sms_service.core.history import HistoryEntry
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.people import Person
from sms_service.core.publishing.content import BookFiles, Digest
from sms_service.core.publishing.field_edits import FieldEdit, Fields
from sms_service.core.publishing.records import Draft, DraftStatus, Look, ReleaseRecord


class BookFormat(Protocol):
    """Reads and writes the files of a book. Nothing that stands in a file makes ``load`` raise."""

    def load(self, files: BookFiles) -> LoadedBook:
        """Read a whole book, with every complaint about its files."""
        ...

    def fields(self, path: str, text: str) -> Fields:
        """Give the fields of one YAML file.

        Raises:
            BadEdit: When it cannot be read; the sentence names the line.
        """
        ...

    def edited(self, path: str, text: str, edits: Sequence[FieldEdit]) -> str:
        """Give the file with some fields changed and every other byte as it was.

        Raises:
            BadEdit: When a value cannot be written there.
        """
        ...

    def with_golden(self, source: str, text: str, reply: str) -> str:
        """Give the list of golden texts with one more, or with another reply for one that is there.

        Raises:
            BadEdit: When it cannot be written.
        """
        ...

    def without_golden(self, source: str, text: str) -> str:
        """Give the list without a text.

        Raises:
            BadEdit: When it is not there.
        """
        ...

    def merged_golden(self, base: str, theirs: str, ours: str) -> str:
        """Take what was added and removed between ``base`` and ``ours`` over to ``theirs``."""
        ...


class BookArchive(Protocol):
    """Puts the files of a book into one zip file and takes them out again."""

    def pack(self, files: BookFiles) -> bytes:
        """Give a zip file; the same files always give the same bytes."""
        ...

    def unpack(self, archive: bytes) -> Mapping[str, bytes]:
        """Give the files of a zip file, wherever in it the folder lies.

        Raises:
            BadBookFiles: When it is no zip file, or too large.
        """
        ...


class ContentStore(Protocol):
    """Keeps contents by their digest. What is in it never changes."""

    def put(self, contents: Mapping[Digest, bytes]) -> None:
        """Keep contents; those that are there already cost nothing."""
        ...

    def get(self, digests: Collection[Digest]) -> Mapping[Digest, bytes]:
        """Give contents; a missing one is left out."""
        ...

    def present(self, digests: Collection[Digest]) -> frozenset[Digest]:
        """Give those that are there."""
        ...


class ReleaseStore(Protocol):
    """Keeps releases, immutable and numbered without gaps."""

    def newest_number(self) -> int:
        """Give the number of the live release, 0 when nothing was ever published. Cheap: asked twice a second."""
        ...

    def release(self, number: int) -> ReleaseRecord | None:
        """Give a release."""
        ...

    def releases(self, before: int | None, most: int) -> tuple[ReleaseRecord, ...]:
        """Give releases, newest first, from below a number on."""
        ...

    def add_release(self, release: ReleaseRecord, closes: Draft | None, entry: HistoryEntry) -> bool:
        """Make a release live, and its draft published, in one transaction with its entry in the history.

        Returns:
            Whether it was done: not when that number exists, or the draft is not what it was any more.

        Raises:
            NotAllowed: When the store itself sees that nobody else approved it.
        """
        ...

    def add_look(self, look: Look, entry: HistoryEntry) -> None:
        """Write down that a second person has looked at a release.

        Raises:
            NotAllowed: When they wrote or published it.
        """
        ...

    def looks(self, numbers: Collection[int]) -> tuple[Look, ...]:
        """Give who looked at these releases."""
        ...

    def is_known(self, tree: Digest) -> bool:
        """Whether a book was ever released, or was what a draft began from."""
        ...


class DraftStore(Protocol):
    """Keeps drafts."""

    def add_draft(self, draft: Draft, entry: HistoryEntry) -> Draft:
        """Keep a new draft; its id and version are given by the store."""
        ...

    def draft(self, draft_id: int) -> Draft | None:
        """Give a draft."""
        ...

    def drafts(self, statuses: Collection[DraftStatus], before: int | None, most: int) -> tuple[Draft, ...]:
        """Give drafts, newest first, from below an id on."""
        ...

    def replace_draft(self, before: Draft, after: Draft, author: Person | None, entry: HistoryEntry | None) -> bool:
        """Change a draft if it is still the version ``before``; its version goes up by one.

        Args:
            before: As it was read.
            after: As it is to be.
            author: Who changed its content, when it is that what changed.
            entry: For the history, in the same transaction.

        Returns:
            Whether it was done.

        Raises:
            NotAllowed: When the store itself sees that the approver wrote some of it.
        """
        ...


class PublishingStore(ContentStore, ReleaseStore, DraftStore, Protocol):
    """All of it: one transaction can concern a draft, a release and the history."""
