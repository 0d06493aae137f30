"""One server at a fixed rate, and how fast its outbox empties: what people wait when the line is busy but not full."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.servers import LOAD_CORE, Server, the_line
from bench.stores import Valkey
from sms_service.core.events import Event, EventKind
from sms_service.storage.database import Database
from sms_service.storage.drain import Drain
from sms_service.storage.migrate import upgrade
from sms_service.storage.outbox import Outbox
from sms_service.storage.outbox_file import create_outbox

_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Waiting:
    """Requests a second when full; milliseconds that half and 99 % waited when full, and at 70 % of that rate."""

    full_rate: float
    full_p50: float
    full_p99: float
    p50: float
    p99: float


def measure_waiting(folder: Path, mix: str, rounds: int, requests: int, *, with_valkey: bool) -> Waiting:
    """Load one process until it is full, then at 70 % of that, in turns; medians of all turns."""
    with ExitStack() as stack:
        redis_url = stack.enter_context(Valkey(folder, LOAD_CORE)).url if with_valkey else ""
        server = stack.enter_context(Server(the_line(folder / "line", REDIS_URL=redis_url), folder / "log"))
        server.send(mix=mix, requests=requests)
        full, part = [], []
        for _ in range(rounds):
            full.append(server.send(mix=mix, requests=requests))
            rate = _SHARE * requests / full[-1].seconds
            part.append(server.send(mix=mix, requests=requests, rate=rate, connections=64))
    middle = statistics.median
    return Waiting(
        middle(requests / one.seconds for one in full),
        middle(one.quantile(0.5) for one in full),
        middle(one.quantile(0.99) for one in full),
        middle(one.quantile(0.5) for one in part),
        middle(one.quantile(0.99) for one in part),
    )


def measure_drain(folder: Path, database_url: str, events: int) -> float:
    """Give events a second that one drain moves into a database."""
    upgrade(database_url)
    path = folder / "outbox.sqlite3"
    create_outbox(path)
    outbox = Outbox(path)
    now = dt.datetime.now(dt.UTC)
    for number in range(events):
        message_id = f"SM{number:032x}"
        outbox.record(
            Event(
                event_id=f"message:{message_id}", kind=EventKind.MESSAGE, at=now, message_id=message_id, channel="sms",
                pseudonym=f"{number:032x}", key_id="k1", outcome="answered", stage="keyword", reply="help",
                part="text", language="en", segments=2, latency_ms=1.0, without_guessing="help",
            )
        )  # fmt: skip
    outbox.close()
    drain = Drain(path, Database(database_url))
    started = time.perf_counter()
    moved = drain.empty()
    seconds = time.perf_counter() - started
    drain.close()
    if moved != events:
        raise RuntimeError(f"{moved} of {events} events were moved")
    return events / seconds
