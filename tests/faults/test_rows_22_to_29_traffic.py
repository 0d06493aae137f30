"""Faults rows 22, 25-27, 29: workers killed mid-request, clocks that jump, repeats, floods and loops."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest

from sms_service.service.ports import Recorded
from sms_service.storage.outbox_writer import Letter, OutboxWriter
from sms_service.webhooks.signed_request import new_message_id
from tests.faults.house import NUMBER, PHRASE, SECRETS, TEN_THOUSAND, House, phone
from tests.ports import free_port
from tests.storage.valkey_process import ValkeyProcess
from tests.waiting import eventually

OpenHouse = Callable[..., House]
PROVIDERS_LIMIT = 30
"""Replies between two numbers in 30 seconds, error 14107 (Twilio)."""


def test_row_22_a_worker_killed_mid_request(project_root: Path, tmp_path: Path) -> None:
    """Ten points on the way of an answer, three kinds of message: the retry gets a full text, and there is one row."""
    command = [sys.executable, "-m", "tests.faults.dying_line", str(tmp_path / "var")]
    done = subprocess.run(command, cwd=project_root, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert len(told["points"]) == 30
    for point, what in told["points"].items():
        assert what["died"] == 9, point
        assert what["again"], point
        expected = {"urgent": "999", "help": "NUDES", "FORGET ME": "We erase"}[point.partition(": ")[2]]
        assert expected in what["reply"], point
    assert told["rows"] == 30, "one row each, wherever the first worker died"
    assert told["leaks"] == []
    assert not any(secret in (done.stdout + done.stderr).encode() for secret in SECRETS)


class Clock:
    """A wall clock that a test sets."""

    def __init__(self, now: str) -> None:
        self.now = dt.datetime.fromisoformat(now)

    def __call__(self) -> dt.datetime:
        return self.now

    def skip(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


ODD_MOMENTS = [
    "2026-03-29T00:59:59+00:00",  # clocks go forward in the UK
    "2026-10-25T00:59:59+00:00",  # and back
    "2028-02-29T23:59:59+00:00",
    "2027-12-31T23:59:59+00:00",
    "2038-01-19T03:14:07+00:00",  # 32 bits of seconds
    "2100-02-28T23:59:59+00:00",  # no leap year
    "1970-01-01T00:00:00+00:00",  # a host whose clock has not been set
]


@pytest.mark.parametrize("moment", ODD_MOMENTS)
@pytest.mark.parametrize("with_redis", [False, True], ids=["file", "redis"])
def test_row_25_odd_moments(
    moment: str, with_redis: bool, open_house: OpenHouse, request: pytest.FixtureRequest
) -> None:
    valkey = request.getfixturevalue("valkey") if with_redis else None
    house = open_house(redis_url=valkey.url if valkey else None)
    clock = Clock(moment)
    house.with_parts(clock=clock)
    for _ in range(4):  # past the moment and on
        house.text(5)
        first, second = house.say("talk", TEN_THOUSAND[len(house.sent)]), house.say("talk")
        assert first
        assert second
        clock.skip(seconds=1800)
    house.check_answers()
    house.all_arrive()


@pytest.mark.parametrize("hours", [2, -2, 5, -5, 24 * 365, -24 * 365])
def test_row_25_a_clock_that_jumps(hours: int, open_house: OpenHouse) -> None:
    """No limiter is stuck after the jump, and no conversation comes back to life after the jump back."""
    house = open_house()
    clock = Clock("2026-11-23T12:00:00+00:00")
    house.with_parts(clock=clock)
    opening = house.say("talk")
    assert house.say("talk") != opening, "the next step"
    for _ in range(6):
        house.provider.send(house.line.fields("talk", NUMBER))
    assert house.log.events[-1].outcome == "silent_loop"
    clock.skip(hours=hours)
    assert house.say("talk"), "the limiter is not stuck"
    clock.skip(hours=-hours)
    assert house.say("nudes"), "nor after the way back"
    if abs(hours) > 4:
        clock.skip(hours=hours)
        assert house.say("talk", NUMBER) == opening, "a conversation of hours ago is over"
    house.check_answers()


@pytest.mark.parametrize("hot_state", ["file", "redis", "dead redis"])
@pytest.mark.parametrize("text", ["urgent", "talk", "FORGET ME", "qwertyuiop"])
def test_row_26_the_same_message_again_and_fifty_times_at_once(
    hot_state: str, text: str, open_house: OpenHouse, request: pytest.FixtureRequest
) -> None:
    url = {
        "file": lambda: None,
        "redis": lambda: request.getfixturevalue("valkey").url,
        "dead redis": lambda: f"redis://127.0.0.1:{free_port()}",
    }[hot_state]()
    house = open_house(redis_url=url)
    house.say("help")
    check_fifty_at_once(house, text)


def check_fifty_at_once(house: House, text: str) -> bytes:
    """Send one message fifty times at once and five times more: the same bytes, one line, one row; give the bytes."""
    message_id = new_message_id()
    together = Barrier(50)

    def ask(_: int) -> bytes:
        together.wait()
        return house.answers_again(text, NUMBER, message_id)

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(ask, range(50)))
    house.say("talk", TEN_THOUSAND[0])
    answers |= {house.answers_again(text, NUMBER, message_id) for _ in range(5)}
    assert all(b"<Message" in answer for answer in answers)
    house.sent.append(message_id)
    house.check_answers()
    house.all_arrive()
    lines = [event for event in house.log.events if event.message_id == message_id]
    assert len(answers) == 1, "identical bytes"
    assert len(lines) == 1, "one line"
    return answers.pop()


@pytest.mark.parametrize("text", ["urgent", "talk", "FORGET ME"])
def test_row_26_fifty_at_once_without_redis_on_a_disk_that_starves(
    text: str, open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis is dead, and each write to the outbox takes longer than anybody may wait for it."""
    house = open_house(redis_url=f"redis://127.0.0.1:{free_port()}")
    house.say("help")
    write = OutboxWriter.write

    def slowly(writer: OutboxWriter, letters: Sequence[Letter]) -> list[Recorded]:
        time.sleep(0.15)
        return write(writer, letters)

    monkeypatch.setattr(OutboxWriter, "write", slowly)
    check_fifty_at_once(house, text)


