"""Calls under faults: odd callers (row 58), the provider's fallback (row 59), and stores that break in the middle."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sms_service.service.ports import Claim
from sms_service.storage.in_memory import InMemoryHotState

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

ODD = ("", "*", "#", "9", "0", "...", "\0", "kshhh kshhh", "a" * 5000, "bloody hell he is going to kill me", "STOP")


class Broken:
    """A store whose every function fails."""

    def __getattr__(self, name: str) -> Any:
        def fail(*_: object, **__: object) -> Any:
            raise OSError("canary of a broken store")

        return fail


@pytest.mark.parametrize(
    "done", [*itertools.product(ODD, repeat=2)], ids=lambda pair: "/".join(one[:8] for one in pair)
)
def test_whatever_a_caller_does_they_hear_the_numbers_and_a_way_on(line: Line, done: tuple[str, str]) -> None:
    call = line.call()
    answers = [call.ring()]
    for one in (*done, *done, *done):
        if answers[-1].ends:
            break
        answers.append(call.do(one))
    assert all("9 9 9" in " ".join(answer.spoken) for answer in answers)
    assert line.log.troubles == []


def test_low_confidence_is_no_dead_end(line: Line) -> None:
    call = line.call()
    call.ring()
    answer = call._step({"SpeechResult": "mumble rumble", "Confidence": "0.01"})
    assert "9 9 9" in " ".join(answer.spoken)
    assert answer.listens


@pytest.mark.parametrize("steps", range(4))
def test_hanging_up_at_any_step_is_written_down(line: Line, steps: int) -> None:
    call = line.call()
    call.ring()
    for _ in range(steps):
        call.do("5")
    call.hang_up()
    assert line.recorder.events[-1].outcome == "hung_up"


def test_a_second_call_while_the_first_is_open_is_its_own(line: Line) -> None:
    first, second = line.call(), line.call()
    first.ring()
    first.do("5")
    spoken = second.ring().spoken
    assert "press 1" in " ".join(spoken)
    assert "meet" in " ".join(first.do("*").spoken).lower() or first.do("*").listens


@pytest.mark.parametrize("part", ["hot_state", "recorder", "both"])
def test_broken_stores_cost_no_words(line: Line, part: str) -> None:
    whole = [line.call().ring().spoken]
    parts: dict[str, Any] = {name: Broken() for name in ("hot_state", "recorder") if part in (name, "both")}
    line.calls = replace(line.calls, **parts)
    call = line.call()
    assert [call.ring().spoken] == whole
    assert "0 1 1 6" in " ".join(call.do("5").spoken)
    assert {code for code, _ in line.log.troubles} <= {"hot_state_failed", "outbox_failed"}
    assert line.log.events[-1].outcome == "answered"


def test_a_call_goes_on_in_another_process_without_any_memory(line: Line) -> None:
    call = line.call()
    call.ring()
    call.do("5")
    line.calls = replace(line.calls, hot_state=InMemoryHotState())
    assert call.do("*").spoken == call.do("*").spoken


def test_a_kept_answer_is_given_although_everything_else_is_broken(line: Line) -> None:
    class Remembers(InMemoryHotState):
        def claim(self, message_id: str, sender: str, now: float) -> Claim:
            return Claim(answer=b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>')

    broken: Any = Broken()
    line.calls = replace(line.calls, hot_state=Remembers(), recorder=broken, releases=broken)
    assert line.call().ring().ends


def test_the_sms_fallback_gets_the_same_text_although_it_says_error(line: Line) -> None:
    message_id = "SM" + 32 * "5"
    first = line.handle("URGENT", message_id=message_id)
    fallback = line.handle("URGENT", message_id=message_id, ErrorCode="11200", ErrorUrl="https://canary.example")
    assert first.body == fallback.body
    assert line.handle("\0\ufffe", ErrorCode="x" * 5000).status == 200
