"""Texts that calls send to one number: counted over calls, hours and hosts."""

from __future__ import annotations

import datetime as dt

from sms_service.service.pseudonyms import Pseudonyms
from sms_service.service.text_limit import MOST_TEXTS, TextLimit
from sms_service.settings import PseudonymKey
from sms_service.storage.in_memory import InMemoryHotState

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
NUMBER = "+447700900123"


def limit_of(hot_state: InMemoryHotState) -> TextLimit:
    return TextLimit(hot_state, Pseudonyms([PseudonymKey("k1", b"k" * 32)]))


def test_a_number_may_be_texted_again_four_hours_after_the_last_text() -> None:
    limit = limit_of(InMemoryHotState())
    minutes = dt.timedelta(minutes=10)
    assert all(limit.takes(NUMBER, f"CA{call}", NOW + call * minutes) for call in range(MOST_TEXTS))
    last = NOW + (MOST_TEXTS - 1) * minutes
    assert not limit.takes(NUMBER, "CA8", last + dt.timedelta(hours=3, minutes=59))
    assert limit.takes(NUMBER, "CA9", last + dt.timedelta(hours=4, minutes=1))


def test_a_call_counts_once_however_often_its_step_comes() -> None:
    limit = limit_of(InMemoryHotState())
    assert all(limit.takes(NUMBER, "CA1", NOW) for _ in range(9))
    assert limit.takes(NUMBER, "CA2", NOW)


def test_what_is_kept_leads_to_nobody() -> None:
    hot_state = InMemoryHotState()
    limit_of(hot_state).takes(NUMBER, "CA1", NOW)
    kept = repr(vars(hot_state))
    assert NUMBER[3:] not in kept
    assert Pseudonyms([PseudonymKey("k1", b"k" * 32)]).current(NUMBER).value[:16] not in kept
