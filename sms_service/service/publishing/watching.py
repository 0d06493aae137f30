"""What is published becomes what is said: every process looks for a newer release and swaps it in beside the traffic.

No request ever waits for it. When SQL is down, what is in memory goes on; a process that starts meanwhile begins with
the release that this host kept on its disk, and without one with the files of the deploy.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sms_service.core.loaded_book import LoadedBook
from sms_service.core.publishing.content import BookFiles, tree_digest, tree_of
from sms_service.core.publishing.errors import Blocked, NotFound
from sms_service.core.publishing.records import FILES
from sms_service.service.ports import LineLog
from sms_service.service.publishing.books import Books
from sms_service.service.publishing.ports import BookFormat, ReleaseStore
from sms_service.service.publishing.trials import ReleaseMaker
from sms_service.service.release import CurrentRelease, Release


@dataclass(frozen=True, slots=True)
class CachedRelease:
    """A release as this host keeps it."""

    number: int
    files: BookFiles


class ReleaseCache(Protocol):
    """Keeps the live release on this host."""

    def load(self) -> CachedRelease | None:
        """Give what is kept; None when it is missing or damaged. Never raises."""
        ...

    def save(self, number: int, files: BookFiles) -> bool:
        """Keep a release; False when that was not possible. Never raises."""
        ...


def in_a_thread(work: Callable[[], None]) -> None:
    """Do something beside the traffic."""
    threading.Thread(target=work, name="learn-free-text", daemon=True).start()


@dataclass(frozen=True, kw_only=True)
class LiveReleases:
    """Brings published releases into this process's memory.

    Attributes:
        store: Says which release is live.
        books: Gives its files.
        book_format: Reads them.
        cache: Keeps them on this host.
        maker: Makes what answers.
        releases: What answers now.
        log: Told of every swap and of what goes wrong.
        run: Does the learning in the background.
    """

    store: ReleaseStore
    books: Books
    book_format: BookFormat
    cache: ReleaseCache
    maker: ReleaseMaker
    releases: CurrentRelease
    log: LineLog
    run: Callable[[Callable[[], None]], None] = in_a_thread

    def begin_with_cache(self) -> bool:
        """Answer from what this host kept, without asking anybody; False when there is nothing good."""
        cached = self.cache.load()
        if cached is None:
            return False
        try:
            self._swap(cached.number, self.book_format.load(cached.files), tree_digest(tree_of(cached.files)))
        except Exception as error:  # noqa: BLE001 - the files of the deploy are left
            self.log.trouble("cached_release_failed", error=error)
            return False
        return True

    def look(self) -> bool:
        """Swap the newest release in, if it is another than the one that answers; give whether it was.

        Raises:
            LineError: When the store cannot be asked, or the release cannot be used; what answers now goes on.
        """
        number = self.store.newest_number()
        current = self.releases.current
        if number in (FILES, None if current is None else current.number):
            return False
        record = self.store.release(number)
        if record is None:
            raise NotFound(f"Release {number} is missing.")
        files = self.books.files(record.tree)
        self._swap(number, self.book_format.load(files), record.tree)
        if not self.cache.save(number, files):
            self.log.trouble("release_cache_failed")
        return True

    def learn(self, loaded: LoadedBook, release: Release) -> None:
        """Learn a release's examples in the background, and let it answer with them when it still is the one."""

        def learn_and_swap() -> None:
            try:
                self.releases.replace(
                    release, self.maker.learned(loaded, number=release.number, tree=release.tree or "")
                )
            except Exception as error:  # noqa: BLE001 - without free text the line still answers
                self.log.trouble("learning_failed", error=error)

        self.run(learn_and_swap)

    def _swap(self, number: int, loaded: LoadedBook, tree: str) -> None:
        if loaded.book is None or not loaded.book.replies:
            raise Blocked(f"Release {number} cannot be read.")
        ready = self.maker.at_once(loaded, number=number, tree=tree, until_then=self.releases.current)
        self.releases.swap(ready.release)
        if not ready.has_learned:
            self.learn(loaded, ready.release)
