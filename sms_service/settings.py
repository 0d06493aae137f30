"""Settings: read once from the environment, loud on every bad value at once, never printing a secret.

``read_settings`` is pure: it touches no disk and starts nothing. What development makes for itself (a token, keys) is
added by the factory. The table in ``README.md`` is compared with :data:`VARIABLES` by a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr

_ACCOUNT_SID: Final = re.compile(r"AC[0-9a-f]{32}")
_NUMBER: Final = re.compile(r"(?:(?:whatsapp|rcs|messenger):)?(?:\+?[0-9]{3,15}|[A-Za-z0-9_]{3,64})")
_PSEUDONYM_KEY: Final = re.compile(r"([a-z0-9]{1,16}):((?:[0-9a-f]{2}){32,64})")
_SHORTEST_SECRET: Final = 32
_HIGHEST_PORT: Final = 65535
_MOST_UNMATCHED_DAYS: Final = 90
"""As for every row about a message."""
_MOST_PROXIES: Final = 9
_REDIS_SCHEMES: Final = frozenset({"redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel"})
_SMTPS_PORT: Final = 465
_SUBMISSION_PORT: Final = 587
_PSYCOPG: Final = "postgresql+psycopg"


class LineEnvironment(StrEnum):
    """Where the line runs: development stays on one machine and makes missing secrets; production refuses to."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class PseudonymKey:
    """A key that turns numbers into pseudonyms; ``key_id`` is stored beside every pseudonym it made."""

    key_id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A server that takes mail (SMTP), and as whom we send."""

    host: str
    port: int
    tls_from_the_start: bool
    """Otherwise by STARTTLS."""
    user: str | None
    password: SecretStr | None
    sender: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one variable. The sentence never repeats the value: it may be a secret."""

    variable: str
    sentence: str


class BadSettings(ValueError):
    """Some variables are missing or bad; ``problems`` names every one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.variable}: {problem.sentence}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is decided outside the code. Secrets hide from ``repr``."""

    environment: LineEnvironment
    twilio_auth_token: SecretStr | None
    twilio_auth_token_secondary: SecretStr | None
    twilio_account_sid: str | None
    public_url: str
    line_numbers: frozenset[str]
    pseudonym_keys: tuple[PseudonymKey, ...]
    secret_key: SecretStr | None
    var_dir: Path
    responses_dir: Path
    redis_url: SecretStr | None
    database_url: SecretStr | None
    plain_text_hosts: frozenset[str]
    port: int
    trusted_proxy_hops: int
    """Proxies of ours that a request passes, each of which appends to X-Forwarded-For; 0: the header is not read."""
    web_workers: int
    web_threads: int
    web_server: str
    release: str | None
    sentry_dsn: SecretStr | None
    otlp_endpoint: str | None
    alert_urls: tuple[SecretStr, ...]
    alert_quiet_hours: tuple[int, int]
    """Hours of the day, UK time, from the first up to the second; the same twice: none."""
    canary_minutes: int
    """0: no canary."""
    metrics_token: SecretStr | None
    keep_unmatched_days: int
    """0: no word of any message is kept."""
    unmatched_key: SecretStr | None
    """64 characters 0-9 a-f."""
    mail_server: MailServer | None
    """None: nobody gets mail."""

    @property
    def in_production(self) -> bool:
        """Whether real people may text this process."""
        return self.environment is LineEnvironment.PRODUCTION

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The tokens a signature may be made with: primary first, secondary during a rotation."""
        tokens = (self.twilio_auth_token, self.twilio_auth_token_secondary)
        return tuple(token.get_secret_value() for token in tokens if token is not None)


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable.

    Attributes:
        name: In the environment.
        field: In :class:`Settings`.
        read: Turns the text into the value; raises ValueError with a sentence that does not repeat the text.
        default: Used when the variable is unset or empty; text, read like any other. None: no value.
        production_needs_it: Whether production refuses to start without it.
    """

    name: str
    field: str
    read: Callable[[str], object]
    default: str | None = None
    production_needs_it: bool = False


def _environment(text: str) -> LineEnvironment:
    try:
        return LineEnvironment(text)
    except ValueError:
        raise ValueError("is neither 'development' nor 'production'") from None


