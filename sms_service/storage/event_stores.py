"""Puts the stores of events together, for the factory: which files, which database, one drain a process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sms_service.core.errors import LineError
from sms_service.service.history_ports import HistoryStore
from sms_service.service.ports import LineLog
from sms_service.service.retention_ports import AgeingStore, PersonRecords
from sms_service.storage.drain_thread import DrainThread
from sms_service.storage.erasures import QueuedErasure
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_file import create_outbox
from sms_service.storage.outbox_watch import OutboxWatch

if TYPE_CHECKING:
    from sms_service.storage.drain import Drain

OUTBOX_FILE: Final = "outbox.sqlite3"
DATABASE_FILE: Final = "line.sqlite3"


class StoreFailed(LineError):
    """A store could not do what it was asked to. The sentence names the kind of failure, no address and no value."""

    code = "store_failed"
    retry_helps = True


class StoreMissing(LineError):
    """A file that should be there is not, although its fellow is: somebody has to look before an empty one is made."""

    code = "store_missing"


@dataclass(frozen=True, slots=True)
class EventStores:
    """What a process that answers messages needs.

    Attributes:
        outbox: Takes the events.
        erasure: Takes the wishes to be forgotten.
        drain: Brings both to SQL; start it with ``ensure_running`` when the process begins.
        watch: Looks at how the outbox stands.
    """

    outbox: Outbox
    erasure: QueuedErasure
    drain: DrainThread
    watch: OutboxWatch

    def check(self) -> str | None:
        """Give None when events are kept and move on to SQL, otherwise one sentence for operators."""
        return self.outbox.check() or self.drain.check() or self.watch.check()


@dataclass(frozen=True, slots=True)
class DataStores:
    """What deletion, erasure and holds need."""

    ageing: tuple[AgeingStore, ...]
    people: PersonRecords
    history: HistoryStore


@dataclass(frozen=True, slots=True)
class SetUp:
    """What setting up did: the files that were made, and the shape of the database afterwards."""

    made: tuple[Path, ...]
    revision: str | None


def database_url(var_dir: Path, configured: str | None) -> str:
    """Give the address of the SQL database: as configured, otherwise a file in VAR_DIR."""
    return configured or f"sqlite:///{(var_dir / DATABASE_FILE).absolute()}"


def make_event_stores(var_dir: Path, configured_url: str | None, log: LineLog) -> EventStores:
    """Put them together. Nothing is opened, loaded or started before first use."""
    path = var_dir / OUTBOX_FILE
    url = database_url(var_dir, configured_url)

    def open_drain() -> Drain:
        from sms_service.storage.database import Database
        from sms_service.storage.drain import Drain

        return Drain(path, Database(url), before_turn=outbox.flush)

    drain = DrainThread(open_drain, log)
    outbox = Outbox(path, on_open=drain.ensure_running)
    return EventStores(outbox, QueuedErasure(path), drain, OutboxWatch(path))


def is_set_up(var_dir: Path) -> bool:
    """Whether the outbox has ever been made here."""
    return (var_dir / OUTBOX_FILE).exists()


def set_up(var_dir: Path, configured_url: str | None, *, make_missing: bool = False) -> SetUp:
    """Make the files that are not there yet and bring the database to the shape this program needs.

    Args:
        var_dir: Folder of the files.
        configured_url: Of the SQL database, or None for a file in that folder.
        make_missing: Make a missing or empty database file even though the outbox shows that there was one.

    Raises:
        StoreMissing: When the database's file has gone since it was set up.
        StoreFailed: When a store cannot be made or changed; run it again later.
    """
    from sms_service.storage.database import Database
    from sms_service.storage.migrate import current_revision, upgrade

    url = database_url(var_dir, configured_url)
    with _told_as_store_failed():
        file = Database(url).file
        is_new = file is not None and (not file.exists() or file.stat().st_size == 0)
        if is_new and is_set_up(var_dir) and not make_missing:
            raise StoreMissing(
                f"{file} is missing or empty, but this line was set up before. Restore it from a backup, or, if it is "
                "to begin anew, run `python -m sms_service migrate --make-missing`."
            )
        upgrade(url)
        # Last: that it is there says that the database was.
        made_outbox = create_outbox(var_dir / OUTBOX_FILE)
        database = Database(url)
        try:
            with database.read() as connection:
                revision = current_revision(connection)
        finally:
            database.close()
    made = [file] if is_new and file is not None else []
    return SetUp((*made, *([var_dir / OUTBOX_FILE] if made_outbox else [])), revision)


@contextmanager
def data_stores(var_dir: Path, configured_url: str | None, keep_unmatched_days: int = 0) -> Iterator[DataStores]:
    """Open the stores for deletion, erasure and holds.

    Raises:
        StoreFailed: From the block too: every failure of a store in it becomes one.
    """
    from sms_service.storage.ageing import ageing_stores
    from sms_service.storage.database import Database
    from sms_service.storage.history import SqlHistory
    from sms_service.storage.person_records import SqlPersonRecords
    from sms_service.storage.publishing.link import SqlLink

    path = var_dir / OUTBOX_FILE
    with _told_as_store_failed():
        database = Database(database_url(var_dir, configured_url))
        try:
            yield DataStores(
                tuple(ageing_stores(database, path, keep_unmatched_days=keep_unmatched_days)),
                SqlPersonRecords(database, path),
                SqlHistory(SqlLink(lambda: database)),
            )
        finally:
            database.close()


@contextmanager
def _told_as_store_failed() -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except sqlite3.Error as error:
        raise StoreFailed(f"The outbox cannot be used ({_kind(error)}). Has `migrate` been run?") from error
    except SQLAlchemyError as error:
        # The words of a driver's error can hold an address or values.
        raise StoreFailed(f"The SQL database cannot be used ({_kind(error)}). Has `migrate` been run?") from error
    except OSError as error:
        raise StoreFailed(f"A file cannot be used ({error.strerror}).") from error


def _kind(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return getattr(original, "sqlite_errorname", None) or type(original).__name__
