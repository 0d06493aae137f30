"""Stands in front of every page: asks who is there, and opens only what the view's rule opens to them.

Default is shut: a view without a rule stops the start (:func:`refuse_views_without_rule`), and should one slip through,
it answers 403.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Flask, abort, current_app, g, request, url_for
from flask.typing import ResponseReturnValue

from sms_service.core.errors import LineError
from sms_service.service.access import (
    Person,
    Rule,
    menu_entry_of,
    person_begins,
    person_ends,
    person_or_none,
    rule_of,
)

WhoIsThere = Callable[[], Person | None]
"""Gives who the request's session belongs to; None for nobody. Raises a LineError when that cannot be found out."""


@dataclass(frozen=True, slots=True)
class Doorman:
    """What the guard needs from the accounts.

    Attributes:
        who: Finds out who is there.
        ask_to_log_in: Answers a request of nobody for a page that needs somebody.
        is_fresh: Whether the person proved who they are within the last minutes.
        ask_again: Answers a request whose page wants that proof once more.
    """

    who: WhoIsThere
    ask_to_log_in: Callable[[], ResponseReturnValue]
    is_fresh: Callable[[], bool]
    ask_again: Callable[[], ResponseReturnValue]


def shut_doorman() -> Doorman:
    """Give a doorman for a site without accounts: only what is public opens."""

    def refuse() -> ResponseReturnValue:
        abort(403)

    return Doorman(who=lambda: None, ask_to_log_in=refuse, is_fresh=lambda: False, ask_again=refuse)


_PUBLIC: Final = Rule(public=True)
"""Of what is not there, or not by this method: the error is for everybody."""


def _whoever_is_there(doorman: Doorman) -> Person | None:
    """Give who is there, for the menu of a public page; it opens without knowing, too."""
    try:
        return doorman.who()
    except LineError:
        return None


def install_guard(app: Flask, doorman: Doorman) -> None:
    """Ask the doorman before every view of an app."""

    def guard() -> ResponseReturnValue | None:
        rule = _PUBLIC if request.endpoint is None else rule_of(current_app.view_functions[request.endpoint])
        person = _whoever_is_there(doorman) if rule is not None and rule.public else doorman.who()
        g.person_token = person_begins(person)
        if rule is None:
            abort(403)
        if rule.public:
            return None
        if person is None:
            return doorman.ask_to_log_in()
        if not rule.allows(person):
            abort(403)
        if rule.fresh and not doorman.is_fresh():
            return doorman.ask_again()
        return None

    def forget(_error: BaseException | None) -> None:
        token = g.pop("person_token", None)
        if token is not None:
            person_ends(token)

    app.before_request(guard)
    app.teardown_request(forget)


def refuse_views_without_rule(app: Flask) -> None:
    """Stop the start when a view says nothing about who may open it.

    Raises:
        ValueError: Names every such view.
    """
    ruleless = sorted(name for name, view in app.view_functions.items() if rule_of(view) is None)
    if ruleless:
        raise ValueError(f"say who may open these views (service/access.py): {', '.join(ruleless)}")


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link of the navigation, as the layout shows it."""

    text: str
    href: str
    current: bool
    about: str


def menu_links() -> list[MenuLink]:
    """Give the navigation of whoever is there, in order."""
    person = person_or_none()
    if person is None:
        return []
    entries = []
    for endpoint, view in current_app.view_functions.items():
        entry, rule = menu_entry_of(view), rule_of(view)
        if entry is not None and rule is not None and rule.allows(person):
            entries.append((entry.order, endpoint, entry))
    here = _entry_of_this_page([endpoint for _, endpoint, _ in entries])
    in_order = sorted(entries, key=lambda one: one[:2])
    return [MenuLink(entry.text, url_for(endpoint), endpoint == here, entry.about) for _, endpoint, entry in in_order]


def _entry_of_this_page(endpoints: list[str]) -> str | None:
    """Give the entry that the page belongs to: itself, otherwise one of its blueprint."""
    if request.endpoint in endpoints:
        return request.endpoint
    return next((one for one in endpoints if one.rpartition(".")[0] == request.blueprint), None)


_FOOTER: Final = (("What is stored", "about_data.show"), ("Your account", "account.show"))


def footer_links() -> list[tuple[str, str]]:
    """Give text and endpoint of the links at the foot of each page, for whoever is there."""
    if person_or_none() is None:
        return []
    return [(text, endpoint) for text, endpoint in _FOOTER if endpoint in current_app.view_functions]


def log_out_address() -> str | None:
    """Give where the button at the foot of each page logs out whoever is there; None for nobody."""
    endpoint = "account.log_out"
    return url_for(endpoint) if person_or_none() is not None and endpoint in current_app.view_functions else None