def _secret(text: str) -> SecretStr:
    if any(character.isspace() or not character.isprintable() for character in text):
        raise ValueError("holds a space or a control character; copy it again")
    return SecretStr(text)


def _long_secret(text: str) -> SecretStr:
    if len(text) < _SHORTEST_SECRET:
        raise ValueError(f"is shorter than {_SHORTEST_SECRET} characters; make one with `openssl rand -hex 32`")
    return _secret(text)


def _account_sid(text: str) -> str:
    if not _ACCOUNT_SID.fullmatch(text):
        raise ValueError("is not an account SID: AC and 32 characters 0-9 or a-f")
    return text


def _public_url(text: str) -> str:
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


def _numbers(text: str) -> frozenset[str]:
    numbers = [number.strip() for number in text.split(",") if number.strip()]
    if not all(_NUMBER.fullmatch(number) for number in numbers):
        raise ValueError("holds something that is no number; write +447700900123,60777 (WhatsApp: whatsapp:+44...)")
    return frozenset(numbers)


def _pseudonym_keys(text: str) -> tuple[PseudonymKey, ...]:
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


def _redis_url(text: str) -> SecretStr:
    # Not urlsplit: its complaints repeat what they are about, and that holds a password.
    if text.partition("://")[0] not in _REDIS_SCHEMES:
        raise ValueError(f"does not begin with one of {', '.join(sorted(_REDIS_SCHEMES))} and ://")
    return _secret(text)


def _database_url(text: str) -> SecretStr:
    scheme, separator, rest = text.partition("://")
    # 'postgres' is what hosts such as Heroku hand out; SQLAlchemy knows it no more, and plain 'postgresql' is psycopg2.
    if scheme in {"postgres", "postgresql", _PSYCOPG}:
        scheme = _PSYCOPG
    elif scheme != "sqlite":
        raise ValueError("is neither postgresql:// nor sqlite://")
    if not separator or not rest:
        raise ValueError("names no database")
    return _secret(f"{scheme}://{rest}")


def _hosts(text: str) -> frozenset[str]:
    hosts = [host.strip() for host in text.split(",") if host.strip()]
    if not all(re.fullmatch(r"[A-Za-z0-9_.:-]{1,253}", host) for host in hosts):
        raise ValueError("holds something that is no host; write redis.internal,10.0.0.7 without ports")
    return frozenset(hosts)


def _sentry_dsn(text: str) -> SecretStr:
    if not re.fullmatch(r"https?://[^\s@/]+@[^\s@/]+/\S+", text):
        raise ValueError("is not an address such as https://KEY@HOST/NUMBER, as Sentry shows it")
    return _secret(text)


def _alert_urls(text: str) -> tuple[SecretStr, ...]:
    # A comma may stand inside an address; whitespace never does.
    urls = [url.strip(",") for url in text.split()]
    if not all(re.fullmatch(r"[a-z0-9+-]{2,30}://\S*", url) for url in urls if url):
        raise ValueError("holds something that is no address like mailto://..., with a space between two of them")
    return tuple(SecretStr(url) for url in urls if url)


