"""A line whose N-th call to the disk fails with EIO, for N from 1 to 100: started by row 19's test under ``fiu-run``.

The library that fails the calls (libfiu, https://blitiri.com.ar/p/libfiu/) is asked by this process itself, so that
only texting and commands meet the fault, not the set-up before and the counting after.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from sms_service.core.errors import LineError
from sms_service.factory.stores import open_retention
from sms_service.storage import event_stores
from sms_service.storage.database import Database
from sms_service.storage.drain import Drain
from sms_service.storage.tables import audit_entry, hold, message_log
from tests.conftest import make_line_in_memory, production, release_without_free_text
from tests.faults.house import TEN_THOUSAND, House, build_house, phone

CALLS = 100
MOST_TEXTS_FOR_A_CALL = 40
HOLDS = 20

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


@dataclass
class Counter:
    """Fails one call: the N-th since it was set."""

    fails_at: int = 0
    seen: int = 0

    def __call__(self, *_: object) -> int:
        self.seen += 1
        return int(self.seen == self.fails_at)

    def set(self, number: int) -> None:
        self.fails_at, self.seen = number, 0


def text_through(house: House, counter: Counter) -> int:
    """Text until each of the first hundred calls has failed once; give how many of them there were to fail."""
    senders = iter(TEN_THOUSAND)
    failed = 0
    for number in range(1, CALLS + 1):
        counter.set(number)
        for _ in range(MOST_TEXTS_FOR_A_CALL):
            house.text_from([next(senders)])
            if counter.seen >= number:
                failed += 1
                break
        if number <= HOLDS:
            counter.set(number)
            settings = replace(house.line.line.settings, database_url=SecretStr(house.url))
            with suppress(LineError), open_retention(settings) as retention:
                retention.hold(phone(number), "a test")
    return failed


def main(var_dir: Path, call: str) -> None:
    event_stores.set_up(var_dir, None)
    release = release_without_free_text(var_dir)
    environ = production(var_dir)
    house = build_house(lambda **more: make_line_in_memory(release, {**environ, **more}), var_dir, None)
    house.text(3)
    counter = Counter()
    callback = _Callback(counter)
    fiu = ctypes.CDLL("libfiu.so.0")
    name = f"posix/io/{call}".encode()
    assert fiu.fiu_enable_external(name, 1, ctypes.c_void_p(errno.EIO), 0, callback) == 0
    failed = text_through(house, counter)
    fiu.fiu_disable(name)

    house.stores.drain.stop()
    while house.stores.outbox.in_memory:
        house.stores.outbox.flush()
    drain = Drain(var_dir / "outbox.sqlite3", Database(house.url))
    drain.empty()
    drain.close()
    database = Database(house.url)
    with database.read() as connection:
        stored = list(connection.execute(select(message_log.c.message_id)).scalars())
        holds = sorted(connection.execute(select(hold.c.hold_id).distinct()).scalars())
        entries = connection.execute(select(audit_entry.c.detail).where(audit_entry.c.action == "held")).scalars()
        audited = sorted(detail.split()[1] for detail in entries)
    seconds = house.provider.seconds
    told = {
        "failed": failed,
        "lost": sorted(set(house.sent) - set(stored)),
        "doubled": len(stored) - len(set(stored)),
        "worst_seconds": max(seconds),
        "p99_seconds": house.provider.percentile(0.99),
        "texts": len(seconds),
        "holds": holds,
        "audited": audited,
        "leaks": house.leaks(),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sms_service.storage.drain_thread.LONGEST_PAUSE_SECONDS", 0.5)
        main(Path(sys.argv[1]), sys.argv[2])
