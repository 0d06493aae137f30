"""A process that records, drains and purges, and dies at a named step: started by test_killed.py, never by hand.

Every event that was accepted is told on standard output at once, so that the parent knows what must not be lost.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from pathlib import Path

from sms_service.storage.ageing import ageing_stores
from sms_service.storage.database import Database
from sms_service.storage.drain import Drain
from sms_service.storage.outbox import Outbox
from tests.sql_databases import NOON, an_event


def main(job: str, outbox_path: Path, url: str, deadly_step: str, occurrence: int) -> None:
    seen = 0

    def step(name: str) -> None:
        nonlocal seen
        seen += name == deadly_step
        if seen == occurrence:
            os.kill(os.getpid(), signal.SIGKILL)

    if job == "purge":
        [log, *_] = ageing_stores(Database(url), outbox_path, step)
        while log.delete_older_than(NOON + dt.timedelta(days=1), 100):
            pass
        return
    outbox = Outbox(outbox_path, step=step)
    drain = Drain(outbox_path, Database(url), step=step)
    for number in range(30):
        event = an_event(number)
        if outbox.record(event):
            os.write(1, f"{event.event_id}\n".encode())
        if number % 10 == 9:
            drain.turn()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]))
