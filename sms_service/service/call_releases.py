"""A call is answered from the release it began with, although another one is published meanwhile.

Two are kept in each process: the newest, and the one before. A call that outlives both, or comes to a process that
never had its release, goes on with the newest: a reply that is gone becomes the fallback with the numbers, a language
that is gone becomes English, and a choice is offered anew before it is taken.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from sms_service.core.calls.script import CallWords
from sms_service.service.release import CurrentRelease, Release

_KEPT: Final = 2


@dataclass(frozen=True, slots=True)
class CallRelease:
    """A release with the words of its calls."""

    release: Release
    words: CallWords

    @property
    def number(self) -> int:
        """Of the release; 0 for a book from files."""
        return self.release.number or 0


class CallReleases:
    """Gives the release for a call. Shared by threads.

    Args:
        releases: The line's.
    """

    def __init__(self, releases: CurrentRelease) -> None:
        self._releases = releases
        self._lock = threading.Lock()
        self._kept: tuple[CallRelease, ...] = ()

    def newest(self) -> CallRelease | None:
        """Give the release that answers now; None without a reply book."""
        release = self._releases.current
        if release is None:
            return None
        kept = self._kept
        if not kept or kept[0].release is not release:
            with self._lock:
                # One that has only learned more, under the same number, takes the place of its former self.
                older = tuple(one for one in self._kept if one.number != (release.number or 0))
                kept = self._kept = (CallRelease(release, CallWords(release.book)), *older)[:_KEPT]
        return kept[0]

    def of_call(self, number: int) -> CallRelease | None:
        """Give the release of a number that a call began with, or the newest."""
        newest = self.newest()
        return next((one for one in self._kept if one.number == number), newest)
