from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.core.delivery import (
    BLOCKED_AT_PROVIDER,
    DeliveryReport,
    DeliveryState,
    DeliveryStatus,
    error_words,
    final_state,
    read_error_code,
)

A_LIFE = [
    DeliveryReport(DeliveryStatus.QUEUED),
    DeliveryReport(DeliveryStatus.SENDING),
    DeliveryReport(DeliveryStatus.SENT),
    DeliveryReport(DeliveryStatus.UNKNOWN),
    DeliveryReport(DeliveryStatus.UNDELIVERED, 30003),
]

REPORTS = st.builds(
    DeliveryReport, st.sampled_from(DeliveryStatus), st.none() | st.integers(min_value=1, max_value=999_999_999)
)


def test_all_120_orders_of_a_life_give_the_same_state() -> None:
    orders = list(itertools.permutations(A_LIFE))
    assert len(orders) == 120
    assert {final_state(order) for order in orders} == {DeliveryState(DeliveryStatus.UNDELIVERED, 30003)}


@given(st.lists(REPORTS, max_size=8), st.randoms())
def test_order_and_repeats_never_matter(reports: list[DeliveryReport], chance) -> None:
    mixed = reports + [chance.choice(reports) for _ in range(3 if reports else 0)]
    chance.shuffle(mixed)
    assert final_state(mixed) == final_state(reports)


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["queued", "sent", "delivered"], "delivered"),
        (["read", "delivered", "sent"], "read"),
        (["sent", "failed"], "failed"),
        (["undelivered", "delivered"], "delivered"),
        (["failed", "undelivered"], "undelivered"),
        (["sent", "teleported"], "sent"),
        (["teleported"], "unknown"),
        (["", None], "unknown"),
        ([" DELIVERED "], "delivered"),
        (["canceled", "queued"], "canceled"),
    ],
)
def test_the_highest_rank_is_the_state(statuses: list[str | None], state: str) -> None:
    assert final_state(DeliveryReport(DeliveryStatus.of(status)) for status in statuses).status == state


def test_a_code_belongs_to_the_report_that_counts() -> None:
    reports = [DeliveryReport(DeliveryStatus.SENT, 1), DeliveryReport(DeliveryStatus.DELIVERED)]
    assert final_state(reports).error_code is None
    without_and_with = [DeliveryReport(DeliveryStatus.FAILED), DeliveryReport(DeliveryStatus.FAILED, 21610)]
    assert final_state(without_and_with).error_code == 21610


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DeliveryState(), "no report yet"),
        (DeliveryState(DeliveryStatus.PARTIALLY_DELIVERED), "partially delivered"),
        (DeliveryState(DeliveryStatus.FAILED, BLOCKED_AT_PROVIDER), "failed: blocked at provider (21610)"),
        (DeliveryState(DeliveryStatus.FAILED, 99999), "failed: code not in our list (99999)"),
    ],
)
def test_words_for_operators(state: DeliveryState, words: str) -> None:
    assert state.words == words


def test_every_code_of_the_list_has_words_and_any_other_too() -> None:
    assert error_words(30007) == "filtered by the network"
    assert error_words(-5) == "code not in our list"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("30003", 30003),
        (" 21610 ", 21610),
        ("", None),
        (None, None),
        ("0", None),
        ("-1", None),
        ("1e9", None),
        ("٣٠٠", None),
        ("9" * 9, 999_999_999),
        ("9" * 10**6, None),
        ("null", None),
    ],
)
def test_reading_a_code_that_somebody_else_wrote(written: str | None, code: int | None) -> None:
    assert read_error_code(written) == code


@pytest.mark.parametrize("status", DeliveryStatus)
def test_a_status_is_lost_or_arrived_or_neither(status: DeliveryStatus) -> None:
    assert not (status.is_lost and status.arrived)
    assert status.rank >= DeliveryStatus.CANCELED.rank or not (status.is_lost or status.arrived)
