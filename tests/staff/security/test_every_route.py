"""What holds for every page, read from the routes themselves: a page that is added later is held to it too."""

from __future__ import annotations

import re

import pytest
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

from sms_service.core.people import Role
from sms_service.service.access import rule_of
from tests.staff_accounts import Member, Site
from tests.staff_site import hidden_fields

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ROLES: list[tuple[Role, ...]] = [(role,) for role in Role] + [tuple(Role)]


def routes(site: Site, method: str) -> list[Route]:
    found = [route for route in site.pages.url_map.iter_rules() if method in (route.methods or ())]
    assert found
    return found


def path_of(site: Site, route: Route) -> str:
    """Give an address of a route; its arguments are made up."""
    with site.pages.test_request_context():
        values = dict.fromkeys(route.arguments, "x" * 32)
        return str(site.pages.url_map.bind("line.example.org").build(route.endpoint, values))


def token_of(member: Member) -> dict[str, str]:
    fields = hidden_fields(member.browser.get("/account").get_data(as_text=True))
    return {"csrf_token": fields["csrf_token"]}


def ask(site: Site, member: Member, route: Route, method: str) -> TestResponse:
    path = path_of(site, route)
    if method == "GET":
        return member.browser.get(path)
    return member.browser.post(path, token_of(member))


def is_shut(answer: TestResponse) -> bool:
    to_log_in = answer.status_code == 303 and answer.headers["Location"].startswith("/log-in?next=")
    return answer.status_code in {401, 403} or to_log_in


def is_public(site: Site, route: Route) -> bool:
    rule = rule_of(site.pages.view_functions[route.endpoint])
    return rule is not None and rule.public


def test_every_view_says_who_may_open_it(site: Site) -> None:
    assert [name for name, view in site.pages.view_functions.items() if rule_of(view) is None] == []


@pytest.mark.parametrize("roles", ROLES, ids="+".join)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_route_opens_to_its_roles_and_to_no_others(site: Site, method: str, roles: tuple[Role, ...]) -> None:
    site.open_session(Role.ADMIN)  # another, so that the one who asks may be changed
    wrong = []
    for route in routes(site, method):
        member = site.open_session(*roles)
        rule = rule_of(site.pages.view_functions[route.endpoint])
        person = site.staff.accounts.store.get(member.person_id)
        assert rule is not None
        assert person is not None
        if is_shut(ask(site, member, route, method)) == rule.allows(person.person):
            wrong.append((route.rule, rule))
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_gets_in_anywhere_but_at_the_doors(site: Site, method: str) -> None:
    for route in routes(site, method):
        rule = rule_of(site.pages.view_functions[route.endpoint])
        assert rule is not None
        path = path_of(site, route)
        browser = site.browser()
        answer = browser.get(path) if method == "GET" else browser.post(path)
        if not rule.public:
            assert is_shut(answer), route.rule
    doors = {route.rule for route in routes(site, method) if is_public(site, route)}
    assert {rule for rule in doors if not rule.startswith(("/assets/", "/tf-", "/mf-", "/login"))} <= {
        "/log-in",
        "/set-up-authenticator",
        "/set-up-authenticator/<token>",
        "/authenticator-code",
        "/recovery-code",
        "/passkey/log-in",
        "/join/<token>",
        "/",
    }


def test_no_form_is_taken_without_its_token(site: Site) -> None:
    for route in routes(site, "POST"):
        member = site.open_session(*Role)
        wrong_token = {"csrf_token": token_of(member)["csrf_token"][:-3] + "abc"}
        path = path_of(site, route)
        assert member.browser.post(path).status_code == 403, route.rule
        assert member.browser.post(path, wrong_token).status_code == 403, route.rule


def test_a_token_of_another_session_is_no_token(site: Site) -> None:
    own, other = site.open_session(), site.open_session()
    assert other.browser.post("/account/sessions/end", token_of(own)).status_code == 403


@pytest.mark.parametrize("logged_in", [True, False])
def test_every_answer_carries_the_headers(site: Site, logged_in: bool) -> None:
    paths = [path_of(site, route) for route in routes(site, "GET")] + ["/nothing", "/log-in/"]
    for path in paths:
        browser = site.open_session(*Role).browser if logged_in else site.browser()
        answer = browser.get(path)
        headers = answer.headers
        assert headers["Content-Security-Policy"] == POLICY, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000"), path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert "charset=utf-8" in headers["Content-Type"], path
        if not path.startswith("/assets/") or answer.status_code != 200:
            assert headers["Cache-Control"] == "no-store", path


def test_no_page_holds_a_script_or_style_of_its_own(site: Site) -> None:
    for route in routes(site, "GET"):
        page = site.open_session(*Role).browser.get(path_of(site, route)).get_data(as_text=True)
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|hx-on|javascript:", page), route.rule


def test_every_cookie_is_for_this_host_alone(site: Site) -> None:
    seen = 0
    for route in routes(site, "GET"):
        for member in (site.open_session(*Role), Member(site.browser(), "")):
            for cookie in member.browser.get(path_of(site, route)).headers.getlist("Set-Cookie"):
                seen += 1
                assert cookie.startswith("__Host-session="), route.rule
                assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), route.rule
                assert "Domain" not in cookie
    assert seen


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_do_nothing(site: Site, method: str) -> None:
    member = site.open_session(*Role)
    for route in routes(site, "GET"):
        answer = member.browser.http.open(path_of(site, route), method=method, base_url="https://line.example.org")
        assert answer.status_code in {404, 405}, route.rule
