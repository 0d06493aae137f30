"""Publishing: the stores behind it, and what makes a release of a book."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.content import BookFiles, Digest, decoded
from sms_service.core.publishing.errors import BadBookFiles, Blocked
from sms_service.factory.releases import learned_now, understander_at_once
from sms_service.service.messaging import utc_now
from sms_service.service.ports import LineLog
from sms_service.service.publishing.publishing import Outside, Publishing, make_publishing
from sms_service.service.release import Release
from sms_service.settings import Settings
from sms_service.storage.book_source import raw_files
from sms_service.storage.publishing.book_format import YamlBookFormat
from sms_service.storage.publishing.book_zip import ZipArchive
from sms_service.storage.publishing.in_memory import InMemoryHistory, InMemoryPublishing

__all__ = ["Maker", "publishing_in_memory"]


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

    def at_once(self, loaded: LoadedBook, *, number: int | None, tree: Digest, until_then: Release | None) -> Release:
        """Make a release now, without learning."""
        if loaded.book is None:
            raise Blocked("The settings of the line or its contacts cannot be read.")
        before = None if until_then is None else until_then.understander
        understander = understander_at_once(loaded.book, loaded.examples, self.settings, self.log, before)
        return Release.of(
            loaded.book,
            understander,
            now=utc_now(),
            bank_holidays=self.holidays,
            number=number,
            tree=tree,
            examples=loaded.examples,
        )


def deployed_files(settings: Settings) -> BookFiles:
    """Give the files of the deploy.

    Raises:
        BadBookFiles: When they cannot be read.
    """
    try:
        return decoded(raw_files(settings.responses_dir))
    except OSError as error:
        raise BadBookFiles(f"The files of the deploy cannot be read: {error.strerror}.") from error


def publishing_in_memory(settings: Settings, maker: Maker, log: LineLog) -> Publishing:
    """Give publishing that forgets everything with the process: for tests of pages."""
    history = InMemoryHistory()
    outside = Outside(
        store=InMemoryPublishing(history),
        history_store=history,
        book_format=YamlBookFormat(),
        archive=ZipArchive(),
        deployed=lambda: deployed_files(settings),
        maker=maker,
    )
    return make_publishing(outside, utc_now, log)
