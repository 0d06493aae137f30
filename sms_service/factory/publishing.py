"""Publishing: the stores behind it, and what makes a release of a book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sms_service.core.loaded_book import LoadedBook
from sms_service.core.people import Person, Role
from sms_service.core.publishing.content import BookFiles, Digest, decoded
from sms_service.core.publishing.errors import BadBookFiles, Blocked
from sms_service.factory.releases import learned_now, load_bank_holidays, understander_at_once
from sms_service.factory.stores import sql_link
from sms_service.service.messaging import utc_now
from sms_service.service.ports import LineLog
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.publishing.publishing import Outside, Publishing, make_publishing
from sms_service.service.publishing.trials import ReadyRelease
from sms_service.service.publishing.trying_phones import WatchedPhones
from sms_service.service.publishing.watching import LiveReleases
from sms_service.service.release import CurrentRelease, Release
from sms_service.service.unmatched import Unmatched
from sms_service.service.unmatched_ports import NothingKept, UnmatchedKeeper
from sms_service.settings import Settings
from sms_service.storage.book_source import raw_files
from sms_service.storage.history import SqlHistory
from sms_service.storage.publishing.book_format import YamlBookFormat
from sms_service.storage.publishing.book_zip import ZipArchive
from sms_service.storage.publishing.in_memory import InMemoryHistory, InMemoryPublishing, InMemoryTryingPhones
from sms_service.storage.publishing.link import SqlLink
from sms_service.storage.publishing.release_cache import FileReleaseCache
from sms_service.storage.publishing.sealing import TextSeal
from sms_service.storage.publishing.sql_store import SqlPublishing
from sms_service.storage.publishing.sql_trying_phones import SqlTryingPhones
from sms_service.storage.publishing.sql_unmatched import SqlUnmatchedKeeper, SqlUnmatchedStore
from sms_service.storage.publishing.watch_thread import WatchThread

__all__ = ["BookWatch", "Maker", "open_publishing", "publishing_in_memory"]

RELEASE_FILE: Final = "release.cache"


@dataclass(frozen=True)
class Maker:
    """Makes releases of books: the :class:`~sms_service.service.publishing.trials.ReleaseMaker`."""

    settings: Settings
    holidays: frozenset[dt.date]
    log: LineLog

    def learned(self, loaded: LoadedBook, *, number: int | None, tree: Digest) -> Release:
        """Make a release that has learned its examples, however long that takes."""
        if loaded.book is None:
            raise Blocked("The settings of the line or its contacts cannot be read.")
        understander = learned_now(loaded.book, loaded.examples, self.settings, self.log)
        return Release.of(
            loaded.book,
            understander,
            now=utc_now(),
            bank_holidays=self.holidays,
            number=number,
            tree=tree,
            examples=loaded.examples,
        )

    def at_once(
        self, loaded: LoadedBook, *, number: int | None, tree: Digest, until_then: Release | None
    ) -> ReadyRelease:
        """Make a release now, without learning."""
        if loaded.book is None:
            raise Blocked("The settings of the line or its contacts cannot be read.")
        before = None if until_then is None else until_then.understander
        understander, has_learned = understander_at_once(loaded.book, loaded.examples, self.settings, self.log, before)
        release = Release.of(
            loaded.book,
            understander,
            now=utc_now(),
            bank_holidays=self.holidays,
            number=number,
            tree=tree,
            examples=loaded.examples,
        )
        return ReadyRelease(release, has_learned)


@contextmanager
def open_book_room(settings: Settings) -> Iterator[Publishing]:
    """Give publishing to a command: nothing answers, nothing watches."""
    from sms_service.ops.line_log import StructuredLog

    log = StructuredLog()
    watch = open_publishing(settings, CurrentRelease(None), Maker(settings, load_bank_holidays(), log), log)
    try:
        yield watch.publishing
    finally:
        watch.close()


def program(name: str) -> Person:
    """Give who acts when a command does: never an approver."""
    return Person(f"program:{name}", f"command {name}", frozenset({Role.EDITOR}))


def unmatched_keeper(settings: Settings, log: LineLog) -> UnmatchedKeeper:
    """Give what takes messages that were not understood; it takes nothing unless that was switched on."""
    if not settings.keep_unmatched_days or settings.unmatched_key is None:
        return NothingKept()
    return SqlUnmatchedKeeper(sql_link(settings), seal_of(settings), log)


def seal_of(settings: Settings) -> TextSeal:
    """Give what encrypts such messages; without a key of its own there is nothing to open."""
    key = "00" * 32 if settings.unmatched_key is None else settings.unmatched_key.get_secret_value()
    return TextSeal(bytes.fromhex(key))


def files_of(directory: Path) -> Mapping[str, bytes]:
    """Give the files of a book in a folder.

    Raises:
        BadBookFiles: When they cannot be read.
    """
    try:
        return raw_files(directory)
    except OSError as error:
        raise BadBookFiles(f"The files in {directory} cannot be read: {error.strerror}.") from error


def deployed_files(settings: Settings) -> BookFiles:
    """Give the files of the deploy.

    Raises:
        BadBookFiles: When they cannot be read.
    """
    return decoded(files_of(settings.responses_dir))


@dataclass(frozen=True, kw_only=True)
class BookWatch:
    """What the line needs of publishing.

    Attributes:
        publishing: For pages and commands.
        live: Brings what is published into this process.
        tried: Which phones of staff get a draft's replies in this process.
        thread: Lets it look twice a second; start it when the process begins.
        unmatched: What was not understood, for staff to learn from.
        link: The way into SQL.
    """

    publishing: Publishing
    live: LiveReleases
    tried: WatchedPhones
    thread: WatchThread
    unmatched: Unmatched
    link: SqlLink

    def close(self) -> None:
        """Stop looking, and close this process's way into SQL."""
        self.thread.stop()
        self.link.close()

    def check(self) -> str | None:
        """Give None when what is published is what this host has, otherwise one sentence for operators."""
        difference = self.publishing.releases.deploy_difference() if (trouble := self.thread.check()) is None else None
        if difference is None:
            return trouble
        return (
            f"{len(difference.paths)} files of this deploy differ from release {difference.live.number}, which is live."
            " Take them into a draft on the staff pages, or discard it there."
        )


