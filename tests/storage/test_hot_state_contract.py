"""What every hot state promises (``service.ports``), checked against the fake, the SQLite file, and a real Valkey."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms_service.core.conversation import FORGET_AFTER_SECONDS, Conversation, SeenText
from sms_service.service.ports import HotState
from sms_service.storage.hot_state_redis import RedisHotState
from sms_service.storage.hot_state_sqlite import SqliteHotState
from sms_service.storage.hot_state_values import KEEP_OPT_OUT_SECONDS
from sms_service.storage.in_memory import InMemoryHotState
from sms_service.storage.redis_address import read_redis_url
from tests.storage.valkey_process import ValkeyProcess

NOW = 1_800_000_000.0
HOUR = 3600.0
SENDER = "5e" * 16
OTHER = "07" * 16
MENU = Conversation(last_reply="menu", last_at=NOW, repeats=1).heard("f1", now=NOW, answered=True)


@dataclass
class Kept:
    """A hot state under test.

    Attributes:
        state: It.
        pass_time: Lets seconds go by where it keeps time itself.
        expires: Whether what is old leaves the store (the fake leaves that to ``Conversation.as_of``).
    """

    state: HotState
    pass_time: Callable[[float], None]
    expires: bool = True


@pytest.fixture(params=["in_memory", "sqlite", "valkey"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, prefix: str) -> Iterator[Kept]:
    if request.param == "in_memory":
        yield Kept(InMemoryHotState(), lambda seconds: None, expires=False)
    elif request.param == "sqlite":
        in_file = SqliteHotState(tmp_path / "hot_state.sqlite3")
        yield Kept(in_file, lambda seconds: None)
        in_file.close()
    else:
        server: ValkeyProcess = request.getfixturevalue("valkey")
        shared = RedisHotState(read_redis_url(server.url), prefix=prefix)
        yield Kept(shared, lambda seconds: _age(server, prefix, seconds))
        shared.close()


def _age(server: ValkeyProcess, prefix: str, seconds: float) -> None:
    """Bring the end of every key nearer: what Valkey does by itself, only faster."""
    with server.admin() as admin:
        for key in admin.scan_iter(f"{prefix}:*"):
            left = admin.pttl(key) - int(seconds * 1000)
            if left > 0:
                admin.pexpire(key, left)
            else:
                admin.delete(key)


@pytest.fixture
def state(kept: Kept) -> HotState:
    return kept.state


def test_a_new_message_of_a_new_sender_is_known_to_nobody(state: HotState) -> None:
    claim = state.claim("SM1", SENDER, NOW)
    assert (claim.answer, claim.conversation, claim.messages_in_30_seconds) == (None, Conversation(), 1)
    assert not claim.degraded


def test_a_repeat_of_an_answered_message_gets_the_same_bytes(state: HotState) -> None:
    state.claim("SM1", SENDER, NOW)
    assert state.settle("SM1", SENDER, b"<Response>1</Response>", MENU, NOW) == b"<Response>1</Response>"
    for later in (0.0, 15.0, 5 * HOUR, 23 * HOUR):
        assert state.claim("SM1", SENDER, NOW + later).answer == b"<Response>1</Response>"


@pytest.mark.parametrize("answer", [b"", b"<Response/>", b"\x00\xff\r\n", "Ŵyt ti'n iawn? ☎".encode(), b"x" * 20_000])
def test_any_bytes_come_back_as_they_went(state: HotState, answer: bytes) -> None:
    assert state.settle("SM1", SENDER, answer, MENU, NOW) == answer
    assert state.claim("SM1", SENDER, NOW).answer == answer
    assert state.settle("SM1", SENDER, b"other", MENU, NOW) == answer


def test_a_message_whose_holder_died_is_answered_again_and_counted_once(state: HotState) -> None:
    assert state.claim("SM1", SENDER, NOW).messages_in_30_seconds == 1
    again = state.claim("SM1", SENDER, NOW + 16)
    assert (again.answer, again.messages_in_30_seconds) == (None, 1)
    later = state.claim("SM1", SENDER, NOW + 120)
    assert (later.answer, later.messages_in_30_seconds) == (None, 1)


def _arrive(state: HotState, message_id: str, now: float) -> int:
    """Claim and settle a message; give how many its sender has sent."""
    count = state.claim(message_id, SENDER, now).messages_in_30_seconds
    state.settle(message_id, SENDER, message_id.encode(), MENU, now)
    return count


def test_messages_are_counted_for_each_sender_over_the_running_30_seconds(state: HotState) -> None:
    assert [_arrive(state, f"SM{n}", NOW + n) for n in range(5)] == [1, 2, 3, 4, 5]
    assert state.claim("SM-other", OTHER, NOW + 5).messages_in_30_seconds == 1
    assert state.claim("SM5", SENDER, NOW + 31.5).messages_in_30_seconds == 4  # those of 2, 3 and 4 seconds, and itself
    assert state.claim("SM6", SENDER, NOW + 100).messages_in_30_seconds == 1


def test_a_flood_is_counted_well_above_every_limit_and_forgotten_half_a_minute_later(state: HotState) -> None:
    counts = [_arrive(state, f"SM{n}", NOW + n / 100) for n in range(150)]
    assert counts[:50] == list(range(1, 51))
    assert min(counts[50:]) >= 50
    assert state.claim("SM-later", SENDER, NOW + 60).messages_in_30_seconds == 1


def test_the_first_to_settle_wins_and_the_second_changes_nothing(state: HotState) -> None:
    state.claim("SM1", SENDER, NOW)
    state.claim("SM1", SENDER, NOW)
    assert state.settle("SM1", SENDER, b"first", MENU, NOW) == b"first"
    assert state.settle("SM1", SENDER, b"second", MENU.sent("help"), NOW) == b"first"
    assert state.claim("SM2", SENDER, NOW + 1).conversation == MENU


def test_a_late_repeat_does_not_turn_the_conversation_back(state: HotState) -> None:
    after = MENU.sent("help")
    state.settle("SM1", SENDER, b"1", MENU, NOW)
    state.settle("SM2", SENDER, b"2", after, NOW + 1)
    state.settle("SM1", SENDER, b"1", MENU, NOW + 2)
    assert state.claim("SM3", SENDER, NOW + 3).conversation == after


def test_fifty_workers_with_one_message_agree_on_the_answer_and_on_the_conversation(state: HotState) -> None:
    answers: list[bytes] = []
    together = threading.Barrier(50)

    def work(worker: int) -> None:
        together.wait()
        claim = state.claim("SM1", SENDER, NOW)
        if claim.answer is not None:
            answers.append(claim.answer)
            return
        conversation = Conversation(last_reply=f"reply-{worker}", last_at=NOW, repeats=1)
        answers.append(state.settle("SM1", SENDER, f"reply-{worker}".encode(), conversation, NOW))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 50
    assert len(set(answers)) == 1
    after = state.claim("SM2", SENDER, NOW)
    assert (after.conversation.last_reply or "").encode() == answers[0]
    assert after.messages_in_30_seconds == 2


def test_a_conversation_is_forgotten_after_hours(kept: Kept) -> None:
    kept.state.settle("SM1", SENDER, b"1", MENU, NOW)
    kept.pass_time(FORGET_AFTER_SECONDS - 60)
    soon = NOW + FORGET_AFTER_SECONDS - 60
    assert kept.state.claim("SM2", SENDER, soon).conversation.as_of(soon).last_reply == "menu"
    kept.pass_time(120)
    later = NOW + FORGET_AFTER_SECONDS + 60
    assert kept.state.claim("SM3", SENDER, later).conversation.as_of(later) == Conversation()


def test_the_wish_to_get_no_texts_is_kept_for_two_days(kept: Kept) -> None:
    stopped = Conversation(last_reply="stop", last_at=NOW, repeats=1, opted_out=True)
    kept.state.settle("SM1", SENDER, b"1", stopped, NOW)
    kept.pass_time(KEEP_OPT_OUT_SECONDS - 60)
    soon = NOW + KEEP_OPT_OUT_SECONDS - 60
    assert kept.state.claim("SM2", SENDER, soon).conversation.as_of(soon) == Conversation(opted_out=True)
    if kept.expires:
        kept.pass_time(120)
        assert kept.state.claim("SM3", SENDER, NOW + KEEP_OPT_OUT_SECONDS + 60).conversation == Conversation()


def test_who_settles_after_the_sender_was_forgotten_gets_the_first_answer(state: HotState) -> None:
    """Fifty at once may each find nothing, settle, and forget: still one answer."""
    first = state.settle("SM1", SENDER, b"first", Conversation(), NOW)
    state.forget(SENDER)
    assert state.settle("SM1", SENDER, b"second", Conversation(), NOW) == first
    state.forget(SENDER)
    assert state.claim("SM1", SENDER, NOW).answer == first


def test_forget_erases_the_conversation_of_that_sender_only(state: HotState) -> None:
    state.settle("SM1", SENDER, b"1", MENU, NOW)
    state.settle("SM2", OTHER, b"2", MENU, NOW)
    state.forget(SENDER)
    state.forget("nobody")
    assert state.claim("SM3", SENDER, NOW).conversation == Conversation()
    assert state.claim("SM4", OTHER, NOW).conversation == MENU
    assert state.claim("SM1", SENDER, NOW).answer == b"1", "a repeat gets the same bytes all the same"


@pytest.mark.parametrize("jump", [-2 * HOUR, 2 * HOUR])
def test_a_clock_that_jumps_neither_loses_nor_freezes_anything(state: HotState, jump: float) -> None:
    for n in range(20):
        _arrive(state, f"SM{n}", NOW)
    there = NOW + jump
    first = state.claim("SM-after", SENDER, there)
    assert first.messages_in_30_seconds == 1
    assert first.conversation.as_of(there).last_reply == "menu"
    assert state.claim("SM0", SENDER, there).answer == b"SM0"
    state.settle("SM-after", SENDER, b"after", first.conversation.sent("help"), there)
    back = state.claim("SM-back", SENDER, NOW + 1)
    assert back.messages_in_30_seconds <= 21
    assert back.conversation.last_reply == "help"
    assert state.claim("SM-after", SENDER, NOW + 1).answer == b"after"


@pytest.mark.parametrize("kept", ["sqlite", "valkey"], indirect=True)  # the fake leaves time to Conversation.as_of
def test_a_clock_that_is_put_back_revives_no_conversation(kept: Kept) -> None:
    kept.state.settle("SM1", SENDER, b"1", MENU, NOW)
    kept.pass_time(5 * HOUR)
    kept.state.claim("SM2", SENDER, NOW + 5 * HOUR)
    assert kept.state.claim("SM3", SENDER, NOW + 3 * HOUR).conversation == Conversation()


@pytest.mark.parametrize(
    "odd", ["", " ", "a:b:{c}", "}{", "x" * 5000, "SM\x00\n", "☎ Ŵ", "\ud83d", "'; DROP TABLE answers; --"]
)
def test_odd_ids_break_nothing_and_are_told_apart(state: HotState, odd: str) -> None:
    state.claim(odd, SENDER, NOW)
    assert state.settle(odd, SENDER, b"odd", MENU, NOW) == b"odd"
    assert state.claim(odd, SENDER, NOW).answer == b"odd"
    assert state.claim("SM-plain", odd, NOW).answer is None
    assert state.settle("SM-plain", odd, b"plain", MENU, NOW) == b"plain"
    state.forget(odd)
    assert state.claim("SM-plain-2", SENDER, NOW).answer is None
    assert not state.claim("SM-plain-2", SENDER, NOW).degraded


_text = st.text(max_size=20)
_time = st.floats(NOW - 300, NOW)
_conversations = st.builds(
    Conversation,
    last_reply=st.none() | _text,
    last_at=_time,
    repeats=st.integers(0, 1000),
    language=st.none() | _text,
    opted_out=st.booleans(),
    recent=st.lists(st.builds(SeenText, at=_time, fingerprint=_text, answered=st.booleans()), max_size=12).map(tuple),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversation=_conversations)
def test_a_conversation_comes_back_as_it_went(state: HotState, conversation: Conversation) -> None:
    sender = uuid.uuid4().hex
    state.settle(f"SM-{sender}", sender, b"1", conversation, NOW)
    assert state.claim(f"SM-{sender}-2", sender, NOW).conversation == conversation


def test_a_healthy_one_has_nothing_to_say(state: HotState) -> None:
    assert state.check() is None
