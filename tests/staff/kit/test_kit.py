"""What every page gets without asking: the guard, the menu, CSRF, headers, files that can be kept, readable errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from sms_service.core.errors import LineError
from sms_service.factory.web import app_of
from sms_service.service.access import Person, Role, current_person, open_to, person_or_none
from sms_service.staff.kit import assets, error_pages
from sms_service.staff.kit.dates import day, moment
from sms_service.staff.kit.guard import Doorman, refuse_views_without_rule
from tests.staff_sampler import sampler_blueprint
from tests.staff_site import StaffClient, doorman_for, hidden_fields, pages_app

if TYPE_CHECKING:
    from tests.conftest import LineUnderTest as Line

NO_DATE = ["", "", ""]
EVERY_FIELD = {"name": "Jo", "one": "a", "pick": "a", "on": NO_DATE}


@pytest.fixture
def sampler(staff_client: Callable[..., StaffClient]) -> Callable[..., StaffClient]:
    def make(*roles: Role) -> StaffClient:
        client = staff_client(*roles)
        pages_app(client.app).register_blueprint(sampler_blueprint())
        return client

    return make


class TestGuard:
    @pytest.mark.parametrize(
        ("roles", "status"), [([Role.EDITOR], 200), ([Role.OPS, Role.EDITOR], 200), ([Role.ADMIN], 403), ([], 403)]
    )
    def test_a_page_opens_to_its_roles_alone(
        self, sampler: Callable[..., StaffClient], roles: list[Role], status: int
    ) -> None:
        assert sampler(*roles).get("/sampler").status_code == status

    def test_nobody_is_asked_to_log_in(self, line: Line) -> None:
        app = app_of(line.line, doorman_for(None))
        assert app.test_client().get("/what-is-stored").status_code == 401

    def test_a_site_without_accounts_opens_nothing(self, line: Line) -> None:
        assert app_of(line.line).test_client().get("/what-is-stored").status_code == 403

    def test_the_menu_shows_what_opens_in_order(self, sampler: Callable[..., StaffClient]) -> None:
        both = sampler(Role.EDITOR, Role.OPS).get("/sampler").get_data(as_text=True)
        assert 0 < both.index("Not for editors") < both.index('href="/sampler"')
        assert both.count("aria-current") == 1
        assert "Not for editors" not in sampler(Role.EDITOR).get("/sampler").get_data(as_text=True)

    def test_a_fresh_page_asks_again(self, line: Line) -> None:
        person = Person("p", "Sam", frozenset({Role.ADMIN}))
        doorman = Doorman(lambda: person, lambda: ("log in", 401), lambda: False, lambda: ("who are you?", 401))
        app = app_of(line.line, doorman)
        pages = pages_app(app)
        pages.add_url_rule("/hard-to-undo", "undo", open_to(Role.ADMIN, fresh=True)(lambda: "done"))
        assert app.test_client().get("/hard-to-undo").get_data(as_text=True) == "who are you?"

    def test_a_view_without_a_rule_stops_the_start_and_stays_shut(self, line: Line) -> None:
        app = app_of(line.line, doorman_for(Person("p", "Sam", frozenset(Role))))
        pages = pages_app(app)
        pages.add_url_rule("/forgotten", "forgotten", lambda: "open!")
        with pytest.raises(ValueError, match=r"say who may open these views .*: forgotten"):
            refuse_views_without_rule(pages)
        assert app.test_client().get("/forgotten").status_code == 403

    def test_who_is_asking_is_known_during_the_request_only(self, line: Line) -> None:
        seen: list[Person] = []

        def look() -> str:
            seen.append(current_person())
            return "seen"

        client = StaffClient(app_of(line.line, doorman_for(Person("p", "Sam", frozenset({Role.OPS})))), None)
        pages_app(client.app).add_url_rule("/look", "look", open_to(Role.OPS)(look))
        client.get("/look")
        assert [person.name for person in seen] == ["Sam"]
        assert person_or_none() is None
        with pytest.raises(LookupError, match="nobody is logged in here"):
            current_person()

    def test_open_to_nobody_is_a_slip(self) -> None:
        with pytest.raises(ValueError, match="name a role"):
            open_to()


class TestForms:
    def test_a_form_is_saved_and_says_so(self, sampler: Callable[..., StaffClient]) -> None:
        client = sampler(Role.EDITOR)
        assert client.send("/sampler", EVERY_FIELD).status_code == 303
        assert "Saved" in client.get("/sampler").get_data(as_text=True)
        assert "Saved" not in client.get("/sampler").get_data(as_text=True)

    def test_every_complaint_leads_to_its_field(self, sampler: Callable[..., StaffClient]) -> None:
        page = sampler(Role.EDITOR).send("/sampler", {"on": NO_DATE}).get_data(as_text=True)
        assert "<title>Error: Sampler" in page
        assert '<a href="#name">Enter a name</a>' in page
        assert 'id="name-error"' in page

    @pytest.mark.parametrize("path", ["/sampler", "/sampler/press"])
    def test_a_form_without_its_token_changes_nothing(self, sampler: Callable[..., StaffClient], path: str) -> None:
        client = sampler(Role.EDITOR)
        assert client.post(path, EVERY_FIELD).status_code == 403
        token = hidden_fields(client.get("/sampler").get_data(as_text=True))["csrf_token"]
        assert client.post(path, {**EVERY_FIELD, "csrf_token": token[:-1]}).status_code == 403
        other = sampler(Role.EDITOR)
        assert other.post(path, {**EVERY_FIELD, "csrf_token": token}).status_code == 403

    def test_a_lone_button_is_a_form(self, sampler: Callable[..., StaffClient]) -> None:
        client = sampler(Role.EDITOR)
        assert client.send("/sampler/press", form_at="/sampler").status_code == 303
        page = client.get("/sampler").get_data(as_text=True)
        assert "Pressed" in page
        assert "Mind the gap" in page


class TestFiles:
    def test_a_file_is_kept_for_good_under_its_own_address_only(self, line: Line) -> None:
        good = f"/assets/{assets.assets_version()}/pages.css"
        with line.client.get(good) as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.content_type == "text/css; charset=utf-8"
        with line.client.get("/assets/0123456789abcdef/pages.css") as answer:
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, no-cache")

    @pytest.mark.parametrize(
        "name", ["vendor/files.json", "../kit/pages.py", "nothing.css", "vendor", "..%2fpages.css"]
    )
    def test_nothing_else_is_handed_out(self, line: Line, name: str) -> None:
        assert line.client.get(f"/assets/{assets.assets_version()}/{name}").status_code == 404

    def test_a_slip_in_a_template_shows_at_once(self) -> None:
        with pytest.raises(FileNotFoundError, match=r"no page\.css"):
            assets.asset_url("page.css")


class TestErrors:
    @pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/sampler/broken", 500), ("/sampler/other", 403)])
    def test_an_error_is_a_page_with_a_way_on(
        self, sampler: Callable[..., StaffClient], path: str, status: int
    ) -> None:
        answer = sampler(Role.EDITOR).get(path)
        page = answer.get_data(as_text=True)
        words = error_pages.WORDS.get(status, error_pages._BROKEN)
        assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
        assert words.heading in page
        assert 'href="/"' in page
        assert "canary" not in page
        assert "default-src 'none'; script-src 'self'" in answer.headers["Content-Security-Policy"]

    def test_a_method_that_is_not_there_says_which_are(self, sampler: Callable[..., StaffClient]) -> None:
        answer = sampler(Role.EDITOR).http.delete("/sampler")
        assert answer.status_code == 405
        assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))

    def test_too_much_is_413(self, sampler: Callable[..., StaffClient]) -> None:
        client = sampler(Role.EDITOR)
        answer = client.post("/sampler", {"text": "x" * 2_000_001})
        assert answer.status_code == 413

    def test_htmx_gets_a_part(self, sampler: Callable[..., StaffClient]) -> None:
        part = sampler(Role.EDITOR).get("/sampler/broken", headers={"HX-Request": "true"}).get_data(as_text=True)
        assert 'role="alert"' in part
        assert "<html" not in part

    @pytest.mark.parametrize(("retry_helps", "status"), [(True, 503), (False, 500)])
    def test_a_store_that_is_down_is_503_and_told_once(
        self, make_line: Callable[..., Line], retry_helps: bool, status: int
    ) -> None:
        class Down(LineError):
            code = "down"

        Down.retry_helps = retry_helps

        def who() -> Person | None:
            raise Down("canary postgres://address")

        line = make_line()
        doorman = Doorman(who, lambda: ("", 401), lambda: True, lambda: ("", 401))
        answer = app_of(line.line, doorman).test_client().get("/what-is-stored")
        assert answer.status_code == status
        assert "The line itself goes on answering texts." in answer.get_data(as_text=True)
        assert "canary" not in answer.get_data(as_text=True)
        assert [code for code, _ in line.log.troubles] == ["page_failed"]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (dt.datetime(2026, 3, 9, 14, 5, tzinfo=dt.UTC), "9 March 2026 at 2:05pm"),
        (dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC), "2 July 2026 at 12:30am"),
        (dt.datetime(2026, 7, 1, 11, 0, tzinfo=dt.UTC), "1 July 2026 at 12:00pm"),
    ],
)
def test_moments_are_written_as_people_here_read_them(at: dt.datetime, words: str) -> None:
    assert moment(at) == words
    assert day(at) == words.partition(" at ")[0]


def test_what_is_stored_is_told_to_whoever_is_logged_in(staff_client: Callable[..., StaffClient]) -> None:
    page = staff_client().get("/what-is-stored").get_data(as_text=True)
    assert "message_log" in page
    assert 'href="/what-is-stored"' in page
