"""Single sign-on in a real browser: a link leads away under our security policy, and the way back is in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from sms_service.core.people import Role
from tests.identity_provider import identity_provider
from tests.staff_accounts import Site
from tests.staff_site import BrowserStaff, assert_accessible


def test_a_link_leads_to_the_provider_and_back_in(
    make_site: Callable[..., Site], serve: Callable[[Any], str], staff_browser: BrowserStaff
) -> None:
    behind: list[Any] = []

    def app(environ: Any, start: Any) -> Any:
        return behind[0](environ, start)

    address = serve(app)
    with identity_provider() as provider:
        provider.claims |= {"amr": ["mfa"]}
        site = make_site(LINE_ENV="development", PUBLIC_URL=address, **provider.environ())
        behind.append(site.app)
        page = staff_browser.open(f"{address}/log-in?next=/account", expect_statuses=(403,))
        page.get_by_role("link", name="Log in with single sign-on").click()
        expect(page.locator("h1")).to_have_text("You are not logged in")
        assert_accessible(page)
        site.invite(Role.EDITOR, email="jo@example.org")
        page.get_by_role("button", name="Back to log in").click()
        assert_accessible(page)
        page.goto(f"{address}/account")
        page.get_by_role("link", name="Log in with single sign-on").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/account")
        page.get_by_role("main").get_by_role("button", name="Log out", exact=True).click()
        expect(page.locator("h1")).to_have_text("You are logged out here")
        assert_accessible(page)
