"""Everything that pages and commands use to change what the line says, on one hook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sms_service.core.publishing.content import BookFiles
from sms_service.service.history import History
from sms_service.service.history_ports import HistoryStore
from sms_service.service.ports import LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.publishing.books import Books
from sms_service.service.publishing.drafts import Drafts
from sms_service.service.publishing.ports import BookArchive, BookFormat, PublishingStore
from sms_service.service.publishing.releases import Releases
from sms_service.service.publishing.review import Review
from sms_service.service.publishing.trials import ReleaseMaker, Trials
from sms_service.service.publishing.trying_phones import TryingPhones
from sms_service.service.publishing.trying_ports import TryingPhoneStore


@dataclass(frozen=True, kw_only=True)
class Publishing:
    """The stories of publishing. Safe to share between threads; any call may raise a ``LineError`` for the page."""

    books: Books
    drafts: Drafts
    review: Review
    releases: Releases
    trials: Trials
    phones: TryingPhones
    history: History
    archive: BookArchive


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What publishing needs from outside.

    Attributes:
        store: Drafts, releases and contents.
        history_store: The history.
        book_format: Reads and writes YAML.
        archive: Packs zip files.
        deployed: Gives the files of the deploy; may raise ``BadBookFiles``.
        maker: Makes releases.
        phones: Keeps which phones try drafts.
        pseudonyms: Stand for their numbers.
    """

    store: PublishingStore
    history_store: HistoryStore
    book_format: BookFormat
    archive: BookArchive
    deployed: Callable[[], BookFiles]
    maker: ReleaseMaker
    phones: TryingPhoneStore
    pseudonyms: Pseudonyms


def make_publishing(
    outside: Outside,
    clock: Callable[[], dt.datetime],
    log: LineLog,
    run: Callable[[Callable[[], None]], None] | None = None,
) -> Publishing:
    """Put the stories together.

    Args:
        outside: The adapters.
        clock: Gives the moment, aware.
        log: For operators.
        run: Starts work in the background; a thread unless given.
    """
    store, book_format = outside.store, outside.book_format
    history = History(store=outside.history_store, clock=clock)
    books = Books(store, store, book_format, outside.deployed)
    drafts = Drafts(store=store, books=books, book_format=book_format, history=history)
    trials = Trials(books, outside.maker, clock, log, run)
    return Publishing(
        books=books,
        drafts=drafts,
        review=Review(store=store, drafts=drafts, trials=trials, history=history),
        releases=Releases(store=store, drafts=drafts, books=books, trials=trials, history=history),
        trials=trials,
        phones=TryingPhones(
            store=outside.phones, drafts=drafts, trials=trials, history=history, pseudonyms=outside.pseudonyms
        ),
        history=history,
        archive=outside.archive,
    )
