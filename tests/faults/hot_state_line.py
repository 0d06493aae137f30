"""Sends messages through a hot state whose store is being broken, and holds it to what must not break.

In each fault: nothing is raised, the longest call stays under :data:`LONGEST_CALL_SECONDS`, the repeat of a message
gets the same bytes from the same process, and full quality is back within :data:`BACK_AFTER_SECONDS` after its end.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sms_service.core.conversation import Conversation
from sms_service.service.ports import Claim
from sms_service.storage.hot_state import make_hot_state
from sms_service.storage.hot_state_redis import RedisHotState
from sms_service.storage.hot_state_sqlite import SqliteHotState
from tests.faults.measurements import stopwatch

LONGEST_CALL_SECONDS = 2.0
"""The store's time-outs end at 0.2 s, twice at worst; the rest is room for a machine that does other things, too."""
BACK_AFTER_SECONDS = 30.0
OPEN_SECONDS = 2.0

MENU = Conversation(last_reply="menu", last_at=1.0, repeats=1)


class Line:
    """Sends messages through a hot state as the story does, and keeps the longest time that one call took."""

    def __init__(self, state: RedisHotState | SqliteHotState, clock: SkippingClock) -> None:
        self.state = state
        self.clock = clock
        self.longest = 0.0

    def claim(self, message_id: str, sender: str = "s") -> Claim:
        started = stopwatch()
        claim = self.state.claim(message_id, sender, time.time())
        self.longest = max(self.longest, stopwatch() - started)
        return claim

    def settle(self, message_id: str, answer: bytes, sender: str = "s") -> bytes:
        started = stopwatch()
        counts = self.state.settle(message_id, sender, answer, MENU, time.time())
        self.longest = max(self.longest, stopwatch() - started)
        return counts

    def message(self, sender: str = "s") -> Claim:
        """Send a new message and its repeat; give what was known at first."""
        message_id = f"SM{uuid.uuid4().hex}"
        claim = self.claim(message_id, sender)
        assert claim.answer is None
        answer = self.settle(message_id, message_id.encode(), sender)
        assert answer == message_id.encode()
        assert self.claim(message_id, sender).answer == answer, "a repeat gets the same bytes"
        return claim

    def messages(self, count: int) -> list[bool]:
        """Send messages; tell of each whether the hot state was out of order."""
        return [self.message().degraded for _ in range(count)]

    def keep_sending(self, seconds: float, threads: int = 4) -> Callable[[], int]:
        """Send in the background; the result waits, fails if anything failed, and gives the number of messages."""
        end = time.monotonic() + seconds
        sent: list[int] = []
        failures: list[BaseException] = []

        def work() -> None:
            number = 0
            try:
                while time.monotonic() < end:
                    self.message(f"s{threading.get_ident()}")
                    number += 1
                    time.sleep(0.002)
            except BaseException as error:  # noqa: BLE001 - told below
                failures.append(error)
            sent.append(number)

        workers = [threading.Thread(target=work) for _ in range(threads)]
        for worker in workers:
            worker.start()

        def wait() -> int:
            for worker in workers:
                worker.join()
            assert failures == []
            return sum(sent)

        return wait

    def is_healthy(self) -> bool:
        if self.message("probe").degraded:
            return False
        trouble = self.state.check()
        return trouble is None or "made anew" in trouble

    def assert_quick(self) -> None:
        assert self.longest < LONGEST_CALL_SECONDS, f"{self.longest:.3f} s"

    def assert_back(self) -> None:
        """Wait for full quality, as long as it may take; the clock of the circuit is skipped where a test has one."""
        self.clock.skip(OPEN_SECONDS)
        self.assert_healthy()
        self.assert_quick()

    def assert_healthy(self, messages: int = 5) -> None:
        """Send messages until so many in a row were known at first; a busy machine may be late for one of them."""
        give_up_at = time.monotonic() + BACK_AFTER_SECONDS
        while not (self.is_healthy() and self.messages(messages) == [False] * messages):
            assert time.monotonic() < give_up_at, self.state.check()
            self.clock.skip(OPEN_SECONDS)
            time.sleep(0.05)

    def assert_told(self, words: str) -> None:
        """Wait until the check says so; a busy machine may say first that Redis does not answer in time."""
        give_up_at = time.monotonic() + BACK_AFTER_SECONDS
        while words not in (told := self.state.check() or ""):
            assert time.monotonic() < give_up_at, told
            self.clock.skip(OPEN_SECONDS)
            time.sleep(0.05)


class SkippingClock:
    """The circuit's clock, which a test can put forward instead of waiting, or stop: a machine may be slow."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._stopped_at: float | None = None
        self.may_skip = True

    def __call__(self) -> float:
        now = time.monotonic() if self._stopped_at is None else self._stopped_at
        return now + self._ahead

    def skip(self, seconds: float) -> None:
        if self.may_skip:
            self._ahead += seconds

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let no time pass but what is skipped."""
        self._stopped_at = time.monotonic()
        try:
            yield
        finally:
            self._stopped_at = None


def open_line(url: str | None, var_dir: Path, clock: SkippingClock) -> Iterator[Line]:
    """Give one line, and close it afterwards: use as ``for line in open_line(...)`` or in a fixture."""
    state = make_hot_state(url, var_dir, clock)
    yield Line(state, clock)
    state.close()
