"""A whole line with its real stores, behind its web server's front, which a test may break around it."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import io
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, func, select
from sqlalchemy.exc import SQLAlchemyError

from sms_service.core.events import Event
from sms_service.ops.line_log import StructuredLog
from sms_service.service.ports import HotState
from sms_service.storage.database import Database
from sms_service.storage.event_stores import EventStores, make_event_stores
from sms_service.storage.hot_state import make_hot_state
from sms_service.storage.outbox_queue import OutboxQueue
from sms_service.storage.tables import message_log
from sms_service.webhooks.signed_request import new_message_id
from tests.conftest import PUBLIC_URL, CapturedLog, LineUnderTest
from tests.faults.hot_state_line import SkippingClock
from tests.faults.measurements import stopwatch
from tests.faults.provider import HttpAnswer, KnownTexts, Provider
from tests.waiting import eventually

NUMBER = "+447700900876"
"""Nobody else in the tests texts from it."""

AREAS = ("113", "114", "115", "116", "117", "118", "121", "131", "141", "151")
TEN_THOUSAND = tuple(f"whatsapp:+44{area}4960{number:03d}" for area in AREAS for number in range(1000))
"""All of them are for drama (Ofcom), and no two are the same person. There are only a thousand mobile ones; these are
landlines, which are answered on WhatsApp alone."""


def phone(number: int) -> str:
    """Give one of 999 mobile numbers for drama; the one that is left is the line's own."""
    return f"{NUMBER[:-3]}{1 + number % 999:03d}"


PHRASE = f"canary-{secrets.token_hex(6)}"
"""Nobody could have written it before this run."""

NUMBERS = (NUMBER[1:-3], f"0{NUMBER[3:-3]}", *(f"44{area}4960" for area in AREAS))
"""How numbers of ours begin; long enough not to stand in a pseudonym by chance."""

SECRETS = tuple(secret.encode() for secret in (*NUMBERS, PHRASE, PHRASE.upper()))


class KeptLog(CapturedLog):
    """Keeps what happened, and the lines that an operator would read."""

    def __init__(self) -> None:
        super().__init__()
        self.stream = io.StringIO()
        self._lines = StructuredLog(self.stream)

    def event(self, event: Event) -> None:
        super().event(event)
        self._lines.event(event)

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        super().trouble(code, error=error, message_id=message_id)
        self._lines.trouble(code, error=error, message_id=message_id)

    def refusal(self, code: str) -> None:
        super().refusal(code)
        self._lines.refusal(code)


@dataclass
class House:
    """The line, its stores and what it has answered so far."""

    line: LineUnderTest
    hot_state: HotState
    stores: EventStores
    var_dir: Path
    url: str
    log: KeptLog
    clock: SkippingClock
    provider: Provider = field(init=False)
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = KnownTexts(self.line.release)
        # Asked for each time: a test may replace a part of the line.
        self.provider = Provider(self._post, PUBLIC_URL, known, self._now)

    def _now(self) -> dt.datetime:
        return self.line.story.clock()

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        client = self.line.client.application.test_client()  # one a request: threads may not share one
        started = stopwatch()
        answer = client.post(path, data=body, headers=headers)
        return HttpAnswer(answer.status_code, answer.content_type, answer.data, stopwatch() - started)

    def with_parts(self, **parts: Any) -> None:
        """Replace parts of the line's story."""
        self.line = self.line.with_parts(**parts)

    # Texting ------------------------------------------------------------------------------------------------------

    def text(self, messages: int = 25) -> None:
        """Text the line from as many phones."""
        self.text_from(phone(number) for number in range(messages))

    def text_from(self, senders: Iterable[str]) -> None:
        """Text the line about danger; every message gets words with the emergency number."""
        for sender in senders:
            message_id = new_message_id()
            assert "999" in self.provider.text(f"urgent {PHRASE}", sender, message_id)
            self.sent.append(message_id)

    def say(self, text: str, sender: str = NUMBER, message_id: str | None = None, **more: str) -> str:
        """Text the line once; give what it says."""
        message_id = message_id or new_message_id()
        reply = self.provider.text(text, sender, message_id, **more)
        if message_id not in self.sent:
            self.sent.append(message_id)
        return reply

    def answers_again(self, text: str, sender: str, message_id: str) -> bytes:
        """Text the line with an id of before; give the very bytes."""
        return self.provider.send_untimed(self.line.fields(text, sender, message_id)).body

    # Looking ------------------------------------------------------------------------------------------------------

    def readiness(self) -> dict[str, str]:
        """Give what /readyz says of each part; it says 200 whatever is broken."""
        answer = self.line.client.get("/readyz")
        assert answer.status_code == 200
        assert answer.json is not None
        return dict(answer.json["parts"])

    def check_answers(self) -> None:
        """Every answer came in time, and neither number nor text is anywhere."""
        self.provider.check_times()
        assert self.leaks() == []

    def leaks(self, *more: tuple[str, bytes]) -> list[str]:
        """Give the places that hold a number or a word of somebody."""
        places = {str(path): path.read_bytes() for path in self.var_dir.rglob("*") if path.is_file()}
        places |= {"log": self.log.stream.getvalue().encode(), "database": self._every_row(), **dict(more)}
        client = self.line.client
        for path in ("/readyz", "/healthz", "/nothing", "/sms", "/sms/nothing"):
            places[path] = client.get(path).data
        places["refused"] = client.post("/sms", data={"Body": PHRASE, "From": NUMBER}).data
        return [place for place, content in places.items() if any(secret in content for secret in SECRETS)]

    def _every_row(self) -> bytes:
        """Give every value of every table, as far as SQL can be asked."""
        database = Database(self.url)
        try:
            with database.read() as connection:
                tables = MetaData()
                tables.reflect(connection)
                rows = [connection.execute(select(table)).fetchall() for table in tables.sorted_tables]
            return repr(rows).encode()
        except SQLAlchemyError:
            return b""
        finally:
            database.close()

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


def fill(folder: Path) -> Path:
    """Take every free byte of a disk; give the file that does."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return filler


def build_house(
    make_line: Callable[..., LineUnderTest],
    var_dir: Path,
    url: str | None,
    redis_url: str | None = None,
    **environ: str,
) -> House:
    """Put a house on a folder that has been set up, and start its drain."""
    base, log, clock = make_line(VAR_DIR=str(var_dir), **environ), KeptLog(), SkippingClock()
    stores = make_event_stores(var_dir, url, log)
    hot_state = make_hot_state(redis_url, var_dir, clock)
    story = dataclasses.replace(
        base.story, log=log, hot_state=hot_state, recorder=stores.outbox, erasure=stores.erasure
    )
    line = dataclasses.replace(base.line, log=log, hot_state=hot_state, events=stores, messaging=story)
    stores.drain.ensure_running()
    database = url or f"sqlite:///{var_dir / 'line.sqlite3'}"
    return House(LineUnderTest(line, log, base.recorder), hot_state, stores, var_dir, database, log, clock)