def test_row_26_an_erasure_that_fails_for_some_of_fifty(open_house: OpenHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was answered first is the answer, the fallback too: nobody hears two things about one wish."""
    house = open_house()
    turns, erasure = count(), house.stores.erasure

    class Flaky:
        def forget(self, pseudonyms: tuple[str, ...]) -> int:
            if next(turns) % 2:
                raise OSError(PHRASE)
            return erasure.forget(pseudonyms)

    house.with_parts(erasure=Flaky())
    check_fifty_at_once(house, "FORGET ME")


@pytest.mark.parametrize("text", ["urgent", "talk", "FORGET ME"])
def test_row_37_an_old_request_again(text: str, open_house: OpenHouse) -> None:
    """Who has caught a request of ours sends it again: the same bytes for a day, then words, and never a second row."""
    house = open_house()
    clock = Clock("2026-11-23T12:00:00+00:00")
    house.with_parts(clock=clock)
    message_id = new_message_id()
    first = house.answers_again(text, NUMBER, message_id)
    house.sent.append(message_id)
    clock.skip(hours=1)
    assert house.answers_again(text, NUMBER, message_id) == first
    assert house.say("talk", phone(5))
    house.all_arrive()
    clock.skip(days=3)
    assert b"<Message" in house.answers_again(text, NUMBER, message_id)
    eventually(lambda: house.waiting() == 0)
    assert house.rows() == len(house.sent) == 2
    assert house.leaks() == []


def test_row_27_one_sender_a_thousand_messages_in_a_minute(open_house: OpenHouse) -> None:
    """The first is answered, danger always (below the provider's limit), the rest now and then, others as ever."""
    house = open_house()
    clock = Clock("2026-11-23T12:00:00+00:00")
    house.with_parts(clock=clock)
    answered_at: list[float] = []
    others, urgent = iter(TEN_THOUSAND), 0
    for number in range(1000):
        text = "urgent" if number % 200 == 100 else f"talk {number % 7}"
        before, message_id = clock(), new_message_id()
        answer = house.provider.send(house.line.fields(text, NUMBER, message_id))
        texts = house.provider.texts_of(answer, before)
        house.sent.append(message_id)
        if texts:
            answered_at.append(clock().timestamp())
        if number == 0:
            assert texts, "the first message"
        if text == "urgent":
            assert any("999" in one for one in texts), "danger"
            urgent += 1
        if number % 50 == 0:
            house.text_from([next(others)])
        clock.skip(seconds=0.06)
    assert urgent == 5
    for start in answered_at:
        assert sum(start <= at < start + 30 for at in answered_at) < PROVIDERS_LIMIT
    assert urgent + 2 <= len(answered_at) <= 40, "the rest at a slow rate"
    house.check_answers()
    house.all_arrive()


def exchange(house: House, text: str, sender: str) -> list[str]:
    """Text a line; give what it says, which may be silence."""
    before = house.provider.clock()
    return house.provider.texts_of(house.provider.send(house.line.fields(text, sender)), before)


@pytest.mark.parametrize("opening", ["URGENT", "help", "hello", "STOP", "MORE", "he is going to kill me", "nudes", ""])
def test_row_29_two_of_our_lines_texting_each_other(opening: str, open_house: OpenHouse, tmp_path: Path) -> None:
    """They stop within ten messages, and a human's text to either is still answered."""
    houses = [open_house(), open_house(var_dir=tmp_path / "other")]
    numbers = [phone(1), phone(2)]
    said, messages = [opening], 0
    while said and messages < 100:
        messages += 1
        said = exchange(houses[messages % 2], said[0], numbers[messages % 2])
    assert messages <= 10
    for house in houses:
        house.text(2)
        assert house.say("talk", TEN_THOUSAND[0])
        house.check_answers()


AUTO_REPLIES = [
    "I am driving. I will answer you later.",
    "Thank you for your message! The office is closed until Monday.",
    "urgent: this mailbox is not watched. In an emergency ring 999.",
    None,
]


@pytest.mark.parametrize("auto_reply", AUTO_REPLIES, ids=["driving", "office", "speaks of emergencies", "echo"])
def test_row_29_an_auto_responder(auto_reply: str | None, open_house: OpenHouse) -> None:
    """A peer that answers whatever we say, or echoes it, within a second: at most ten replies in half a minute."""
    house = open_house()
    clock = Clock("2026-11-23T12:00:00+00:00")
    house.with_parts(clock=clock)
    said, replies = exchange(house, "help", NUMBER), 1
    for _ in range(300):
        if not said:
            break
        clock.skip(seconds=0.1)
        said = exchange(house, auto_reply or said[0], NUMBER)
        replies += len(said)
    assert replies <= 11
    clock.skip(seconds=31)
    assert "999" in house.say("URGENT", NUMBER), "a human at that number in danger"
    house.text(3)
    house.check_answers()


def test_row_29_a_loop_while_the_hot_state_is_down(open_house: OpenHouse, valkey: ValkeyProcess) -> None:
    """The process remembers by itself, so a loop through one process ends all the same."""
    house = open_house(redis_url=valkey.url)
    valkey.kill()
    said, replies = exchange(house, f"help {PHRASE}", NUMBER), 1
    while said and replies < 100:
        said = exchange(house, said[0], NUMBER)
        replies += len(said)
    assert replies <= 10
    house.text(3)
    house.check_answers()
