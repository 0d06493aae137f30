"""The reply book from its files, and what understands texts by it: together a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sms_service.core.loaded_book import LoadedBook
from sms_service.core.reply_book import ReplyBook
from sms_service.core.understanding import learning
from sms_service.core.understanding.pipeline import Understander
from sms_service.service.asking import Asker
from sms_service.service.learning import learned_from
from sms_service.service.messaging import utc_now
from sms_service.service.ports import LineLog
from sms_service.service.release import Release
from sms_service.settings import Settings
from sms_service.storage import bank_holidays, response_files
from sms_service.storage.model_cache import ModelCache
from sms_service.storage.sentence_encoder import shipped_encoder
from sms_service.storage.word_list import english_words

__all__ = [
    "FirstRelease",
    "asker_from_files",
    "build_understander",
    "learned_now",
    "load_bank_holidays",
    "load_book",
    "release_from_files",
    "understander_at_once",
    "with_free_text",
]


def load_book(directory: Path) -> LoadedBook:
    """Load the reply book from a folder of files, with every complaint about them. Nothing in a file raises."""
    return response_files.load_book(directory)


def load_bank_holidays() -> frozenset[dt.date]:
    """Give the days on which offices in England and Wales are shut."""
    return bank_holidays.load_bank_holidays()


def build_understander(
    book: ReplyBook, examples: Mapping[str, tuple[str, ...]], settings: Settings, *, learn_now: bool = False
) -> Understander:
    """Give what finds the reply for a text.

    Free text is whole at once when this host has learned these examples before. Otherwise they are learned now
    (``learn_now``, tens of seconds: for the command line), or the sentence encoder reads alone until somebody else has
    learned them.
    """
    if learn_now:
        return learned_now(book, examples, settings)
    return understander_at_once(book, examples, settings)[0]


def learned_now(
    book: ReplyBook, examples: Mapping[str, tuple[str, ...]], settings: Settings, log: LineLog | None = None
) -> Understander:
    """Give what finds the reply for a text, with these examples learned: tens of seconds when they are new here."""
    learned = learned_from(examples, ModelCache(settings.var_dir / "models"))
    return with_free_text(Understander(book, english_words(), None), learned, log)


def understander_at_once(
    book: ReplyBook,
    examples: Mapping[str, tuple[str, ...]],
    settings: Settings,
    log: LineLog | None = None,
    before: Understander | None = None,
) -> tuple[Understander, bool]:
    """Give what finds the reply for a text, now, and whether it has learned these very examples.

    With these examples where ``before`` answers with them, or this host has learned them; else as ``before`` reads own
    words; else with the sentence encoder alone.
    """
    digest = learning.examples_digest(examples)
    understander = Understander(book, english_words(), None) if before is None else before.for_book(book)
    if understander.learned_from == digest:
        return understander, True
    learned = ModelCache(settings.var_dir / "models").load(digest)
    if learned is not None:
        return with_free_text(understander, learned, log), True
    encoder = None if understander.reads_own_words else shipped_encoder()
    if encoder is not None:
        understander = understander.with_free_text(*learning.free_text_while_learning(encoder, english_words()))
    return understander, False


def with_free_text(
    understander: Understander, learned: learning.LearnedText, log: LineLog | None = None
) -> Understander:
    """Give the same understander with what was learned. A failing encoder is told to ``log`` and left out."""

    def tell(error: Exception) -> None:
        if log is not None:
            log.trouble("sentence_encoder_failed", error=error)

    free_text, spelling = learning.free_text_from(learned, english_words(), shipped_encoder(), tell)
    return understander.with_free_text(free_text, spelling)


@dataclass(frozen=True, slots=True)
class FirstRelease:
    """What a process starts with: the book from the files, and one sentence for operators when it is not whole."""

    release: Release | None
    trouble: str | None
    loaded: LoadedBook


def release_from_files(settings: Settings, holidays: frozenset[dt.date], *, learn_now: bool = False) -> FirstRelease:
    """Make a release of the book in ``RESPONSES_DIR``. A bad file costs that reply, never the line."""
    loaded = load_book(settings.responses_dir)
    if loaded.book is None:
        return FirstRelease(None, "No reply book: every text gets the built-in fallback. Run `check`.", loaded)
    understander = build_understander(loaded.book, loaded.examples, settings, learn_now=learn_now)
    release = Release.of(loaded.book, understander, now=utc_now(), bank_holidays=holidays, examples=loaded.examples)
    bad = sum(complaint.is_error for complaint in loaded.complaints)
    return FirstRelease(release, f"{bad} errors in the reply book's files. Run `check`." if bad else None, loaded)


def asker_from_files(settings: Settings) -> Asker | None:
    """Give what answers without a web server, from the book's files; None without a book. Learns them when needed."""
    holidays = load_bank_holidays()
    release = release_from_files(settings, holidays, learn_now=True).release
    return None if release is None else Asker(release, holidays)
