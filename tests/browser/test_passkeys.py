"""A passkey from adding it to logging in with it, in a real browser with a device in software (WebDriver, WebAuthn)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.keyboard import Keyboard
from tests.staff_accounts import Member, Site
from tests.staff_site import BrowserStaff, Scheme, assert_accessible

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class AtThisAddress:
    """Answers with the site that is made when the address is known: a passkey is bound to it."""

    site: Site

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.site.app(environ, start_response)


def device_of(page: Page) -> tuple[CDPSession, str]:
    """Plug a device in that makes sure of the person by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added: dict[str, Any] = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, str(added["authenticatorId"])


def test_add_log_in_prove_again_remove(  # noqa: PLR0915 - a journey has as many steps as it has
    make_site: Callable[..., Site], serve: Callable[[Flask], str], staff_browser: BrowserStaff, tmp_path: Path
) -> None:
    front = AtThisAddress()
    address = serve(front).replace("127.0.0.1", "localhost")  # type: ignore[arg-type]  # any application will do
    front.site = site = make_site(LINE_ENV="development", PUBLIC_URL=address)
    site.pages.test_client()  # built before a browser waits for it
    jo = site.open_session()

    def press(name: str) -> None:
        page.wait_for_load_state()  # what the button does comes with the script, at the end
        Keyboard(page).to(name, exact=True)
        page.keyboard.press("Enter")

    def look(name: str, *, width: int = 1100, scheme: Scheme = "light") -> None:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page)
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)

    def carry(member: Member) -> None:
        page.context.add_cookies([{"name": "session", "value": member.cookie, "url": address}])

    page = staff_browser.open(f"{address}/log-in")
    carry(jo)
    session, device = device_of(page)
    page.goto(f"{address}/account/passkeys")
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    look("none", width=320, scheme="dark")
    press("Add a passkey")
    expect(page.get_by_label("Name")).to_have_value("Chrome on Linux")
    expect(page.get_by_text("This browser cannot")).to_be_hidden()
    look("add")
    press("Add a passkey")
    expect(page.get_by_role("row", name="Chrome on Linux")).to_contain_text("Never")
    look("one", width=320)
    page.goto(f"{address}/account/passkeys/add")
    press("Add a passkey")
    expect(page.get_by_role("alert")).to_have_text("This device has a passkey of yours already.")

    page.goto(f"{address}/account")
    page.get_by_role("button", name="Log out").first.press("Enter")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    press("Log in with a passkey")
    expect(page.get_by_role("alert")).to_have_text("No passkey was used. Try again, or go on without.")
    look("not used", scheme="dark")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.wait_for_timeout(1100)  # for a second a button takes no second press (GOV.UK Frontend)
    press("Log in with a passkey")
    expect(page).to_have_title(re.compile("Home"))
    expect(page.get_by_text("Logged in as Person 0")).to_be_visible()

    carry(site.session_of(jo.person_id, proved_ago=700))
    page.goto(f"{address}/account/passkeys/add")
    expect(page).to_have_title(re.compile("Is it still you"))
    look("prove again")
    press("Use a passkey instead")
    expect(page).to_have_title(re.compile("Add a passkey"))
    page.goto(f"{address}/account/passkeys")
    press("Remove Chrome on Linux")
    expect(page.get_by_text("You have none yet.")).to_be_visible()

    plain = staff_browser.open(f"{address}/log-in", width=320, script=False)
    expect(plain.get_by_role("button", name="Log in with a passkey")).to_have_count(0)
    plain.context.add_cookies([{"name": "session", "value": site.session_of(jo.person_id).cookie, "url": address}])
    plain.goto(f"{address}/account/passkeys/add")
    expect(plain.get_by_text("This browser cannot add one here: it needs JavaScript")).to_be_visible()
    expect(plain.get_by_role("button", name="Add a passkey")).to_have_count(0)
    plain.screenshot(path=tmp_path / "without a script.png", full_page=True)
