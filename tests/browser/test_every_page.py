"""Every page and state of the site in a real browser: no finding by axe, nothing cut off, no word in the console."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response
from werkzeug.exceptions import HTTPException

from sms_service.core.publishing.content import BookFiles
from sms_service.service.release import Release
from tests.browser.keyboard import assert_tab_reaches_everything
from tests.browser.page_cases import CASES, LEADS_ON, NO_PAGE, ON_AN_EMPTY_SITE
from tests.browser.page_visits import Case, Visit
from tests.browser.whole_site import WholeSite, build_empty_site, build_whole_site
from tests.conftest import LineUnderTest, make_line_in_memory, production
from tests.staff_site import Scheme, assert_accessible, assert_nothing_scrolls_sideways, served

pytestmark = pytest.mark.timeout(300)  # the first case builds a whole site, with every release and message in it

NARROW = 320
LOOKS: tuple[tuple[int, Scheme, tuple[str, ...]], ...] = (
    (NARROW, "dark", ()),
    (1280, "light", ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")),
)
"""Narrow and dark by every rule of axe; wide and light, the same page, by those that depend on colours and room."""


Build = Callable[[LineUnderTest, BookFiles, Path], WholeSite]


SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
"""How somebody may space text for themselves (WCAG 2.2, 1.4.12)."""

LARGE = "html { font-size: 200% }"
"""Letters of twice the size (WCAG 2.2, 1.4.4)."""


@pytest.fixture(scope="session")
def build(
    shipped_release: Release, shipped_files: BookFiles, migrated_var: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Build], WholeSite]:
    """Build a site on a line of its own."""

    def build_it(how: Build) -> WholeSite:
        var_dir = tmp_path_factory.mktemp("site") / "var"
        environ = {"LINE_ENV": "development", "PUBLIC_URL": "http://127.0.0.1:9", "TWILIO_ACCOUNT_SID": ""}
        line = make_line_in_memory(shipped_release, {**production(var_dir), **environ})
        return how(line, shipped_files, migrated_var)

    return build_it


@pytest.fixture(scope="session")
def whole(build: Callable[[Build], WholeSite], browser: Browser) -> Iterator[Windows]:
    """The site with everything on it, and who looks at it."""
    yield from opened(build(build_whole_site), browser)


@pytest.fixture(scope="session")
def empty(build: Callable[[Build], WholeSite], browser: Browser) -> Iterator[Windows]:
    """The site on its first day."""
    yield from opened(build(build_empty_site), browser)


def opened(site: WholeSite, browser: Browser) -> Iterator[Windows]:
    with served(site.accounts.app) as address:
        yield Windows(browser, site, address)


class Windows:
    """A browser window for each person, open for the whole run: to make one costs more than to look at a page."""

    def __init__(self, browser: Browser, site: WholeSite, address: str) -> None:
        self._browser = browser
        self.address = address
        everybody = site.accounts.staff.accounts.store.everybody()
        self._people = {one.name.split()[0].lower(): one.person_id for one in everybody}
        self.site = site
        self._pages: dict[str, Page] = {}
        self.said: list[str] = []
        self.answers: list[str] = []

    def page_of(self, who: str | None) -> Page:
        """Give somebody's window; a new one for nobody, who may be somebody at its end."""
        self.said.clear()
        self.answers.clear()
        if who is None:
            return self._open()
        if who not in self._pages:
            page = self._pages[who] = self._open()
            token = self.site.accounts.session_of(self._people[who]).cookie
            page.context.add_cookies([{"name": "session", "value": token, "url": self.address}])
        return self._pages[who]

    def _open(self) -> Page:
        context = self._browser.new_context(
            viewport={"width": NARROW, "height": 900}, color_scheme="dark", reduced_motion="reduce"
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("response", self._note)
        return page

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            path = response.url.removeprefix(self.address).partition("?")[0]
            self.answers.append(f"{response.request.method} {path}")

    def close(self, page: Page) -> None:
        """Close a window that nobody has."""
        if page not in self._pages.values():
            page.context.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page(case: Case, whole: Windows) -> None:
    look_at(case, whole)


@pytest.mark.parametrize("case", ON_AN_EMPTY_SITE, ids=lambda case: case.name)
def test_page_of_an_empty_site(case: Case, empty: Windows) -> None:
    look_at(case, empty)


def look_at(case: Case, windows: Windows) -> None:
    """Walk a case and hold every page on its way to the rules."""
    page = windows.page_of(case.who)
    pages = windows.site.accounts.pages
    seen: list[str] = []

    def check() -> None:
        seen.append(route_of(pages, windows.answers[-1]))
        for width, scheme, rules in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert_accessible(page, rules)
            assert_nothing_scrolls_sideways(page, SPACED if width == NARROW else SPACED + LARGE)
            if width == NARROW:
                assert_tab_reaches_everything(page)
            if folder := os.environ.get("PAGE_PICTURES"):
                name = re.sub(r"\W+", "_", f"{case.name}_{len(seen)}_{width}").strip("_")
                page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    try:
        case.walk(Visit(windows.site, page, windows.address, check))
        shown = {route_of(pages, one.format(**windows.site.drafts)) for one in case.shows}
        assert shown == set(seen)
        expected = tuple(f"status of {status}" for status in case.statuses)
        assert [said for said in windows.said if not any(one in said for one in expected)] == []
    finally:
        windows.close(page)


def test_every_route_has_its_case(whole: Windows) -> None:
    """Whoever adds a page adds its case to ``page_cases.py``, or says there why nobody sees it as a page."""
    pages = whole.site.accounts.pages
    shown = {route_of(pages, one.format(**whole.site.drafts)) for case in CASES for one in case.shows}
    routes = {
        f"{method} {rule.endpoint}"
        for rule in pages.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    excused = NO_PAGE.keys() | {f"POST {endpoint}" for endpoint in LEADS_ON}
    missing = sorted(routes - shown - excused)
    assert not missing, f"add these to page_cases.py: {', '.join(missing)}"
    assert sorted(excused - routes) == [], "routes that are no more"
    assert sorted(excused & shown) == [], "routes that have a case after all"


def route_of(pages: Flask, asked: str) -> str:
    """Give the route that answers a request, such as ``GET /drafts/1``."""
    method, _, path = asked.partition(" ")
    try:
        return f"{method} {pages.url_map.bind('127.0.0.1').match(path, method)[0]}"
    except HTTPException as error:
        return f"{method} {error.code}"
