"""The go-live check finds what is wrong, says why it matters and what to do, and never breaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sms_service.core.events import Event, EventKind
from sms_service.core.findings import Finding, State, worst
from sms_service.service.canary import LineUnreachable
from sms_service.service.doctor import Doctor
from sms_service.service.doctor_provider import ProviderCheck
from sms_service.service.fallback_export import fallback_files
from sms_service.service.provider_ports import (
    Account,
    LineNumber,
    ProviderAlert,
    ProviderTrouble,
    SenderPool,
    Webhook,
)
from sms_service.webhooks.static_twiml import StaticTwiml, same_answer
from tests.conftest import PUBLIC_URL

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
USUAL = {
    "TWILIO_AUTH_TOKEN": 32 * "a",
    "LINE_NUMBERS": "+447700900000",
    "ALERT_URLS": "json://127.0.0.1/",
    "TRUSTED_PROXY_HOPS": "1",
}
NUMBER = LineNumber(
    number="+447700900000",
    is_short_code=False,
    texts=Webhook(f"{PUBLIC_URL}/sms", "POST"),
    texts_fallback=Webhook("https://bin.example/sms", "POST"),
    calls=Webhook(f"{PUBLIC_URL}/voice", "POST"),
    calls_fallback=Webhook("https://bin.example/voice", "POST"),
)
POOL = SenderPool(
    name="Line",
    texts=Webhook(f"{PUBLIC_URL}/sms", "POST"),
    texts_fallback=Webhook("https://bin.example/sms", "POST"),
    number_decides=False,
    numbers=["+447700900000"],
    sticky_sender=False,
    fallback_to_long_code=False,
    smart_encoding=False,
)


class Provider:
    """A well-kept account, until a test changes it."""

    def __init__(self) -> None:
        self.the_account: Account | Exception = Account(active=True, is_trial=False, clock_ahead_seconds=1.0)
        self.the_numbers: list[LineNumber] = [NUMBER]
        self.the_pools: list[SenderPool] = []
        self.the_alerts: list[ProviderAlert] = []
        self.bins: dict[str, bytes | Exception] = {}

    def account(self) -> Account:
        if isinstance(self.the_account, Exception):
            raise self.the_account
        return self.the_account

    def numbers(self) -> Sequence[LineNumber]:
        return self.the_numbers

    def pools(self) -> Sequence[SenderPool]:
        return self.the_pools

    def alerts(self) -> Sequence[ProviderAlert]:
        return self.the_alerts

    def read(self, webhook: Webhook) -> bytes:
        found = self.bins[webhook.url]
        if isinstance(found, Exception):
            raise found
        return found


class Address:
    trouble: str | None = None
    refused: bool | Exception = True

    def answers_signed(self) -> str | None:
        return self.trouble

    def refuses_unsigned(self) -> bool:
        if isinstance(self.refused, Exception):
            raise self.refused
        return self.refused


@pytest.fixture
def provider(line: Line) -> Provider:
    made = Provider()
    files = fallback_files(line.release, StaticTwiml(), NOON, frozenset())
    made.bins = {"https://bin.example/sms": files.sms, "https://bin.example/voice": files.voice}
    return made


@pytest.fixture
def check(provider: Provider) -> ProviderCheck:
    return ProviderCheck(
        account=provider,
        pages=provider,
        public_url=PUBLIC_URL,
        numbers=frozenset({"+447700900000"}),
        answers=StaticTwiml(),
        same=same_answer,
        clock=lambda: NOON,
        newest=lambda _: None,
    )


@pytest.fixture
def doctor(make_line: Callable[..., Line], check: ProviderCheck) -> Doctor:
    line = make_line(**USUAL)
    return Doctor(
        settings=line.line.settings,
        releases=line.line.releases,
        address=Address(),
        provider=check,
        checks={"hot_state": lambda: None},
        persistence={"database": lambda: None},
        alert_troubles=lambda: (),
        wrong_addresses=lambda: (),
    )


def bad(findings: Sequence[Finding]) -> list[str]:
    return [finding.what for finding in findings if finding.state in (State.BAD, State.WARNING)]


def test_a_good_line_has_only_the_book_to_approve(doctor: Doctor) -> None:
    found = doctor.examine()
    assert [what for what in bad(found) if not what.startswith("Contacts never checked")] == [
        "The replies come from files"
    ]
    assert {finding.area for finding in found} >= {"settings", "address", "signatures", "stores", "book", "provider"}


def test_every_finding_that_is_not_good_says_why_and_what_to_do(doctor: Doctor, provider: Provider) -> None:
    provider.the_numbers, provider.the_pools = [], [replace(POOL, sticky_sender=True, smart_encoding=True)]
    for finding in doctor.examine():
        assert finding.why
        assert finding.state is State.GOOD or finding.mend


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"LINE_ENV": "development", "PUBLIC_URL": "http://127.0.0.1:8000"}, "Not so: PUBLIC_URL begins with https"),
        ({"TRUSTED_PROXY_HOPS": "0"}, "Not so: TRUSTED_PROXY_HOPS counts the proxies before the line"),
        ({"LINE_NUMBERS": ""}, "Not so: LINE_NUMBERS are set"),
        ({"TWILIO_AUTH_TOKEN": "short"}, "Not so: TWILIO_AUTH_TOKEN looks whole"),
        ({"ALERT_URLS": ""}, "ALERT_URLS is empty"),
        ({"CANARY_MINUTES": "0"}, "The canary is off"),
    ],
)
def test_settings_are_looked_at(
    doctor: Doctor, make_line: Callable[..., Line], changes: dict[str, str], says: str
) -> None:
    settings = make_line(**{**USUAL, **changes}).line.settings
    assert says in bad(replace(doctor, settings=settings).examine())


def test_the_public_address_is_tried(doctor: Doctor) -> None:
    address = Address()
    address.trouble, address.refused = "Nobody listens at the public address.", LineUnreachable("Nobody listens.")
    assert {"Nobody listens at the public address.", "Nobody listens."} <= set(
        bad(replace(doctor, address=address).examine())
    )
    address.refused = False
    assert "Not so: A request without a signature is refused" in bad(replace(doctor, address=address).examine())


def test_a_wrong_address_is_explained(doctor: Doctor) -> None:
    row = Event(
        event_id="x",
        kind=EventKind.REFUSAL,
        at=NOON,
        seen_url=f"{PUBLIC_URL}/sms",
        signed_url="http://line.example.org/sms",
        url_fault="scheme",
    )
    found = [one for one in replace(doctor, wrong_addresses=lambda: [row]).examine() if one.area == "signatures"]
    assert found[0].state is State.BAD
    assert "signed was http://line.example.org/sms (scheme)" in found[0].what
    assert "PUBLIC_URL says https://line.example.org" in found[0].mend


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"the_account": Account(False, False, None)}, "The account is active"),
        ({"the_account": Account(True, True, None)}, "The account is a paid one"),
        ({"the_account": Account(True, False, -45.0)}, "Our clock is 45 seconds from the provider's"),
        ({"the_account": ProviderTrouble("The provider refuses our token.")}, "The provider refuses our token."),
        ({"the_numbers": []}, "1 of LINE_NUMBERS are not in the account"),
        ({"the_numbers": [replace(NUMBER, texts=Webhook("https://old.example/sms", "POST"))]},
         "Number ...0000: texts go to another address"),
        ({"the_numbers": [replace(NUMBER, texts=Webhook("", "POST"))]}, "Number ...0000: texts go nowhere"),
        ({"the_numbers": [replace(NUMBER, texts=Webhook(f"{PUBLIC_URL}/sms", "GET"))]},
         "Number ...0000: texts come by GET"),
        ({"the_numbers": [replace(NUMBER, texts=Webhook(f"{PUBLIC_URL}/sms/", "POST"))]},
         "Number ...0000: texts go to another address"),
        ({"the_numbers": [replace(NUMBER, texts_fallback=Webhook("", "POST"))]},
         "Number ...0000: texts have no fallback"),
        ({"the_numbers": [replace(NUMBER, texts_fallback=Webhook(f"{PUBLIC_URL}/other", "POST"))]},
         "Number ...0000: texts: the fallback is this very host"),
        ({"the_numbers": [replace(NUMBER, texts_fallback=Webhook(f"{PUBLIC_URL}.other.example/sms", "POST"))],
          "bins": {f"{PUBLIC_URL}.other.example/sms": b"<Response/>", "https://bin.example/voice": b"<Response/>"}},
         "Number ...0000: texts: the fallback says something else than the live release"),
        ({"the_numbers": [replace(NUMBER, application=True)]},
         "Number ...0000: an application of the provider's overrides its addresses"),
        ({"bins": {"https://bin.example/sms": b"<Response/>", "https://bin.example/voice": b"<Response/>"}},
         "Number ...0000: texts: the fallback says something else than the live release"),
        ({"the_pools": [replace(POOL, sticky_sender=True, fallback_to_long_code=True)]},
         "Messaging service 'Line': sticky sender and fallback to a long code stand in the way of redaction"),
        ({"the_pools": [replace(POOL, smart_encoding=True)]},
         "Messaging service 'Line': smart encoding changes characters of our texts"),
        ({"the_pools": [replace(POOL, texts=Webhook("https://old.example", "POST"))]},
         "Messaging service 'Line': texts go to another address"),
        ({"the_alerts": [ProviderAlert(11200, 3)]},
         "The provider noted errors: our server could not be reached (11200), 3 times"),
    ],
)  # fmt: skip
def test_the_provider_s_side_is_looked_at(
    doctor: Doctor, provider: Provider, change: dict[str, Any], says: str
) -> None:
    for name, value in change.items():
        setattr(provider, name, value)
    assert says in bad(doctor.examine())


def test_a_number_in_a_pool_goes_by_the_pool_s_addresses(doctor: Doctor, provider: Provider) -> None:
    provider.the_numbers = [replace(NUMBER, texts=Webhook("https://old.example/sms", "POST"))]
    provider.the_pools = [POOL]
    assert not [what for what in bad(doctor.examine()) if "texts" in what]
    provider.the_pools = [replace(POOL, number_decides=True)]
    assert "Number ...0000: texts go to another address" in bad(doctor.examine())


def test_time_outs_in_the_address_are_no_other_address(doctor: Doctor, provider: Provider) -> None:
    provider.the_numbers = [replace(NUMBER, texts=Webhook(f"{PUBLIC_URL}/sms#rc=2&rp=ct", "POST"))]
    assert not [what for what in bad(doctor.examine()) if "texts" in what]


def test_a_fallback_that_cannot_be_read_is_to_be_looked_at(doctor: Doctor, provider: Provider) -> None:
    provider.bins["https://bin.example/sms"] = ProviderTrouble("The fallback's address answers with status 403.")
    found = [one for one in doctor.examine() if "status 403" in one.what]
    assert [one.state for one in found] == [State.LOOK]


def test_opt_out_texts_are_there_to_paste(doctor: Doctor, line: Line) -> None:
    found = {one.what: one.mend for one in doctor.examine()}
    assert found["Advanced Opt-Out, STOP"] == line.texts("STOP")[0]


def test_whatever_breaks_the_rest_is_looked_at(doctor: Doctor) -> None:
    def broken() -> Any:
        raise RuntimeError("canary +447700900123")

    found = replace(doctor, alert_troubles=broken, checks={"hot_state": broken}, wrong_addresses=broken).examine()
    assert "The check itself broke (RuntimeError)." in bad(found)
    assert "A check failed (RuntimeError)." in bad(found)
    assert "canary" not in repr(found)
    assert any(one.area == "provider" for one in found)


def test_without_a_book_it_says_so(doctor: Doctor, make_line: Callable[..., Line]) -> None:
    found = replace(doctor, releases=make_line(release=None).line.releases).examine()
    assert "There is no reply book" in bad(found)


def test_the_worst_decides() -> None:
    assert worst([]) is State.GOOD
    assert worst([Finding("a", "b", state, "c") for state in State]) is State.BAD
