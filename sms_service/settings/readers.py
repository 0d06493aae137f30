"""Readers of single variables: text in, value out.

What a reader refuses it says in a ValueError, whose sentence goes on after the variable's name and never repeats the
text: it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr

from sms_service.settings.values import LineEnvironment, MailServer, PseudonymKey

_ACCOUNT_SID: Final = re.compile(r"AC[0-9a-f]{32}")
_NUMBER: Final = re.compile(r"(?:(?:whatsapp|rcs|messenger):)?(?:\+?[0-9]{3,15}|[A-Za-z0-9_]{3,64})")
_PSEUDONYM_KEY: Final = re.compile(r"([a-z0-9]{1,16}):((?:[0-9a-f]{2}){32,64})")
_SHORTEST_SECRET: Final = 32
_REDIS_SCHEMES: Final = frozenset({"redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel"})
_LONGEST_WORDS: Final = 40
_SMTPS_PORT: Final = 465
_SUBMISSION_PORT: Final = 587
_PSYCOPG: Final = "postgresql+psycopg"


def environment(text: str) -> LineEnvironment:
    """Read where the line runs."""
    try:
        return LineEnvironment(text)
    except ValueError:
        raise ValueError("is neither 'development' nor 'production'") from None


def on_or_off(text: str) -> bool:
    """Read a switch."""
    if text not in {"on", "off"}:
        raise ValueError("is neither 'on' nor 'off'")
    return text == "on"


def secret(text: str) -> SecretStr:
    """Read a secret."""
    if any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError("holds a space or a control character; copy it again")
    return SecretStr(text)


def long_secret(text: str) -> SecretStr:
    """Read a secret that has to be long."""
    if len(text) < _SHORTEST_SECRET:
        raise ValueError(f"is shorter than {_SHORTEST_SECRET} characters; make one with `openssl rand -hex 32`")
    return secret(text)


def account_sid(text: str) -> str:
    """Read the id of an account."""
    if not _ACCOUNT_SID.fullmatch(text):
        raise ValueError("is not an account SID: AC and 32 characters 0-9 or a-f")
    return text


def public_url(text: str) -> str:
    """Read an address of http or https; a slash at its end goes."""
    complaint = "is not an address such as https://line.example.org, without '?' or '#'"
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        raise ValueError(complaint) from None
    if parts.scheme not in {"http", "https"} or not has_host or parts.query or parts.fragment or not _is_plain(text):
        raise ValueError(complaint)
    return text.rstrip("/")


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def numbers(text: str) -> frozenset[str]:
    """Read numbers with commas between."""
    numbers = [number.strip() for number in text.split(",") if number.strip()]
    if not all(_NUMBER.fullmatch(number) for number in numbers):
        raise ValueError("holds something that is no number; write +447700900123,60777 (WhatsApp: whatsapp:+44...)")
    return frozenset(numbers)


def pseudonym_keys(text: str) -> tuple[PseudonymKey, ...]:
    """Read keys with their ids."""
    keys = []
    for entry in filter(None, (entry.strip() for entry in text.split(","))):
        match = _PSEUDONYM_KEY.fullmatch(entry)
        if match is None:
            raise ValueError(
                "needs 'id:key' entries with a comma between, the current one first; an id is 1-16 characters a-z 0-9, "
                "a key 64-128 characters 0-9 a-f (make one with `openssl rand -hex 32`)"
            )
        keys.append(PseudonymKey(match[1], bytes.fromhex(match[2])))
    if len({key.key_id for key in keys}) != len(keys):
        raise ValueError("uses the same id for two keys")
    if len({key.key for key in keys}) != len(keys):
        raise ValueError("holds the same key twice")
    return tuple(keys)


def redis_url(text: str) -> SecretStr:
    """Read the address of a Redis."""
    # Not urlsplit: its complaints repeat what they are about, and that holds a password.
    if text.partition("://")[0] not in _REDIS_SCHEMES:
        raise ValueError(f"does not begin with one of {', '.join(sorted(_REDIS_SCHEMES))} and ://")
    return secret(text)


def database_url(text: str) -> SecretStr:
    """Read the address of a database, and give it as SQLAlchemy wants it."""
    scheme, separator, rest = text.partition("://")
    # 'postgres' is what hosts such as Heroku hand out; SQLAlchemy knows it no more, and plain 'postgresql' is psycopg2.
    if scheme in {"postgres", "postgresql", _PSYCOPG}:
        scheme = _PSYCOPG
    elif scheme != "sqlite":
        raise ValueError("is neither postgresql:// nor sqlite://")
    if not separator or not rest:
        raise ValueError("names no database")
    return secret(f"{scheme}://{rest}")


def hosts(text: str) -> frozenset[str]:
    """Read hosts with commas between."""
    hosts = [host.strip() for host in text.split(",") if host.strip()]
    if not all(re.fullmatch(r"[A-Za-z0-9_.:-]{1,253}", host) for host in hosts):
        raise ValueError("holds something that is no host; write redis.internal,10.0.0.7 without ports")
    return frozenset(hosts)


def sentry_dsn(text: str) -> SecretStr:
    """Read where errors go."""
    if not re.fullmatch(r"https?://[^\s@/]+@[^\s@/]+/\S+", text):
        raise ValueError("is not an address such as https://KEY@HOST/NUMBER, as Sentry shows it")
    return secret(text)


def alert_urls(text: str) -> tuple[SecretStr, ...]:
    """Read addresses with spaces between."""
    # A comma may stand inside an address; whitespace never does.
    urls = [url.strip(",") for url in text.split()]
    if not all(re.fullmatch(r"[a-z0-9+-]{2,30}://\S*", url) for url in urls if url):
        raise ValueError("holds something that is no address like mailto://..., with a space between two of them")
    return tuple(SecretStr(url) for url in urls if url)


def hours(text: str) -> tuple[int, int]:
    """Read two hours of the day."""
    match = re.fullmatch(r"([01]?[0-9]|2[0-3])-([01]?[0-9]|2[0-3])", text)
    if match is None:
        raise ValueError("is not two hours of the day such as 22-7 (0-0: no quiet hours)")
    return int(match[1]), int(match[2])


def whole_number(most: int, *, least: int = 1) -> Callable[[str], int]:
    """Give the reader of a whole number within bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise ValueError(f"is not a whole number from {least} to {most}")
        return int(text)

    return read


