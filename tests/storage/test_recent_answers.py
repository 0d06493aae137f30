from __future__ import annotations

import threading

from sms_service.core.conversation import Conversation
from sms_service.storage.hot_state_values import MOST_COUNTED
from sms_service.storage.recent_answers import KEEP_SECONDS, RecentAnswers

NOW = 1_800_000_000.0
MENU = Conversation(last_reply="menu", last_at=NOW)


def test_within_one_process_it_keeps_the_contract_and_says_that_it_is_a_makeshift() -> None:
    recent = RecentAnswers()
    first = recent.claim("SM1", "s", NOW)
    assert (first.answer, first.conversation, first.messages_in_30_seconds) == (None, Conversation(), 1)
    assert first.degraded
    assert recent.settle("SM1", "s", b"1", MENU, NOW) == b"1"
    assert recent.settle("SM1", "s", b"2", MENU.sent("help"), NOW) == b"1"
    again = recent.claim("SM1", "s", NOW + 15)
    assert (again.answer, again.conversation, again.messages_in_30_seconds) == (b"1", MENU, 1)
    assert recent.claim("SM2", "s", NOW + 16).messages_in_30_seconds == 2
    assert recent.claim("SM3", "s", NOW + 60).messages_in_30_seconds == 1


def test_it_forgets_after_minutes_and_on_request() -> None:
    recent = RecentAnswers()
    recent.settle("SM1", "s", b"1", MENU, NOW)
    for away in (KEEP_SECONDS + 1, -KEEP_SECONDS - 1, 7200, -7200):
        assert recent.answer("SM1", NOW + away) is None
        assert recent.claim("SM2", "s", NOW + away).conversation == Conversation()
    recent.settle("SM3", "s", b"3", MENU, NOW)
    recent.forget("s")
    assert recent.claim("SM4", "s", NOW).conversation == Conversation()


def test_it_stays_small() -> None:
    recent = RecentAnswers(most_entries=100)
    for number in range(1000):
        recent.claim(f"SM{number}", f"s{number}", NOW)
        recent.settle(f"SM{number}", f"s{number}", b"1", MENU, NOW)
    kept = (recent._answers, recent._arrivals, recent._conversations)
    assert [len(memory._entries) for memory in kept] == [100, 100, 100]
    assert recent.answer("SM999", NOW) == b"1"
    for number in range(100):
        recent.keep(f"SM-later-{number}", b"1", NOW + KEEP_SECONDS + 1)
    assert len(recent._answers._entries) <= 100
    assert not any(key.startswith("SM9") for key in recent._answers._entries)


def test_a_flood_is_counted_only_as_far_as_anything_depends_on_it() -> None:
    recent = RecentAnswers()
    counts = [recent.claim(f"SM{number}", "s", NOW).messages_in_30_seconds for number in range(2 * MOST_COUNTED)]
    assert counts == [min(number + 1, MOST_COUNTED) for number in range(2 * MOST_COUNTED)]


def test_fifty_threads_agree() -> None:
    recent = RecentAnswers()
    answers = []

    def work(worker: int) -> None:
        recent.claim("SM1", "s", NOW)
        answers.append(recent.settle("SM1", "s", str(worker).encode(), MENU, NOW))

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
