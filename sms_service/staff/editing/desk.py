"""What every editing page starts from: the draft, its book, and the moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sms_service.core.checks import Complaint
from sms_service.core.contact_tokens import ContactTokens
from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.content import Digest
from sms_service.core.publishing.errors import Blocked, WrongState
from sms_service.core.publishing.field_edits import FieldEdit, Fields, is_same, value_at
from sms_service.core.publishing.records import Draft, DraftStatus
from sms_service.core.reply_book import ReplyBook
from sms_service.service.access import current_person
from sms_service.service.publishing.publishing import Publishing


@dataclass(frozen=True)
class OpenBook:
    """A book that can be shown and edited.

    Attributes:
        loaded: As it was read, with complaints about its files.
        book: Its replies, contacts and settings.
        tokens: How contacts are shown in its texts.
    """

    loaded: LoadedBook
    book: ReplyBook
    tokens: ContactTokens


@dataclass(frozen=True)
class DraftBar:
    """What stands at the top of every page of a draft.

    Attributes:
        draft: The draft.
        is_behind: Whether another release went live since it began.
    """

    draft: Draft
    is_behind: bool

    @property
    def is_being_read(self) -> bool:
        """Whether somebody was asked to read it: a change voids what they have agreed to."""
        return self.draft.status is DraftStatus.IN_REVIEW


@dataclass(frozen=True)
class Desk:
    """Publishing, as the editing pages use it."""

    publishing: Publishing
    bank_holidays: frozenset[dt.date]

    def now(self) -> dt.datetime:
        """Give the moment."""
        return self.publishing.history.clock()

    def today(self) -> dt.date:
        """Give the day; by UTC, which is good enough for dates half a year ahead."""
        return self.now().date()

    def draft(self, draft_id: int) -> Draft:
        """Give a draft that can be edited.

        Raises:
            NotFound: When there is none of this id.
            WrongState: When it is published or discarded.
        """
        draft = self.publishing.drafts.get(draft_id)
        if draft.status.is_over:
            state = "published already" if draft.status is DraftStatus.PUBLISHED else "closed"
            raise WrongState(f"Draft {draft_id} is {state}. Start a new change from the page 'Replies'.")
        return draft

    def bar(self, draft: Draft) -> DraftBar:
        """Give what stands at the top of the pages of a draft."""
        return DraftBar(draft, self.publishing.drafts.is_behind(draft))

    def book(self, tree: Digest) -> OpenBook:
        """Give a book.

        Raises:
            Blocked: When its contacts or settings cannot be read; the sentence names each place and mend.
        """
        loaded = self.publishing.books.loaded(tree)
        if loaded.book is None:
            lines = [f"{one.file}, line {one.line or 1}: {one.what} {one.mend}" for one in loaded.complaints]
            first = "The contacts or the settings of this draft cannot be read. Bring in a whole book, or start again."
            raise Blocked("\n".join([first, *lines]))
        return OpenBook(loaded, loaded.book, ContactTokens(loaded.book.contacts))

    def complaints(self, tree: Digest) -> list[Complaint]:
        """Give what the checker says of a book."""
        return self.publishing.trials.complaints(tree)

    def fields_of(self, path: str, digest: Digest) -> Fields:
        """Give the fields of one version of a file."""
        return self.publishing.drafts.book_format.fields(path, self.publishing.books.text(digest))

    def changes(self, path: str, seen: Digest, edits: Sequence[FieldEdit]) -> list[FieldEdit]:
        """Give those edits of a form that change what was there when it was opened."""
        base = self.fields_of(path, seen)
        return [edit for edit in edits if not is_same(edit.value, value_at(base, edit.path))]

    def may_edit(self) -> bool:
        """Whether who is there may change drafts."""
        return "editor" in current_person().roles
