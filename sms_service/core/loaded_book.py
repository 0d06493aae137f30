"""What reading a book's files gives: the book, where its parts stand, its examples, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sms_service.core.checks import Complaint, Path, Places
from sms_service.core.publishing.golden import GoldenText
from sms_service.core.reply_book import ReplyBook
from sms_service.core.sentence_grammar import Expansion


@dataclass(frozen=True, slots=True)
class LoadedBook:
    """What the files of a book give.

    Attributes:
        book: Every good reply and contact; None when the directory or the settings of the line cannot be read.
        places: Which part of the book stands in which file and line.
        examples: Sentences by reply, and ``harmless`` ones.
        grammars: What each grammar file gives, line by line.
        complaints: What is wrong with the files as files, in reading order. The rules of the book come on top:
            :func:`sms_service.core.checks.check_book`.
        unread: Replies and contacts that exist but could not be read.
        golden: Texts that the line must go on understanding.
    """

    book: ReplyBook | None
    places: Places
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    grammars: Mapping[str, tuple[Expansion, ...]] = field(default_factory=dict)
    complaints: tuple[Complaint, ...] = ()
    unread: frozenset[Path] = frozenset()
    golden: tuple[GoldenText, ...] = ()
