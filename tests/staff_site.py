"""Fixtures for pages: a client that is logged in with a role, and a browser that fails on what a page does wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from sms_service.factory.pages import PagesBehindTheLine
from sms_service.factory.web import app_of
from sms_service.service.access import Person, Role
from sms_service.staff.kit.guard import Doorman
from sms_service.webhooks.fast_lane import FastLane

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest

Scheme = Literal["light", "dark"]
ADDRESS = "https://line.example.org"
WIDTHS = [320, 1100]
PATIENCE_MS = 20_000
"""A busy machine shows a page late; nothing waits longer than it must."""
expect.set_options(timeout=PATIENCE_MS)
SCHEMES: list[Scheme] = ["light", "dark"]
LEFT_BEFORE_IT_CAME = "net::ERR_ABORTED"
"""What the browser says of a file when the next page was asked for first: a quick finger, and nobody's fault."""


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden" and values.get("name"):
            self.hidden.setdefault(str(values["name"]), values.get("value") or "")


def hidden_fields(page: str) -> dict[str, str]:
    """Give the hidden fields of a page, the first of each name: the CSRF token is among them."""
    parser = _Fields()
    parser.feed(page)
    return parser.hidden


class StaffClient:
    """Opens pages and sends their forms as a browser would: the form's own hidden fields go along."""

    def __init__(self, app: Flask, person: Person | None) -> None:
        self.app = app
        self.person = person
        self.http: FlaskClient = app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.http.get(path, base_url=ADDRESS, **more)

    def post(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Post a form without its hidden fields, as no page of ours does."""
        return self.http.post(path, data=fields, base_url=ADDRESS, **more)

    def send(self, path: str, fields: dict[str, Any] | None = None, *, form_at: str | None = None) -> TestResponse:
        """Open the page that holds the form (``form_at``, otherwise ``path``), then post it with these fields."""
        hidden = hidden_fields(self.get(form_at or path).get_data(as_text=True))
        return self.post(path, {**hidden, **(fields or {})})


def front_of(app: Flask) -> PagesBehindTheLine:
    """Give what tells pages from texts; the fast lane may stand before it."""
    first = app.wsgi_app
    front = first._app if isinstance(first, FastLane) else first
    assert isinstance(front, PagesBehindTheLine)
    return front


def pages_app(app: Flask) -> Flask:
    """Give the application with the pages, behind the one that answers texts."""
    return front_of(app).pages


def doorman_for(person: Person | None) -> Doorman:
    """Give a doorman who lets this person in, freshly."""

    def refuse() -> tuple[str, int]:
        return "log in", 401

    return Doorman(who=lambda: person, ask_to_log_in=refuse, is_fresh=lambda: True, ask_again=refuse)


@pytest.fixture
def staff_client(make_line: Callable[..., LineUnderTest]) -> Callable[..., StaffClient]:
    """Log somebody in: ``staff_client(Role.OPS)``; ``staff_client()`` has an account without a role."""

    def make(*roles: Role, line: LineUnderTest | None = None, name: str = "Sam Patel") -> StaffClient:
        person = Person("person-of-the-tests", name, frozenset(roles))
        return StaffClient(app_of((line or make_line()).line, doorman_for(person)), person)

    return make


# Browser --------------------------------------------------------------------------------------------------------------


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application on this machine; gives its address without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serve an application on this machine until the test ends; gives its address without a slash at the end."""
    with ExitStack() as running:
        yield lambda app: running.enter_context(served(app))


class BrowserStaff:
    """Opens pages in Chromium and remembers everything that a faultless page does not say."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.said: list[str] = []

    def open(
        self,
        address: str,
        *,
        width: int = 1100,
        scheme: Scheme = "light",
        script: bool = True,
        expect_statuses: tuple[int, ...] = (),
    ) -> Page:
        """Open an address in a browser of its own, without cookies.

        Args:
            address: Whole.
            width: In CSS pixels.
            scheme: What the person's system asks for.
            script: Whether scripts run.
            expect_statuses: Errors that this test means to see; the console reports each as a failed load.
        """
        context = self._browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        expected = tuple(f"status of {status}" for status in expect_statuses)

        def note(message: ConsoleMessage) -> None:
            if not any(one in message.text for one in expected):
                self.said.append(message.text)

        page.on("console", note)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("requestfailed", self._note_failure)
        page.goto(address)
        return page

    def _note_failure(self, request: Request) -> None:
        if request.failure != LEFT_BEFORE_IT_CAME:
            self.said.append(f"failed: {request.url}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def staff_browser(browser: Browser) -> Iterator[BrowserStaff]:
    """A browser; the test fails when a page logs, breaks its security policy, throws or misses a file."""
    staff = BrowserStaff(browser)
    yield staff
    staff.close()
    assert staff.said == [], staff.said


_SIDEWAYS = """() => [...document.querySelectorAll("html, body *")].filter((it) => {
  const { overflowX } = getComputedStyle(it);
  const scrolls = it === document.documentElement || overflowX === "auto" || overflowX === "scroll";
  return scrolls && it.scrollWidth > it.clientWidth;
}).map((it) => it.outerHTML.slice(0, 120))"""
"""What of a page scrolls sideways: the page, or a part of it (WCAG 2.2, 1.4.10)."""


_STYLED = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = css ? [sheet] : [];
}"""


def assert_accessible(page: Page, rules: tuple[str, ...] = ()) -> None:
    """Hold that axe finds nothing on the page as it stands, and that nothing scrolls sideways.

    Args:
        page: As it stands once it is whole: a click returns when the next page begins to come.
        rules: Those of axe to look by; none for all, sizes of targets (WCAG 2.2) included.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    if rules:
        options = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": list(rules)}}
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):  # half a megabyte, once a page
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("options => axe.run(options)", options))
    assert found.violations_count == 0, found.generate_report()
    assert_nothing_scrolls_sideways(page)


def assert_nothing_scrolls_sideways(page: Page, css: str = "") -> None:
    """Hold that neither page nor part of it scrolls sideways, with a reader's own CSS on it where some is given."""
    page.evaluate(_STYLED, css)
    sideways: list[str] = page.evaluate(_SIDEWAYS)
    page.evaluate(_STYLED, "")
    assert not sideways, f"scrolls sideways: {sideways}"


def assert_accessible_everywhere(page: Page) -> None:
    """Hold the same at 320 and 1100 pixels, in light and dark, without loading the page again."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert_accessible(page)
    page.emulate_media(color_scheme="light")
