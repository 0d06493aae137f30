"""Who may open which page: each view says so itself, and what does not say so stays shut.

No framework in here, so that the rooms with pages (``staff``, ``ops``) can use it without seeing each other. The guard
that reads the rules stands in front of the pages (``staff/kit/guard.py``).

    @blueprint.get("/log")
    @in_menu("Message log", order=50)
    @open_to(Role.OPS)
    def show_log() -> str: ...
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sms_service.core.people import Person, Role

__all__ = [
    "ROLE_WORDS",
    "MenuEntry",
    "Person",
    "Role",
    "Rule",
    "current_person",
    "in_menu",
    "menu_entry_of",
    "open_to",
    "open_to_anybody_logged_in",
    "open_to_everybody",
    "person_begins",
    "person_ends",
    "person_or_none",
    "rule_of",
]

View = TypeVar("View", bound=Callable[..., Any])


ROLE_WORDS: Final = {
    Role.EDITOR: ("Editor", "changes replies and contacts in drafts"),
    Role.APPROVER: ("Approver", "approves what others wrote, and publishes it"),
    Role.OPS: ("Operations", "sees whether the line answers, the message log and alerts"),
    Role.ADMIN: ("Administrator", "invites people, gives roles, ends sessions"),
}
"""For each role its name and what it is for, as people read it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may open a view.

    Attributes:
        roles: Any one of them is enough. Empty: whoever is logged in.
        public: Nobody needs to be logged in.
        fresh: The person must have proved who they are within the last minutes.
    """

    roles: frozenset[Role] = frozenset()
    public: bool = False
    fresh: bool = False

    def allows(self, person: Person | None) -> bool:
        """Say whether a person, or nobody, may open it (freshness apart)."""
        if self.public:
            return True
        return person is not None and (not self.roles or person.may(*self.roles))


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A link in the navigation, shown to those who may open it.

    Attributes:
        text: The link.
        order: Counts from left to right.
        about: A sentence about the page, for the first page.
    """

    text: str
    order: int
    about: str = ""


def open_to(*roles: Role, fresh: bool = False) -> Callable[[View], View]:
    """Open a view to people with one of these roles.

    Args:
        roles: At least one.
        fresh: Also ask who they are once more, when that was some minutes ago: for what is hard to undo.
    """
    if not roles:
        raise ValueError("name a role, or use open_to_anybody_logged_in")
    return _with_rule(Rule(roles=frozenset(roles), fresh=fresh))


def open_to_anybody_logged_in(*, fresh: bool = False) -> Callable[[View], View]:
    """Open a view to everybody with an account, such as their own account page."""
    return _with_rule(Rule(fresh=fresh))


def open_to_everybody(view: View) -> View:
    """Open a view to the whole internet, such as the log-in page."""
    return _with_rule(Rule(public=True))(view)


def in_menu(text: str, *, order: int, about: str = "") -> Callable[[View], View]:
    """Link a view in the navigation, and with a sentence about it on the first page.

    It must be reachable without arguments.
    """

    def mark(view: View) -> View:
        view.menu_entry = MenuEntry(text, order, about)  # type: ignore[attr-defined]  # read by menu_entry_of
        return view

    return mark


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """Give a view's rule; None when it has none, which keeps it shut."""
    rule: Rule | None = getattr(view, "access_rule", None)
    return rule


def menu_entry_of(view: Callable[..., Any]) -> MenuEntry | None:
    """Give a view's place in the navigation, if it has one."""
    entry: MenuEntry | None = getattr(view, "menu_entry", None)
    return entry


def _with_rule(rule: Rule) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]  # read by rule_of
        return view

    return mark


# Who is asking --------------------------------------------------------------------------------------------------------

_asking: ContextVar[Person | None] = ContextVar("person_asking", default=None)


def person_or_none() -> Person | None:
    """Give who is logged in for the request that runs now."""
    return _asking.get()


def current_person() -> Person:
    """Give who is logged in, in a view that is open to people who are.

    Raises:
        LookupError: When nobody is: the view's rule does not ask for it.
    """
    person = _asking.get()
    if person is None:
        raise LookupError("nobody is logged in here; is the view open_to(...) somebody?")
    return person


def person_begins(person: Person | None) -> Token[Person | None]:
    """Note who is asking, until :func:`person_ends`."""
    return _asking.set(person)


def person_ends(token: Token[Person | None]) -> None:
    """Forget who was asking."""
    _asking.reset(token)
