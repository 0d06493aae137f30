from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from sms_service.core.events import Event
from sms_service.storage.drain import DrainTurn
from sms_service.storage.drain_thread import DrainThread
from tests.waiting import eventually


class CapturedLog:
    def __init__(self) -> None:
        self.codes: list[str] = []

    def event(self, event: Event) -> None: ...

    def trouble(self, code: str, *, error: BaseException | None = None, message_id: str | None = None) -> None:
        self.codes.append(code)

    def refusal(self, code: str) -> None: ...


@dataclass
class ScriptedDrain:
    """Does what it is told, one word a turn; the last word for ever."""

    script: list[str]
    turns: int = 0
    closed: bool = False
    release: threading.Event = field(default_factory=threading.Event)

    def turn(self) -> DrainTurn:
        word = self.script[min(self.turns, len(self.script) - 1)]
        self.turns += 1
        if word == "fail":
            raise ConnectionError("secret words")
        if word == "hang":
            self.release.wait(30)
        return DrainTurn(more=word == "more")

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def log() -> CapturedLog:
    return CapturedLog()


def test_what_an_earlier_process_left_is_moved_at_once(log: CapturedLog) -> None:
    drain = ScriptedDrain(["more", "more", "empty"])
    thread = DrainThread(lambda: drain, log, pause_seconds=60)
    thread.ensure_running()
    eventually(lambda: drain.turns == 3)
    thread.stop()
    assert drain.closed
    assert drain.turns == 4, "once more at the end"


def test_it_runs_once_however_often_it_is_asked(log: CapturedLog) -> None:
    opened: list[ScriptedDrain] = []
    others = set(threading.enumerate())  # of tests before

    def open_drain() -> ScriptedDrain:
        opened.append(ScriptedDrain(["empty"]))
        return opened[-1]

    def running() -> list[str]:
        return [one.name for one in threading.enumerate() if one not in others]

    thread = DrainThread(open_drain, log, pause_seconds=0.01)
    for _ in range(5):
        thread.ensure_running()
    eventually(lambda: bool(opened and opened[0].turns > 2))
    assert len(opened) == 1
    assert running().count("outbox-drain") == 1
    thread.stop()
    thread.ensure_running()
    assert running().count("outbox-drain") == 0, "stopped is stopped"


def test_a_failure_is_told_once_and_its_end_too(log: CapturedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms_service.storage.drain_thread._ALARM_SECONDS", 0.0)
    drain = ScriptedDrain(["fail"])
    thread = DrainThread(lambda: drain, log, pause_seconds=0.01)
    thread.ensure_running()
    eventually(lambda: drain.turns > 3)
    assert log.codes == ["drain_failed"]
    sentence = str(thread.check())
    assert "(ConnectionError); they wait in the outbox" in sentence
    assert "secret words" not in sentence
    drain.script = ["empty"]
    eventually(lambda: thread.check() is None)
    thread.stop()
    assert log.codes == ["drain_failed", "drain_works_again"]


def test_pauses_grow_while_it_fails(log: CapturedLog) -> None:
    began: list[float] = []

    class Failing(ScriptedDrain):
        def turn(self) -> DrainTurn:
            began.append(time.monotonic())
            return super().turn()

    drain = Failing(["fail"])
    thread = DrainThread(lambda: drain, log, pause_seconds=0.02)
    thread.ensure_running()
    eventually(lambda: drain.turns == 5)
    thread.stop()
    pauses = [later - earlier for earlier, later in pairwise(began[:5])]
    assert all(pause >= least for pause, least in zip(pauses, (0.02, 0.04, 0.08, 0.16), strict=True))


def test_a_database_that_cannot_be_opened_is_tried_again(log: CapturedLog) -> None:
    attempts: list[int] = []
    drain = ScriptedDrain(["empty"])

    def open_drain() -> ScriptedDrain:
        attempts.append(1)
        if len(attempts) < 3:
            raise OSError
        return drain

    thread = DrainThread(open_drain, log, pause_seconds=0.01)
    thread.ensure_running()
    eventually(lambda: drain.turns > 0)
    thread.stop()
    assert log.codes == ["drain_failed", "drain_works_again"]


def test_stopping_waits_only_so_long(log: CapturedLog) -> None:
    drain = ScriptedDrain(["hang"])
    thread = DrainThread(lambda: drain, log)
    thread.ensure_running()
    eventually(lambda: drain.turns == 1)
    thread.stop(timeout_seconds=0.1)
    assert (drain.turns, drain.closed) == (1, False), "it has waited no longer than the turn takes"
    drain.script = ["empty"]
    drain.release.set()
    eventually(lambda: drain.closed)


def test_a_child_process_starts_its_own(log: CapturedLog) -> None:
    drain = ScriptedDrain(["empty"])
    thread = DrainThread(lambda: drain, log, pause_seconds=0.01)
    thread.ensure_running()
    eventually(lambda: drain.turns > 0)
    child = os.fork()
    if child == 0:
        thread.ensure_running()
        os._exit([one.name for one in threading.enumerate()].count("outbox-drain"))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    thread.stop()
