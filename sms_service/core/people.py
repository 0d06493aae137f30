"""The people who work on the line, as far as the stories need to know them. Accounts live elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do. A person can have several."""

    EDITOR = "editor"
    APPROVER = "approver"
    OPS = "ops"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts.

    Attributes:
        person_id: Never changes and never stands for somebody else later; who is who is decided by it alone.
        name: As shown to colleagues.
        roles: What they may do now.
    """

    person_id: str
    name: str
    roles: frozenset[Role] = frozenset()

    def may(self, *roles: Role) -> bool:
        """Whether they have one of these roles."""
        return not self.roles.isdisjoint(roles)


def without_account(name: str) -> Person:
    """Give who acts without an account: a program, or somebody at the command line. Their id is empty."""
    return Person("", name)
