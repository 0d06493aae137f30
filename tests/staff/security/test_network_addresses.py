"""One network address is slowed down whatever it tries, and writes itself no other one (ASVS 5.0, 4.1.3 and 6.3.1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sms_service.service.accounts import throttle
from sms_service.service.accounts.throttle import network_of
from tests.staff_accounts import Member, Site
from tests.staff_site import hidden_fields

MOST = 5
TRIES = MOST + 2
SLOWED_DOWN = [404] * MOST + [429] * 2
ALL_LOOKED_AT = [404] * TRIES


@pytest.fixture(autouse=True)
def few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real limit would be the same test, with sixty pages more."""
    monkeypatch.setattr(throttle, "MOST_FROM_AN_ADDRESS", MOST)


@pytest.mark.parametrize(
    ("hops", "forwarded", "statuses"),
    [
        ("0", None, SLOWED_DOWN),
        ("0", "192.0.2.{}", SLOWED_DOWN),  # nothing stands before the line: whoever says so makes it up
        ("1", None, SLOWED_DOWN),
        ("1", "192.0.2.{}", ALL_LOOKED_AT),  # a person each
        ("1", "192.0.2.{}, 198.51.100.7", SLOWED_DOWN),  # all but the last is what the sender wrote
        ("1", "192.0.2.{}, 192.0.2.{}, 198.51.100.7", SLOWED_DOWN),
        ("1", "198.51.100.7:{}", SLOWED_DOWN),  # some proxies add the port
        ("1", "2001:db8::{}", SLOWED_DOWN),  # one network, as many addresses as anybody wants
        ("1", "2001:db8:0:{}::1", ALL_LOOKED_AT),
        ("2", "192.0.2.{}, 198.51.100.7", ALL_LOOKED_AT),
        ("2", "192.0.2.{}, 203.0.113.9, 198.51.100.7", SLOWED_DOWN),
        ("2", "192.0.2.{}", SLOWED_DOWN),  # it came past one of the two: nobody vouches for what it says
    ],
)
def test_a_guesser_is_known_by_what_our_own_proxies_say(
    make_site: Callable[..., Site], hops: str, forwarded: str | None, statuses: list[int]
) -> None:
    browser = make_site(TRUSTED_PROXY_HOPS=hops).browser()
    token = hidden_fields(browser.get("/log-in").get_data(as_text=True))
    headers = [{} if forwarded is None else {"X-Forwarded-For": forwarded.format(*2 * [n])} for n in range(TRIES)]
    assert [browser.post(f"/join/{n}", token, headers=headers[n]).status_code for n in range(TRIES)] == statuses
    if statuses == SLOWED_DOWN:
        stranger = Member(browser, "p@example.org")
        fields = {**token, "email": stranger.email, "password": "another way in"}
        assert stranger.browser.post("/log-in", fields, headers=headers[-1]).status_code == 429


def test_behind_a_proxy_a_guesser_keeps_nobody_else_out(make_site: Callable[..., Site]) -> None:
    site = make_site(TRUSTED_PROXY_HOPS="1")
    browser = site.browser()
    token = hidden_fields(browser.get("/log-in").get_data(as_text=True))
    for number in range(TRIES):
        browser.post(f"/join/{number}", token, headers={"X-Forwarded-For": "198.51.100.7"})
    answer = browser.post("/log-in", {**token, "email": "jo@example.org"}, headers={"X-Forwarded-For": "192.0.2.1"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1:443 ", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("[2001:db8::1]:443", "2001:db8::/64"),
        ("::1", "::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_who_is_counted_as_one(address: str, network: str) -> None:
    assert network_of(address) == network
