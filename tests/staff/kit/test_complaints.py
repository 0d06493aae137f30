"""What the checker says, in words that need no knowledge of the book's files."""

from __future__ import annotations

import re

from sms_service.core.call_settings import CallPiece, CallSettings
from sms_service.core.checks import check_book
from sms_service.core.contact_tokens import ContactTokens
from sms_service.core.reply_book import Danger, Reply, ReplyBook
from sms_service.service.release import Release
from sms_service.staff.kit.complaints import in_page_words

_OF_FILES = re.compile(
    r"\.yaml|'follow'|'more'|\{contact|danger: \w+\.|waiting_languages|reserved_words|checked_(by|on)|check_again_by"
)


def broken(book: ReplyBook) -> ReplyBook:
    """Give a book in which very much is wrong."""
    text = "Why? Call 0800 1111 or {contact.nobody} or {this}. Text ZEBRA or MORE. " + 40 * "Long words stand here. "
    bad = Reply(title="Bad", keywords=("HELP", "5", "STOP", "MEET"), text={"en": text, "pl": "x"}, follow=("nowhere",))
    lonely = Reply(title="Lonely", text={"en": "Hi."}, more={"en": "Hi."})
    urgent = book.replies["urgent"].model_copy(update={"danger": Danger.NONE})
    call = CallSettings(
        put_through=("nobody", "emergency", "duty_and_advice", "duty_and_advice"),
        menu={"bad": {"en": "Bad"}},
        words={CallPiece.WELCOME: {"en": "Hello."}, CallPiece.QUIET: {"en": "Hush."}},
    )
    service = book.service.model_copy(
        update={"call": call, "menu": ("meet", "iwf", "gone", "meet"), "languages": ("en", "so"), "emergency_line": {}}
    )
    replies = {**book.replies, "bad": bad, "lonely": lonely, "urgent": urgent}
    del replies["thanks"], replies["crisis"]
    return book.model_copy(update={"replies": replies, "service": service})


def test_no_word_of_the_files_is_left(shipped_release: Release) -> None:
    book = broken(shipped_release.book)
    tokens = ContactTokens(book.contacts)
    said = [in_page_words(one, tokens, book) for one in check_book(book)]
    assert len({one.mend for one in said}) > 25
    assert [f"{one.what} {one.mend}" for one in said if _OF_FILES.search(f"{one.what} {one.mend}")] == []
