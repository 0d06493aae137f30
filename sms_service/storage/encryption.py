"""Which stores would be spoken to in plain text over a network (OWASP ASVS 5.0, 12.3.1: encrypt between hosts).

Answers and pseudonyms travel there, and the password of the store itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from typing import Final

from sms_service.core.errors import SettingsError
from sms_service.storage.redis_address import read_redis_url

_ENCRYPTING: Final = frozenset({"require", "verify-ca", "verify-full"})
"""Values of ``sslmode`` that never fall back to plain text (PostgreSQL manual, "SSL Mode Descriptions")."""


def plain_redis_hosts(url: str) -> tuple[str, ...]:
    """Give the hosts on a network that a REDIS_URL leads to without TLS.

    Raises:
        SettingsError: It cannot be read.
    """
    address = read_redis_url(url)
    return () if address.tls else on_a_network(host for host, _ in address.hosts)


def plain_database_hosts(url: str, default_sslmode: str | None = None) -> tuple[str, ...]:
    """Give the hosts on a network that a DATABASE_URL leads to without TLS, or with TLS only where the server likes.

    Args:
        url: As in the settings.
        default_sslmode: What counts when the address does not say (libpq's PGSSLMODE).

    Raises:
        SettingsError: It cannot be read. The sentence never repeats a part of it: any part may be the password.
    """
    # Only where SQL is elsewhere: the usual start does not pay for loading SQLAlchemy.
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError("DATABASE_URL cannot be read; percent-encode special characters in the password.") from None
    if parsed.get_backend_name() == "sqlite":
        return ()
    if (_last(parsed.query.get("sslmode")) or default_sslmode) in _ENCRYPTING:
        return ()
    hosts = [parsed.host or "", *(_last(parsed.query.get(name)) or "" for name in ("host", "hostaddr"))]
    return on_a_network(host for written in hosts for host in written.split(","))


def without(hosts: Iterable[str], private: Collection[str]) -> tuple[str, ...]:
    """Give the hosts that nobody has declared to be reached over a private network."""
    return tuple(host for host in hosts if host.casefold() not in {name.casefold() for name in private})


def _last(values: str | tuple[str, ...] | None) -> str | None:
    return values[-1] if isinstance(values, tuple) else values


def on_a_network(hosts: Iterable[str]) -> tuple[str, ...]:
    """Give the hosts that are not this machine, each once."""
    return tuple(dict.fromkeys(host for host in hosts if host and not _stays_here(host)))


def _stays_here(host: str) -> bool:
    """Whether what is said to a host never leaves this machine: a socket file, or loopback (RFC 6761, 6.3)."""
    if host.startswith(("/", "@")):
        return True
    name = host.strip("[]").rstrip(".").casefold()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
