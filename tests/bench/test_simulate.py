"""The simulation counts every text once, and says what gives way."""

from __future__ import annotations

import pytest

from bench.simulate import Campaign, arrivals, simulate


@pytest.mark.parametrize(("texts", "minutes"), [(0, 1), (7, 1), (100_000, 60), (1_000_000, 5)])
def test_every_text_comes_once(texts: int, minutes: int) -> None:
    coming = list(arrivals(texts, minutes))
    assert len(coming) == minutes * 60
    assert min(coming) >= 0
    assert sum(coming) == texts


@pytest.mark.parametrize("hosts", [1, 10])
def test_every_text_ends_somewhere(hosts: int) -> None:
    campaign = Campaign(texts=200_000, minutes=10, hosts=hosts, segments_per_number=1000)
    result = simulate(campaign)
    assert result.answered + result.to_fallback == campaign.texts


def test_enough_of_everything_keeps_nobody_waiting() -> None:
    result = simulate(Campaign(texts=10_000, minutes=60, segments_per_number=1000))
    assert (result.to_fallback, result.longest_webhook_wait, result.first_to_saturate) == (0, 0, "nothing")
    assert result.hours_until_last_reply == pytest.approx(1, abs=0.01)


def test_one_long_number_is_the_first_to_give_way() -> None:
    result = simulate(Campaign(texts=36_000, minutes=60, segments_per_number=1))
    assert result.first_to_saturate == "the provider's send rate"
    assert result.replies_refused_by_provider == pytest.approx(36_000 - 18_000 - 1_800, rel=0.05)


def test_too_few_cores_send_people_to_the_fallback() -> None:
    result = simulate(Campaign(texts=1_000_000, minutes=60, texts_per_core=50, segments_per_number=10_000))
    assert result.first_to_saturate == "processor cores"
    assert result.to_fallback > 100_000
    assert simulate(Campaign(texts=1_000_000, minutes=60, texts_per_core=50, segments_per_number=10_000, hosts=20)
                    ).to_fallback == 0  # fmt: skip