def _hours(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([01]?[0-9]|2[0-3])-([01]?[0-9]|2[0-3])", text)
    if match is None:
        raise ValueError("is not two hours of the day such as 22-7 (0-0: no quiet hours)")
    return int(match[1]), int(match[2])


def _count(most: int, *, least: int = 1) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise ValueError(f"is not a whole number from {least} to {most}")
        return int(text)

    return read


def _hex_key(text: str) -> SecretStr:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("is not 64 characters 0-9 a-f; make one with `openssl rand -hex 32`")
    return SecretStr(text)


def _mail_server(text: str) -> MailServer:
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


def _web_server(text: str) -> str:
    if text not in {"granian", "gunicorn"}:
        raise ValueError("is neither 'granian' nor 'gunicorn'")
    return text


def _label(text: str) -> str:
    if not re.fullmatch(r"[\w.+/:-]{1,80}", text, re.ASCII):
        raise ValueError("is not 1 to 80 plain characters (letters, digits, . _ + / : -)")
    return text


VARIABLES: Final = (
    Variable("LINE_ENV", "environment", _environment, default="development"),
    Variable("TWILIO_AUTH_TOKEN", "twilio_auth_token", _secret, production_needs_it=True),
    Variable("TWILIO_AUTH_TOKEN_SECONDARY", "twilio_auth_token_secondary", _secret),
    Variable("TWILIO_ACCOUNT_SID", "twilio_account_sid", _account_sid, production_needs_it=True),
    Variable("PUBLIC_URL", "public_url", _public_url, production_needs_it=True),
    Variable("LINE_NUMBERS", "line_numbers", _numbers, default=","),
    Variable("PSEUDONYM_KEYS", "pseudonym_keys", _pseudonym_keys, default=",", production_needs_it=True),
    Variable("SECRET_KEY", "secret_key", _long_secret, production_needs_it=True),
    Variable("VAR_DIR", "var_dir", Path, default="./var"),
    Variable("RESPONSES_DIR", "responses_dir", Path, default="./responses"),
    Variable("REDIS_URL", "redis_url", _redis_url),
    Variable("DATABASE_URL", "database_url", _database_url),
    Variable("PLAIN_TEXT_HOSTS", "plain_text_hosts", _hosts, default=","),
    Variable("PORT", "port", _count(_HIGHEST_PORT), default="8000"),
    Variable("TRUSTED_PROXY_HOPS", "trusted_proxy_hops", _count(_MOST_PROXIES, least=0), default="0"),
    Variable("WEB_CONCURRENCY", "web_workers", _count(64), default="2"),
    Variable("WEB_THREADS", "web_threads", _count(64), default="4"),
    Variable("WEB_SERVER", "web_server", _web_server, default="granian"),
    Variable("RELEASE", "release", _label),
    Variable("SENTRY_DSN", "sentry_dsn", _sentry_dsn),
    Variable("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp_endpoint", _public_url),
    Variable("ALERT_URLS", "alert_urls", _alert_urls, default=","),
    Variable("ALERT_QUIET_HOURS", "alert_quiet_hours", _hours, default="22-7"),
    Variable("CANARY_MINUTES", "canary_minutes", _count(24 * 60, least=0), default="5"),
    Variable("METRICS_TOKEN", "metrics_token", _long_secret),
    Variable("KEEP_UNMATCHED_DAYS", "keep_unmatched_days", _count(_MOST_UNMATCHED_DAYS, least=0), default="0"),
    Variable("UNMATCHED_KEY", "unmatched_key", _hex_key),
    Variable("MAIL_URL", "mail_server", _mail_server),
)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read every variable; an empty one counts as unset.

    Raises:
        BadSettings: Names every variable that is missing or bad, not only the first.
    """
    problems: list[Problem] = []
    values: dict[str, object] = {}
    in_production = environ.get("LINE_ENV", "").strip() == LineEnvironment.PRODUCTION
    for variable in VARIABLES:
        text = environ.get(variable.name, "").strip()
        if not text and variable.production_needs_it and in_production:
            problems.append(Problem(variable.name, "is missing; production needs it"))
            continue
        text = text or variable.default or ""
        try:
            values[variable.field] = variable.read(text) if text else None
        except ValueError as error:
            problems.append(Problem(variable.name, str(error)))
    if values.get("public_url") is None and not in_production:
        values["public_url"] = f"http://127.0.0.1:{values.get('port', 8000)}"
    if in_production and str(values.get("public_url", "https://")).startswith("http://"):
        problems.append(
            Problem("PUBLIC_URL", "begins with http://; in production the provider must reach us by https://")
        )
    if in_production and "pseudonym_keys" in values and not values["pseudonym_keys"]:
        problems.append(Problem("PSEUDONYM_KEYS", "holds no key"))
    if in_production and values.get("keep_unmatched_days") and not values.get("unmatched_key"):
        problems.append(Problem("UNMATCHED_KEY", "is missing; KEEP_UNMATCHED_DAYS needs it"))
    if problems:
        raise BadSettings(tuple(problems))
    return Settings(**values)  # type: ignore[arg-type]  # each reader gives its field's type; the test reads them all
