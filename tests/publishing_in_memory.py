"""Publishing with stores in memory and the shipped book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sms_service.core.loaded_book import LoadedBook
from sms_service.core.people import Person, Role
from sms_service.core.publishing.content import BookFiles, decoded
from sms_service.core.publishing.errors import Blocked
from sms_service.core.understanding.pipeline import Understander
from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.publishing.publishing import Outside, Publishing, make_publishing
from sms_service.service.publishing.trials import ReadyRelease
from sms_service.service.release import Release
from sms_service.service.unmatched_ports import UnmatchedMessage
from sms_service.settings import PseudonymKey
from sms_service.storage.book_source import raw_files
from sms_service.storage.publishing.book_format import YamlBookFormat
from sms_service.storage.publishing.book_zip import ZipArchive
from sms_service.storage.publishing.in_memory import InMemoryHistory, InMemoryPublishing, InMemoryTryingPhones

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
EVERYTHING = frozenset(Role)

ANN = Person("ann", "Ann Example", frozenset({Role.EDITOR, Role.APPROVER}))
BEN = Person("ben", "Ben Example", frozenset({Role.EDITOR, Role.APPROVER}))
OLA = Person("ola", "Ola Example", frozenset({Role.OPS}))


@dataclass
class Clock:
    """A clock that goes on by a second a look."""

    now: dt.datetime = NOON

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


@dataclass
class KeywordsOnly:
    """Makes releases that understand by keywords: quick."""

    made: list[str] = field(default_factory=list)

    def learned(self, loaded: LoadedBook, *, number: int | None, tree: str) -> Release:
        if loaded.book is None:
            raise Blocked("The settings of the line or its contacts cannot be read.")
        self.made.append(tree)
        return Release.of(loaded.book, Understander(loaded.book, frozenset()), now=NOON, number=number, tree=tree)

    def at_once(self, loaded: LoadedBook, *, number: int | None, tree: str, until_then: Release | None) -> ReadyRelease:
        return ReadyRelease(self.learned(loaded, number=number, tree=tree), has_learned=True)


class NoLog:
    def event(self, event) -> None: ...

    def trouble(self, code, *, error=None, message_id=None) -> None:
        raise AssertionError(code) from error

    def refusal(self, code) -> None: ...


@dataclass
class Deploy:
    """The files of the deploy, which a test may change."""

    files: BookFiles

    def __call__(self) -> BookFiles:
        return self.files


class Messages:
    """Keeps messages that were not understood, newest first."""

    def __init__(self, *texts: str) -> None:
        self.kept = [
            UnmatchedMessage(f"u{number}", NOON - dt.timedelta(minutes=number), text)
            for number, text in enumerate(texts)
        ]

    def messages(self, before: UnmatchedMessage | None, most: int) -> tuple[UnmatchedMessage, ...]:
        return tuple(one for one in self.kept if before is None or one.at < before.at)[:most]

    def message(self, unmatched_id: str) -> UnmatchedMessage | None:
        return next((one for one in self.kept if one.unmatched_id == unmatched_id), None)

    def remove(self, unmatched_id: str) -> None:
        self.kept = [one for one in self.kept if one.unmatched_id != unmatched_id]


def at_once(work: Callable[[], None]) -> None:
    work()


@pytest.fixture(scope="session")
def shipped_files(project_root: Path) -> BookFiles:
    """The shipped book, with few examples."""
    files = decoded(raw_files(project_root / "responses"))
    return {
        path: text[:400].rpartition("\n")[0] + "\n" if path.endswith(".txt") else text for path, text in files.items()
    }


@pytest.fixture
def deploy(shipped_files: BookFiles) -> Deploy:
    return Deploy(dict(shipped_files))


@pytest.fixture
def outside(deploy: Deploy) -> Outside:
    return outside_of(deploy)


def outside_of(deploy: Deploy) -> Outside:
    """Give stores in memory with the book of a deploy."""
    history = InMemoryHistory()
    store = InMemoryPublishing(history)
    return Outside(
        store=store,
        history_store=history,
        book_format=YamlBookFormat(),
        archive=ZipArchive(),
        deployed=deploy,
        maker=KeywordsOnly(),
        phones=InMemoryTryingPhones(history, store),
        pseudonyms=Pseudonyms((PseudonymKey("k2", bytes.fromhex(32 * "22")),)),
    )


@pytest.fixture
def publishing(outside: Outside) -> Publishing:
    return make_publishing(outside, Clock(), NoLog(), run=at_once)
