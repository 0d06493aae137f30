"""Single sign-on lets in whom a real, signed answer names and who was invited, and nobody else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from sms_service.core.people import Role
from sms_service.settings import read_settings
from sms_service.staff.accounts.openid import Identity, OpenIdProvider, ProviderFailed
from tests.conftest import CapturedLog
from tests.identity_provider import FakeProvider, identity_provider
from tests.staff_accounts import Member, Site
from tests.staff_site import StaffClient

START, BACK = "/single-sign-on", "/single-sign-on/callback"
TWO_FACTORS = {"amr": ["pwd", "mfa"]}


@pytest.fixture(scope="module")
def running_provider() -> Iterator[FakeProvider]:
    with identity_provider() as running:
        yield running


@pytest.fixture
def provider(running_provider: FakeProvider) -> FakeProvider:
    """The provider as it is when nothing is wrong."""
    running_provider.reset()
    return running_provider


@pytest.fixture
def sso(make_site: Callable[..., Site], provider: FakeProvider) -> Site:
    """A site that trusts the provider, to which Jo was invited. The provider is on this machine, so no production."""
    site = make_site(LINE_ENV="development", **provider.environ())
    site.invite(Role.EDITOR, email="jo@example.org")
    return site


@pytest.fixture
def asking(provider: FakeProvider) -> OpenIdProvider:
    """Our side alone."""
    settings = read_settings(provider.environ()).identity_provider
    assert settings is not None
    return OpenIdProvider(settings, f"https://line.example.org{BACK}", CapturedLog())


def finished(asking: OpenIdProvider, provider: FakeProvider) -> Identity:
    """Go there and back."""
    sent = asking.begin()
    return asking.finish(sent.kept, dict(parse_qsl(provider.agree(sent.address))))


def sent_away(browser: StaffClient, path: str = START) -> str:
    answer = browser.get(path)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def come_back(site: Site, provider: FakeProvider, browser: StaffClient | None = None, **changed: str) -> TestResponse:
    browser = browser or site.browser()
    return browser.get(f"{BACK}?{provider.agree(sent_away(browser), **changed)}")


def is_in(browser: StaffClient) -> bool:
    return browser.get("/home").status_code == 200


class TestComingIn:
    def test_whoever_was_invited_and_proved_it_in_two_ways_is_in(self, sso: Site, provider: FakeProvider) -> None:
        provider.claims |= TWO_FACTORS
        browser = sso.browser()
        answer = come_back(sso, provider, browser)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/welcome")
        assert browser.get("/welcome").headers["Location"] == "/home", "nobody without an app needs its recovery codes"
        assert is_in(browser)

    def test_with_one_factor_there_our_own_is_asked_for(self, sso: Site, provider: FakeProvider) -> None:
        browser = sso.browser()
        answer = come_back(sso, provider, browser)
        assert answer.headers["Location"].startswith("/set-up-authenticator")
        assert not is_in(browser)
        member = Member(browser, "jo@example.org")
        member.set_up_authenticator()
        assert is_in(browser)
        again = sso.browser()
        assert come_back(sso, provider, again).headers["Location"].startswith("/authenticator-code")
        assert not is_in(again)
        assert again.send("/authenticator-code", {"code": member.code()}).status_code == 302
        assert is_in(again)

    def test_a_context_class_says_so_instead_where_it_is_set(
        self, make_site: Callable[..., Site], provider: FakeProvider
    ) -> None:
        site = make_site(LINE_ENV="development", OIDC_ACR="two-ways", **provider.environ())
        site.invite(Role.EDITOR, email="jo@example.org")
        assert "acr_values=two-ways" in sent_away(site.browser())
        for acr, is_enough in (("one-way", False), ("two-ways", True)):
            provider.claims |= {"acr": acr, **TWO_FACTORS}
            browser = site.browser()
            come_back(site, provider, browser)
            assert is_in(browser) is is_enough

    def test_the_log_in_page_leads_there_by_a_link(self, sso: Site) -> None:
        page = sso.browser().get("/log-in?next=/account").text
        assert f'<a class="govuk-link" href="{START}?next=/account">Log in with single sign-on</a>' in page

    def test_the_session_is_another_one_afterwards(self, sso: Site, provider: FakeProvider) -> None:
        provider.claims |= TWO_FACTORS
        browser = sso.browser()
        query = provider.agree(sent_away(browser))
        before = browser.http.get_cookie("session", domain="line.example.org")
        browser.get(f"{BACK}?{query}")
        after = browser.http.get_cookie("session", domain="line.example.org")
        assert before is not None
        assert after is not None
        assert before.value != after.value
        assert is_in(browser)

    @pytest.mark.parametrize(
        ("wanted", "after"),
        [
            ("/account", "/account"),
            ("//evil.example", "/welcome"),
            ("https://evil.example/", "/welcome"),
            ("/\\evil.example", "/welcome"),
        ],
    )
    def test_people_go_on_to_where_they_were_and_never_elsewhere(
        self, sso: Site, provider: FakeProvider, wanted: str, after: str
    ) -> None:
        provider.claims |= TWO_FACTORS
        browser = sso.browser()
        query = provider.agree(sent_away(browser, f"{START}?next={wanted}"))
        assert browser.get(f"{BACK}?{query}").headers["Location"] == after


def signed_by_another(provider: FakeProvider) -> None:
    provider.signing_key = ECKey.generate_key("P-256", {"kid": "k1"})


def unsigned(provider: FakeProvider) -> None:
    provider.algorithm = "none"


def says(**claims: Any) -> Callable[[FakeProvider], None]:
    def change(provider: FakeProvider) -> None:
        provider.claims |= claims

    return change


class TestNobodyElse:
    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param(signed_by_another, id="forged"),
            pytest.param(unsigned, id="unsigned"),
            pytest.param(FakeProvider.sign_with_our_secret, id="signed with our own secret"),
            pytest.param(says(nonce="another"), id="wrong nonce"),
            pytest.param(says(nonce=None), id="no nonce"),
            pytest.param(says(exp=1_000_000_000), id="expired"),
            pytest.param(says(exp=None), id="without an end"),
            pytest.param(says(iat=9_999_999_999), id="of the future"),
            pytest.param(says(aud="another-client"), id="wrong audience"),
            pytest.param(says(aud=["another-client"], azp="the-line"), id="audience of another, handed on"),
            pytest.param(says(aud=["the-line", "another-client"], azp="the-line"), id="two audiences"),
            pytest.param(says(iss="http://127.0.0.1/council"), id="wrong issuer"),
            pytest.param(says(sub=None), id="nobody"),
        ],
    )
    def test_a_token_that_does_not_hold_names_nobody(
        self, asking: OpenIdProvider, provider: FakeProvider, wrong: Callable[[FakeProvider], None]
    ) -> None:
        assert finished(asking, provider).email == "jo@example.org"
        wrong(provider)
        with pytest.raises(ProviderFailed):
            finished(asking, provider)

    def test_then_nobody_is_logged_in(self, sso: Site, provider: FakeProvider) -> None:
        provider.claims |= TWO_FACTORS
        signed_by_another(provider)
        browser = sso.browser()
        answer = come_back(sso, provider, browser)
        assert answer.status_code == 503
        assert not is_in(browser)
        assert "jo@example.org" not in answer.text

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param(says(email_verified=False), id="address not verified"),
            pytest.param(says(email_verified="false"), id="verified in words"),
            pytest.param(says(email_verified=None), id="nothing said of it"),
            pytest.param(says(email=["jo@example.org"]), id="no address"),
        ],
    )
    def test_an_address_that_was_not_verified_is_none(
        self, asking: OpenIdProvider, provider: FakeProvider, wrong: Callable[[FakeProvider], None]
    ) -> None:
        wrong(provider)
        assert finished(asking, provider).email is None

    def test_letters_that_unicode_folds_make_no_two_addresses_one(
        self, asking: OpenIdProvider, provider: FakeProvider
    ) -> None:
        provider.claims |= {"email": "\u212aim.Ro\u017fe@EXAMPLE.org"}  # a Kelvin sign, a long s
        assert finished(asking, provider).email == "\u212aim.ro\u017fe@example.org"

    @pytest.mark.parametrize("email", ["stranger@example.org", None])
    def test_who_was_not_invited_is_told_so(self, sso: Site, provider: FakeProvider, email: str | None) -> None:
        provider.claims |= {**TWO_FACTORS, "email": email}
        browser = sso.browser()
        answer = come_back(sso, provider, browser)
        assert answer.status_code == 403
        assert "Nobody was invited here" in answer.text
        assert not is_in(browser)
        assert len(sso.staff.accounts.store.everybody()) == 1

    def test_a_disabled_account_stays_shut(self, sso: Site, provider: FakeProvider) -> None:
        provider.claims |= TWO_FACTORS
        sso.invite(Role.ADMIN, email="admin@example.org")
        jo = sso.staff.accounts.store.by_email("jo@example.org")
        assert jo is not None
        sso.staff.accounts.store.change_standing(jo.person_id, jo.roles, active=False)
        assert come_back(sso, provider).status_code == 403

    def test_an_address_that_went_to_somebody_else_opens_nothing(self, sso: Site, provider: FakeProvider) -> None:
        provider.claims |= TWO_FACTORS
        come_back(sso, provider)
        provider.claims |= {"sub": "sub-of-the-next-jo"}
        assert come_back(sso, provider).status_code == 403
        provider.claims |= {"sub": "sub-of-jo", "email": "jo.married@example.org"}
        assert come_back(sso, provider).status_code == 303, "and a new address of the same person does"

    def test_mix_up_an_answer_of_another_provider_is_not_taken_to_this_one(
        self, sso: Site, provider: FakeProvider
    ) -> None:
        before = len(provider.asked)
        answer = come_back(sso, provider, iss="https://evil.example")
        assert answer.status_code == 403
        assert [path for path in provider.asked[before:] if path.endswith("/token")] == []

    def test_an_answer_counts_once_and_only_where_it_was_asked_for(self, sso: Site, provider: FakeProvider) -> None:
        provider.claims |= TWO_FACTORS
        browser, other = sso.browser(), sso.browser()
        query = provider.agree(sent_away(browser))
        assert other.get(f"{BACK}?{query}").status_code == 403, "planted in somebody else's browser"
        assert browser.get(f"{BACK}?{query}").status_code == 303
        assert browser.get(f"{BACK}?{query}").status_code == 403
        for nothing in ("", "?state=", "?code=x&state=", "?error=access_denied"):
            assert sso.browser().get(f"{BACK}{nothing}").status_code == 403

    def test_a_stolen_code_is_worth_nothing_without_its_verifier(self, sso: Site, provider: FakeProvider) -> None:
        provider.claims |= TWO_FACTORS
        victim, thief = sso.browser(), sso.browser()
        code = parse_qs(provider.agree(sent_away(victim)))["code"][0]
        own = provider.agree(sent_away(thief), code=code)
        assert thief.get(f"{BACK}?{own}").status_code == 503
        assert not is_in(thief)


class TestTheProviderIsDown:
    @pytest.mark.parametrize(
        "broken",
        [
            {"issuer": "https://evil.example"},
            {"token_endpoint": "ftp://127.0.0.1/token"},
            {"jwks_uri": None},
        ],
    )
    def test_metadata_that_do_not_fit_are_not_used_and_asked_for_again(
        self, asking: OpenIdProvider, provider: FakeProvider, broken: dict[str, Any]
    ) -> None:
        provider.metadata |= broken
        with pytest.raises(ProviderFailed):
            asking.begin()
        provider.reset()
        assert asking.begin().address.startswith(provider.issuer)

    def test_people_log_in_by_password_all_the_same(self, make_site: Callable[..., Site]) -> None:
        nobody = {"OIDC_ISSUER": "http://127.0.0.1:9", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
        site = make_site(LINE_ENV="development", **nobody)
        answer = site.browser().get(START)
        assert answer.status_code == 503
        assert "Log in with your password" in answer.text
        assert site.browser().get("/log-in").status_code == 200
        assert site.line.log.troubles[-1][0] == "identity_provider_failed"


class TestAgainAndOut:
    def test_proving_it_once_more_needs_a_fresh_log_in_there(self, sso: Site, provider: FakeProvider) -> None:
        provider.claims |= TWO_FACTORS
        browser = sso.browser()
        come_back(sso, provider, browser)
        again = sent_away(browser, f"{START}?again=1&next=/account/recovery-codes")
        asked = parse_qs(urlsplit(again).query)
        assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
        provider.claims |= {"auth_time": int(time.time()) - 3600}
        assert browser.get(f"{BACK}?{provider.agree(again)}").status_code == 403
        again = sent_away(browser, f"{START}?again=1&next=/account/recovery-codes")
        provider.claims |= {"auth_time": int(time.time())}
        assert browser.get(f"{BACK}?{provider.agree(again)}").headers["Location"] == "/account/recovery-codes"

    def test_logging_out_says_how_to_do_so_there_too(self, sso: Site, provider: FakeProvider) -> None:
        provider.claims |= TWO_FACTORS
        browser = sso.browser()
        come_back(sso, provider, browser)
        answer = browser.send("/log-out", form_at="/account")
        assert answer.headers["Location"] == f"{START}/logged-out"
        assert not is_in(browser)
        assert 'href="https://login.example.org/log-out?' in browser.get(f"{START}/logged-out").text


def test_without_the_setting_there_is_no_such_page(site: Site) -> None:
    assert site.browser().get(START).status_code == 404
    assert "single sign-on" not in site.browser().get("/log-in").text