def open_publishing(settings: Settings, releases: CurrentRelease, maker: Maker, log: LineLog) -> BookWatch:
    """Put publishing together with its stores in SQL. Nothing is opened, loaded or started before first use."""
    link, book_format = sql_link(settings), YamlBookFormat()
    store = SqlPublishing(link, utc_now)
    outside = Outside(
        store=store,
        history_store=SqlHistory(link),
        book_format=book_format,
        archive=ZipArchive(),
        deployed=cache(lambda: deployed_files(settings)),
        maker=maker,
        phones=SqlTryingPhones(link),
        pseudonyms=Pseudonyms(settings.pseudonym_keys),
    )
    publishing = make_publishing(outside, utc_now, log)
    live = LiveReleases(
        store=store,
        books=publishing.books,
        book_format=book_format,
        cache=FileReleaseCache(settings.var_dir / RELEASE_FILE),
        maker=maker,
        releases=releases,
        log=log,
    )
    unmatched = Unmatched(
        days=settings.keep_unmatched_days,
        store=SqlUnmatchedStore(link, seal_of(settings)),
        drafts=publishing.drafts,
        history=publishing.history,
    )
    tried = WatchedPhones(phones=publishing.phones, log=log, clock=utc_now)

    def look() -> None:
        live.look()
        tried.look()

    thread = WatchThread(look, log)
    return BookWatch(unmatched=unmatched, publishing=publishing, live=live, tried=tried, thread=thread, link=link)


def publishing_in_memory(settings: Settings, maker: Maker, log: LineLog) -> Publishing:
    """Give publishing that forgets everything with the process: for tests of pages."""
    history = InMemoryHistory()
    store = InMemoryPublishing(history)
    outside = Outside(
        store=store,
        history_store=history,
        book_format=YamlBookFormat(),
        archive=ZipArchive(),
        deployed=lambda: deployed_files(settings),
        maker=maker,
        phones=InMemoryTryingPhones(history, store),
        pseudonyms=Pseudonyms(settings.pseudonym_keys),
    )
    return make_publishing(outside, utc_now, log)
