"""The part of the data register about drafts, releases and what staff learn from."""

from __future__ import annotations

from typing import Final

from sms_service.core.stored_tables import SQL, StoredTable

DRAFT_DAYS: Final = 365
MOST_UNMATCHED_DAYS: Final = 90

_PERSON_ID: Final = "Id of the member of staff: who may approve is decided by it"
_PERSON_NAME: Final = "Their name, to show it"

PUBLISHING_TABLES: Final = (
    StoredTable(
        store=SQL,
        name="content",
        purpose="Files of the reply book as staff wrote them, each version once. Nothing about a child.",
        days=None,
        until="while a draft or release holds it",
        columns={
            "digest": "SHA-256 of the content: its name",
            "at": "When it was kept",
            "packed": "The content, compressed",
        },
    ),
    StoredTable(
        store=SQL,
        name="draft",
        purpose="Changes of the reply book in the making.",
        days=DRAFT_DAYS,
        until="after it is published or discarded",
        columns={
            "draft_id": "Names the draft",
            "title": "What it is about",
            "status": "Open, in review, published or discarded",
            "base_number": "The release it began from",
            "base_tree": "Content of that release",
            "tree": "Content now",
            "version": "Counts changes, so that nobody overwrites what they have not seen",
            "created_by_id": _PERSON_ID,
            "created_by_name": _PERSON_NAME,
            "created_at": "When it was opened",
            "updated_at": "When it changed last; decides when the row is deleted",
            "approver_id": _PERSON_ID,
            "approver_name": _PERSON_NAME,
            "approved_tree": "The content that was approved",
            "approved_at": "When it was approved",
            "comment": "What the reviewer asked to change",
            "source_tree": "The files it was taken from",
        },
    ),
    StoredTable(
        store=SQL,
        name="draft_change",
        purpose="Who wrote a draft: none of them may approve it.",
        days=DRAFT_DAYS,
        until="with its draft",
        columns={
            "draft_id": "Which draft",
            "version": "Which of its changes",
            "person_id": _PERSON_ID,
            "person_name": _PERSON_NAME,
            "tree": "Content after it",
            "at": "When",
        },
    ),
    StoredTable(
        store=SQL,
        name="book_release",
        purpose="What the line said, and who answered for it: every version that was ever live.",
        days=None,
        columns={
            "number": "Names the release; stands in every row of the message log",
            "kind": "Published, urgent fix, restored or imported",
            "tree": "Content",
            "author_id": _PERSON_ID,
            "author_name": _PERSON_NAME,
            "approver_id": _PERSON_ID,
            "approver_name": _PERSON_NAME,
            "publisher_id": _PERSON_ID,
            "publisher_name": _PERSON_NAME,
            "note": "What it is about",
            "at": "When it went live",
            "draft_id": "The draft it was",
            "restored_from": "The release whose content it is",
        },
    ),
    StoredTable(
        store=SQL,
        name="release_look",
        purpose="A second person has looked at a release that went live without one.",
        days=None,
        columns={
            "number": "Which release",
            "person_id": _PERSON_ID,
            "person_name": _PERSON_NAME,
            "at": "When",
        },
    ),
    StoredTable(
        store=SQL,
        name="unmatched_message",
        purpose="Messages that were not understood, to teach the line from. Off unless KEEP_UNMATCHED_DAYS is set.",
        days=MOST_UNMATCHED_DAYS,
        until="KEEP_UNMATCHED_DAYS days, or until staff have dealt with it",
        columns={
            "unmatched_id": "Names the row",
            "at": "When; also decides when the row is deleted",
            "pseudonym": "Keyed pseudonym of the sender: what is erased when they ask to be forgotten",
            "sealed": "The text without numbers and names, encrypted; the key lies outside the database",
        },
    ),
    StoredTable(
        store=SQL,
        name="trying_phone",
        purpose="Phones of staff that may try a draft for some hours: they get its replies, and nobody else does.",
        days=0,
        until="its own end, a day at most",
        columns={
            "phone_id": "Names the row",
            "pseudonym": "Keyed pseudonym of the staff member's number, which is not kept",
            "draft_id": "The draft that is tried",
            "person_id": _PERSON_ID,
            "person_name": _PERSON_NAME,
            "at": "When it was allowed",
            "until": "When it ends; also decides when the row is deleted",
        },
    ),
)
