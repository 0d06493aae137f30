"""What is sent when the session has run out is kept for its person, and for nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import time_machine

from sms_service.core.people import Role
from tests.staff_accounts import Member, Site
from tests.staff_site import hidden_fields

TYPED = {"name": "Ola <b>Nowak</b>", "email": "ola@example.org", "roles": "ops"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that goes on, and can jump."""
    with time_machine.travel(time.time()) as traveller:
        yield traveller


def send_too_late(site: Site, clock: time_machine.Traveller) -> Member:
    """Fill the invitation in, go for a walk, and send it."""
    admin = site.member(Role.ADMIN)
    fields = {**hidden_fields(admin.browser.get("/people/invite").get_data(as_text=True)), **TYPED}
    clock.shift(16 * 60)
    answer = admin.browser.post("/people/invite", fields)
    assert answer.status_code == 401
    assert "What you sent is kept" in answer.get_data(as_text=True)
    return admin


def test_it_is_offered_again_after_logging_in_and_sent_by_its_button(site: Site, clock: time_machine.Traveller) -> None:
    admin = send_too_late(site, clock)
    answer = admin.log_in()
    assert answer.headers["Location"] == "/welcome"
    assert admin.browser.get("/welcome").headers["Location"] == "/unsaved"
    page = admin.browser.get("/unsaved").get_data(as_text=True)
    assert "Ola &lt;b&gt;Nowak&lt;/b&gt;" in page
    assert site.staff.accounts.store.by_email("ola@example.org") is None, "nothing is sent by itself"
    sent = admin.browser.post("/people/invite", {**TYPED, "csrf_token": hidden_fields(page)["csrf_token"]})
    assert "A link for Ola" in sent.get_data(as_text=True)
    assert "Nothing is waiting" in admin.browser.get("/unsaved").get_data(as_text=True)


def test_somebody_else_in_the_same_browser_does_not_see_it(site: Site, clock: time_machine.Traveller) -> None:
    admin = send_too_late(site, clock)
    other = site.member(Role.ADMIN, email="other@example.org")
    other.browser, other._counter = admin.browser, other._counter
    other.log_in()
    assert other.browser.get("/welcome").headers["Location"] == "/home"
    assert "Nowak" not in other.browser.get("/unsaved").get_data(as_text=True)


def test_a_form_of_another_site_is_not_kept(site: Site, clock: time_machine.Traveller) -> None:
    admin = site.member(Role.ADMIN)
    clock.shift(16 * 60)
    answer = admin.browser.post("/people/invite", {**TYPED, "csrf_token": "made up"})
    assert answer.status_code == 401
    assert "What you sent is kept" not in answer.get_data(as_text=True)


def test_after_logging_out_nothing_is_kept(site: Site) -> None:
    admin = site.member(Role.ADMIN)
    fields = {**hidden_fields(admin.browser.get("/people/invite").get_data(as_text=True)), **TYPED}
    admin.browser.send("/log-out", form_at="/account")
    assert "What you sent is kept" not in admin.browser.post("/people/invite", fields).get_data(as_text=True)


def test_what_is_stored_of_it_is_sealed(site: Site, clock: time_machine.Traveller) -> None:
    send_too_late(site, clock)
    folder = site.line.line.settings.var_dir
    assert not [path for path in folder.glob("line.sqlite3*") if b"Nowak" in path.read_bytes()]


def test_the_last_words_are_kept_however_long_somebody_goes_on_in_the_old_page(
    site: Site, clock: time_machine.Traveller
) -> None:
    admin = site.member(Role.ADMIN)
    fields = {**hidden_fields(admin.browser.get("/people/invite").get_data(as_text=True)), **TYPED}
    clock.shift(16 * 60)
    live = admin.browser.post("/people/invite", {**fields, "do": "look"}, headers={"HX-Request": "true"})
    assert (live.status_code, live.text) == (401, ""), "a part of a page leaves the page as it is"
    assert admin.browser.get("/home").headers["Location"].startswith("/log-in"), "another tab"
    assert admin.browser.get("/log-in").status_code == 200
    assert "What you sent is kept" in admin.browser.post("/people/invite", fields).text
    assert "What you sent is kept" in admin.browser.post("/people/invite", {**fields, "name": "Ola Nowak-Lis"}).text
    clock.shift(16 * 60)  # and went for another walk
    admin.log_in()
    page = admin.browser.get("/unsaved").get_data(as_text=True)
    assert "Ola Nowak-Lis" in page
    assert '"do"' not in page


def test_a_page_left_open_over_a_log_in_in_another_tab_loses_nothing(site: Site, clock: time_machine.Traveller) -> None:
    admin = site.member(Role.ADMIN)
    fields = {**hidden_fields(admin.browser.get("/people/invite").get_data(as_text=True)), **TYPED}
    clock.shift(16 * 60)
    admin.browser.get("/home")
    admin.log_in()
    answer = admin.browser.post("/people/invite", fields)
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/unsaved")
    assert "Nowak" in admin.browser.get("/unsaved").text
    assert admin.browser.post("/people/invite", {**fields, "csrf_token": "made up"}).status_code == 403
    other = site.member(Role.ADMIN, email="other@example.org")
    other.browser = admin.browser
    admin.browser.send("/log-out", form_at="/account")
    other.log_in()
    assert admin.browser.post("/people/invite", fields).status_code == 403, "somebody else's page"
