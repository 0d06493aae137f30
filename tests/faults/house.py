"""A whole line with its real stores of events, in a folder and on a database that a test may break."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from sms_service.storage.database import Database
from sms_service.storage.event_stores import EventStores, make_event_stores
from sms_service.storage.outbox_queue import OutboxQueue
from sms_service.storage.tables import message_log
from sms_service.webhooks.signed_request import new_message_id
from tests.conftest import LineUnderTest

NUMBER = "+447700900876"
"""Nobody else in the tests texts from it."""

AREAS = ("113", "114", "115", "116", "117", "118", "121", "131", "141", "151")
TEN_THOUSAND = tuple(f"+44{area}4960{number:03d}" for area in AREAS for number in range(1000))
"""All of them are for drama (Ofcom), and no two are the same person."""

PHRASE = "purple-giraffe-canary"
WORST_SECONDS = 4.0
P99_SECONDS = 1.0


@dataclass
class House:
    """The line, its stores and what it has answered so far."""

    line: LineUnderTest
    stores: EventStores
    var_dir: Path
    url: str
    sent: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def text(self, messages: int = 25) -> None:
        """Text the line from as many phones."""
        self.text_from(f"{NUMBER[:-3]}{number % 1000:03d}" for number in range(messages))

    def text_from(self, senders: Iterable[str]) -> None:
        """Text the line; every message gets the words it always gets."""
        for sender in senders:
            message_id = new_message_id()
            started = time.perf_counter()
            [reply] = self.line.texts(f"urgent {PHRASE}", sender, message_id)
            self.seconds.append(time.perf_counter() - started)
            assert "999" in reply
            self.sent.append(message_id)

    def check_answers(self) -> None:
        """Every answer came in time, and neither number nor text is anywhere."""
        assert max(self.seconds) < WORST_SECONDS
        assert sorted(self.seconds)[int(len(self.seconds) * 0.99) - 1] < P99_SECONDS
        assert self.leaks() == []

    def leaks(self) -> list[str]:
        """Give the places that hold a number or a word of somebody."""
        # Long enough not to stand in a pseudonym by chance.
        numbers = (NUMBER[1:-3], f"0{NUMBER[3:-3]}", *(f"44{area}4960" for area in AREAS))
        secrets = (*(number.encode() for number in numbers), PHRASE.encode())
        places = {str(path): path.read_bytes() for path in self.var_dir.rglob("*") if path.is_file()}
        places["log"] = repr((self.line.log.events, self.line.log.refusals)).encode()
        places["troubles"] = repr([code for code, _ in self.line.log.troubles]).encode()
        places["checks"] = str(self.stores.check()).encode()
        return [place for place, content in places.items() if any(secret in content for secret in secrets)]

    def waiting(self) -> int:
        with OutboxQueue(self.var_dir / "outbox.sqlite3") as queue:
            return queue.fill().waiting

    def rows(self) -> int:
        """Give how many rows SQL has; -1 when it cannot be asked."""
        database = Database(self.url)
        try:
            with database.read() as connection:
                return int(connection.execute(select(func.count()).select_from(message_log)).scalar_one())
        except SQLAlchemyError:
            return -1
        finally:
            database.close()

    def all_arrive(self, seconds: float = 30.0) -> None:
        """Wait until SQL has a row for every message, once each, and nobody complains any more."""
        eventually(lambda: self.rows() == len(self.sent), seconds)
        eventually(lambda: self.waiting() == 0, seconds)
        assert self.stores.outbox.check() is None


def eventually(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come in time"
        time.sleep(0.05)


def build_house(make_line: Callable[..., LineUnderTest], var_dir: Path, url: str | None) -> House:
    """Put a house on a folder that has been set up, and start its drain."""
    line = make_line(VAR_DIR=str(var_dir))
    stores = make_event_stores(var_dir, url, line.log)
    line = line.with_parts(recorder=stores.outbox, erasure=stores.erasure)
    stores.drain.ensure_running()
    return House(line, stores, var_dir, url or f"sqlite:///{var_dir / 'line.sqlite3'}")