def hex_key(text: str) -> SecretStr:
    """Read a key of 32 bytes."""
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("is not 64 characters 0-9 a-f; make one with `openssl rand -hex 32`")
    return SecretStr(text)


def mail_server(text: str) -> MailServer:
    """Read the address of a server that takes mail."""
    complaint = "is not an address such as smtps://NAME:PASSWORD@mail.example.org?from=line@example.org"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(complaint) from None
    senders = parse_qs(parts.query).get("from", [])
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or len(senders) != 1 or not _is_plain(text):
        raise ValueError(complaint)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", senders[0]):
        raise ValueError("says from=, but no address after it")
    in_tls = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=port or (_SMTPS_PORT if in_tls else _SUBMISSION_PORT),
        tls_from_the_start=in_tls,
        user=unquote(parts.username) if parts.username else None,
        password=SecretStr(unquote(parts.password)) if parts.password else None,
        sender=senders[0],
    )


def issuer(text: str) -> str:
    """Read the address of an identity provider, and leave it as it is written."""
    public_url(text)
    return text


def words(text: str) -> str:
    """Read a few words that people see."""
    if not text.isprintable() or len(text) > _LONGEST_WORDS:
        raise ValueError(f"is not 1 to {_LONGEST_WORDS} characters on one line")
    return text


def web_server(text: str) -> str:
    """Read which web server serves."""
    if text not in {"granian", "gunicorn"}:
        raise ValueError("is neither 'granian' nor 'gunicorn'")
    return text


def label(text: str) -> str:
    """Read a short plain name."""
    if not re.fullmatch(r"[\w.+/:-]{1,80}", text, re.ASCII):
        raise ValueError("is not 1 to 80 plain characters (letters, digits, . _ + / : -)")
    return text
