"""Slows guessing down, in SQL: with Redis down too, across processes and hosts, for every proof of who somebody is.

A try is counted *before* it is looked at: many at the same moment get no more looks than many one after another.
Unknown addresses are counted like known ones: who is locked out says nothing about who exists.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sms_service.core.errors import LineError
from sms_service.service.accounts.accounts import folded_email
from sms_service.service.accounts.ports import AttemptStore

WINDOW: Final = dt.timedelta(minutes=15)
"""Counted from the first try; also how long somebody waits at most."""

MOST_FOR_AN_ACCOUNT: Final = 10
MOST_SECOND_PROOFS: Final = 10
MOST_FROM_AN_ADDRESS: Final = 60
"""A whole office may come from one address."""

_SITE_PREFIX: Final = 64
"""Bits of an IPv6 address that name the network; whoever has one has all the others in it (RFC 6177)."""
_PORT: Final = re.compile(r"(?:\[([^\]]*)\]|([^:]*))(?::[0-9]+)?")


class TooManyTries(LineError):
    """The person, or whoever pretends to be them, must wait."""

    code = "too_many_tries"


@dataclass(frozen=True, slots=True)
class Throttle:
    """Counts tries.

    Attributes:
        attempts: Where they are counted.
        key: Makes hashes of addresses, so that the table names nobody.
        clock: Gives the moment in UTC.
    """

    attempts: AttemptStore
    key: bytes
    clock: Callable[[], dt.datetime]

    def log_in(self, email: str, address: str) -> None:
        """Count a try at a password.

        Raises:
            TooManyTries: Before anything is looked at.
        """
        self._count(_by_network(address), ("account", folded_email(email), MOST_FOR_AN_ACCOUNT))

    def second_proof(self, person_id: str, address: str) -> None:
        """Count a try at a code, a recovery code, a passkey, or at the password of somebody who is logged in.

        Raises:
            TooManyTries: Before anything is looked at.
        """
        self._count(_by_network(address), ("second", person_id, MOST_SECOND_PROOFS))

    def nameless(self, address: str) -> None:
        """Count a try that names nobody: at a one-time link, or a log-in with a passkey.

        Raises:
            TooManyTries: Before anything is looked at.
        """
        self._count(_by_network(address))

    def proved(self, person_id: str, email: str) -> None:
        """Forget the tries of somebody who has proved who they are. Those of their network address stay."""
        for kind, name in (("account", folded_email(email)), ("second", person_id)):
            self.attempts.clear(self._hash(kind, name))

    def _count(self, *limits: tuple[str, str, int]) -> None:
        now = self.clock()
        counted = [(self.attempts.count(self._hash(kind, name), now, WINDOW), most) for kind, name, most in limits]
        if any(count > most for count, most in counted):
            raise TooManyTries("Too many tries. Wait 15 minutes, then try again.")

    def _hash(self, kind: str, name: str) -> str:
        return hmac.new(self.key, f"{kind}\0{name}".encode(), hashlib.sha256).hexdigest()


def _by_network(address: str) -> tuple[str, str, int]:
    return ("address", network_of(address), MOST_FROM_AN_ADDRESS)


def network_of(address: str) -> str:
    """Give who is counted as one: an IPv4 address, or the /64 of an IPv6 one, without the port that some proxies add.

    What is no address is counted as it stands.
    """
    bare = _PORT.fullmatch(address.strip())
    text = (bare[1] or bare[2]) if bare else address.strip()
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), _SITE_PREFIX), strict=False))
