"""Without the account database texts are answered, and pages say so within seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.staff_accounts import Site

DOWN = "postgresql+psycopg://line@127.0.0.1:9/line"
FORGOTTEN = "A" * 43
GIVEN_UP_SECONDS = 20
"""On any machine, however busy; on an idle one it is less than one."""


@pytest.mark.parametrize("path", ["/home", "/people", "/log-in", "/join/x", "/account"])
def test_pages_say_so_within_seconds(make_site: Callable[..., Site], path: str) -> None:
    site = make_site(DATABASE_URL=DOWN)
    browser = site.browser()
    site.pages.test_client()  # building them is not what is measured
    browser.http.set_cookie("__Host-session", FORGOTTEN, domain="line.example.org", secure=True)
    started = time.monotonic()
    answer = browser.get(path)
    assert time.monotonic() - started < GIVEN_UP_SECONDS
    assert answer.status_code == 503
    assert "The line itself goes on answering texts." in answer.get_data(as_text=True)
    assert "127.0.0.1:9" not in answer.get_data(as_text=True)


def test_texts_and_files_are_answered_all_the_same(make_site: Callable[..., Site]) -> None:
    site = make_site(DATABASE_URL=DOWN)
    browser = site.browser()
    assert browser.get("/people", headers={"Cookie": f"__Host-session={FORGOTTEN}"}).status_code in {303, 503}
    assert site.line.post("help").status_code == 200
    page = browser.get("/nothing").get_data(as_text=True)
    assert "Page not found" in page
    with browser.get(page.split('rel="stylesheet" href="')[1].split('"')[0]) as style:
        assert style.status_code == 200
