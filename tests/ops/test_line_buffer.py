"""Log lines that are written a moment later: none is lost by a process that ends, and nobody waits for them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sms_service.ops.line_buffer import LineBuffer
from sms_service.ops.line_log import StructuredLog

ROOT = Path(__file__).resolve().parents[2]


class Reader(io.StringIO):
    """A stream that says when something has come."""

    def __init__(self) -> None:
        super().__init__()
        self.got_something = threading.Event()

    def flush(self) -> None:
        self.got_something.set()


def codes(written: str) -> list[str]:
    return [json.loads(line)["refusal"] for line in written.splitlines()]


def test_lines_are_written_in_order_without_anybody_asking() -> None:
    reader = Reader()
    log = StructuredLog(LineBuffer(reader))
    for number in range(20):
        log.refusal(str(number))
    assert reader.got_something.wait(10)
    assert codes(reader.getvalue())[:1] == ["0"]
    assert codes(reader.getvalue()) == sorted(codes(reader.getvalue()), key=int)


def test_a_reader_that_stands_still_costs_old_lines_and_is_told_how_many() -> None:
    reader = Reader()
    lines = LineBuffer(reader, most=3)
    for number in range(5):
        lines.write(f'{{"refusal": "{number}"}}\n')
    lines.write_now()
    *written, told = reader.getvalue().splitlines()
    assert codes("\n".join(written)) == ["2", "3", "4"]
    assert json.loads(told) == {"event": "log_lines_dropped", "level": "error", "count": 2}
    lines.write_now()
    assert len(reader.getvalue().splitlines()) == 4


def test_a_closed_stream_is_no_trouble() -> None:
    reader = Reader()
    lines = LineBuffer(reader)
    reader.close()
    lines.write("x\n")
    lines.write_now()


def test_a_process_that_ends_writes_what_it_has() -> None:
    code = (
        "from sms_service.ops.line_buffer import LineBuffer\n"
        "from sms_service.ops.line_log import StructuredLog\n"
        "StructuredLog(LineBuffer()).refusal('last')\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert codes(ended.stdout) == ["last"]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_leaves_the_lines_to_its_parent() -> None:
    reader = Reader()
    lines = LineBuffer(reader)
    lines.write('{"refusal": "before"}\n')
    child = os.fork()
    if child == 0:
        lines.write_now()
        os._exit(len(reader.getvalue()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    lines.write_now()
    assert codes(reader.getvalue()) == ["before"]
