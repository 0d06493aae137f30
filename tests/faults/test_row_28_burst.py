"""Faults row 28: 10,000 people at once; every one of them answered, every row there after the drain."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.house import TEN_THOUSAND, House
from tests.faults.provider import Crowd
from tests.waiting import eventually

OpenHouse = Callable[..., House]

RECORD_MANY = """
import sys, threading
from pathlib import Path
from sms_service.storage.outbox import Outbox
from tests.sql_databases import an_event
outbox, first, most = Outbox(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
def work(start):
    for number in range(start, first + most, 4):
        outbox.record(an_event(number))
threads = [threading.Thread(target=work, args=(first + thread,)) for thread in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
for _ in range(1000):
    outbox.flush()
    if not outbox.in_memory: break
print(outbox.dropped + outbox.in_memory)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_row_28_ten_thousand_rows_from_two_processes(
    kind: str, open_house: OpenHouse, request: pytest.FixtureRequest, project_root: Path
) -> None:
    house = open_house(request.getfixturevalue("postgres_url") if kind == "postgresql" else None)
    path = str(house.var_dir / "outbox.sqlite3")
    commands = [[sys.executable, "-c", RECORD_MANY, path, str(first), "5000"] for first in (0, 5000)]
    started = time.monotonic()
    processes = [subprocess.Popen(command, cwd=project_root, stdout=subprocess.PIPE, text=True) for command in commands]
    assert [process.communicate(timeout=150)[0] for process in processes] == ["0\n", "0\n"], "none only in a log"
    eventually(lambda: house.rows() == 10_000, 50)
    assert time.monotonic() - started < 60
    assert house.waiting() == 0


@pytest.mark.slow
def test_row_28_ten_thousand_texts(open_house: OpenHouse) -> None:
    """Through the whole line, from 8 threads."""
    house = open_house()
    Crowd().start(lambda thread: house.text_from(TEN_THOUSAND[thread::8]), range(8)).wait()
    while house.stores.outbox.in_memory:
        house.stores.outbox.flush()
    house.check_answers()
    house.all_arrive(60)
    assert len(house.sent) == 10_000
