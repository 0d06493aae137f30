"""REDIS_URL in all its forms, read into what redis-py needs; everything slow about redis-py is switched off here.

=====================================================  ==========================================
``redis://[user:password@]host[:port][/db]``           one server
``rediss://…``                                         the same over TLS, certificate checked
``unix://[user:password@]/path[?db=0]``                a socket file
``redis+sentinel://[user:password@]host[:port][,host[:port]…]/service[/db]``
                                                       the master that Sentinels know under this name
``rediss+sentinel://…``                                the same, Sentinels and master over TLS
=====================================================  ==========================================

User and password are percent-encoded. After ``?``: ``db``; for TLS ``ssl_cert_reqs`` (none, optional, required),
``ssl_ca_certs`` (a file), ``ssl_check_hostname`` (true, false); for Sentinel ``sentinel_username`` and
``sentinel_password``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, unquote

from sms_service.core.errors import SettingsError

TIMEOUT_SECONDS: Final = 0.2
"""Of one wait for Redis. Measured with redis-py 8.1: its own defaults (5 s, 10 tries) hold a call up for over 25 s."""

_PORTS: Final = {"redis": 6379, "rediss": 6379, "redis+sentinel": 26379, "rediss+sentinel": 26379}
_HIGHEST_PORT: Final = 65535
_TLS_OPTIONS: Final = {"ssl_cert_reqs", "ssl_ca_certs", "ssl_check_hostname"}
_SENTINEL_OPTIONS: Final = {"sentinel_username", "sentinel_password"}


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """Where Redis is.

    Attributes:
        hosts: Host and port: of the server, or of the Sentinels. None for a socket file.
        service: Name that the Sentinels know the master by, or None.
        socket_path: The socket file, or None.
        tls: Whether to speak TLS.
        login: ``username`` and ``password`` of Redis, as far as given.
        sentinel_login: The same of the Sentinels.
        db: Number of the database.
        tls_options: For redis-py's ``SSLConnection``.
    """

    hosts: tuple[tuple[str, int], ...] = ()
    service: str | None = None
    socket_path: str | None = None
    tls: bool = False
    login: dict[str, str] = field(default_factory=dict, repr=False)
    sentinel_login: dict[str, str] = field(default_factory=dict, repr=False)
    db: int = 0
    tls_options: dict[str, Any] = field(default_factory=dict)


def read_redis_url(url: str) -> RedisAddress:
    """Read a REDIS_URL.

    Raises:
        SettingsError: It has another form. The sentence never repeats a part of it: any part may be the password.
    """
    parts = _split(url)
    try:
        options = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    except ValueError:
        raise _bad("cannot be read; percent-encode special characters in the password") from None
    login, _, places = parts.netloc.rpartition("@")
    redis_login = _login(*login.split(":", 1))
    tls = parts.scheme.startswith("rediss")
    allowed = {"db"} | (_TLS_OPTIONS if tls else set()) | (_SENTINEL_OPTIONS if "sentinel" in parts.scheme else set())
    if not options.keys() <= allowed:
        raise _bad(f"has an option after the question mark that is none of {', '.join(sorted(allowed))}")
    if parts.scheme == "unix":
        if not parts.path or places:
            raise _bad("needs an absolute path: unix:///path/to/redis.sock")
        return RedisAddress(socket_path=unquote(parts.path), db=_number(options.get("db", "0")), login=redis_login)
    if parts.scheme not in _PORTS:
        raise _bad("must begin with redis://, rediss://, unix://, redis+sentinel:// or rediss+sentinel://")
    hosts = tuple(_host_and_port(place, _PORTS[parts.scheme]) for place in places.split(","))
    service, db = _service_and_db(parts, options)
    if service is None and len(hosts) > 1:
        raise _bad("names several hosts; only redis+sentinel:// may")
    return RedisAddress(
        hosts=hosts,
        service=service,
        tls=tls,
        login=redis_login,
        sentinel_login=_login(options.get("sentinel_username", ""), options.get("sentinel_password")),
        db=db,
        tls_options=_tls_options(options),
    )


def _bad(sentence: str) -> SettingsError:
    return SettingsError(f"REDIS_URL {sentence}.")


class _Parts(NamedTuple):
    scheme: str
    netloc: str
    path: str
    query: str


def _split(url: str) -> _Parts:
    """Cut a URL at its signs. Not ``urlsplit``: some Pythons refuse a list of hosts that has an IPv6 address in it."""
    scheme, _, rest = url.partition("://")
    before_query, _, query = rest.partition("?")
    netloc, slash, path = before_query.partition("/")
    return _Parts(scheme, netloc, slash + path, query)


def _login(username: str, password: str | None = None) -> dict[str, str]:
    given = {"username": unquote(username), "password": unquote(password or "")}
    return {name: value for name, value in given.items() if value}


def _host_and_port(place: str, default_port: int) -> tuple[str, int]:
    host, port = place, str(default_port)
    if place.startswith("["):  # IPv6
        host, closing, rest = place[1:].partition("]")
        if not closing or rest[:1] not in {"", ":"}:
            raise _bad("cannot be read: an IPv6 address stands in square brackets, [::1]:6379")
        port = rest[1:] or port
    elif ":" in place:
        host, _, port = place.partition(":")
    if not host:
        raise _bad("names no host")
    number = _number(port)
    if not 0 < number <= _HIGHEST_PORT:
        raise _bad("has a port that does not exist")
    return host, number


def _service_and_db(parts: _Parts, options: dict[str, str]) -> tuple[str | None, int]:
    path = [unquote(step) for step in parts.path.split("/") if step]
    service = None
    if "sentinel" in parts.scheme:
        if not path:
            raise _bad("needs the name of the service that the Sentinels watch: redis+sentinel://host:26379/name")
        service = path.pop(0)
    if len(path) > 1:
        raise _bad("has too many slashes after the host")
    return service, _number(path[0] if path else options.get("db", "0"))


def _tls_options(options: dict[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {name: options[name] for name in _TLS_OPTIONS & options.keys()}
    if given.get("ssl_cert_reqs", "required") not in {"none", "optional", "required"}:
        raise _bad("needs ssl_cert_reqs to be none, optional or required")
    if "ssl_check_hostname" in given:
        if given["ssl_check_hostname"] not in {"true", "false"}:
            raise _bad("needs ssl_check_hostname to be true or false")
        given["ssl_check_hostname"] = given["ssl_check_hostname"] == "true"
    return given


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_HIGHEST_PORT))):
        raise _bad("has a port or database that is no number")
    return int(text)
