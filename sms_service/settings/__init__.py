"""Settings: read once from the environment, loud on every bad value at once, never printing a secret.

``read_settings`` is pure: it touches no disk and starts nothing. What development makes for itself (a token, keys) is
added by the factory. The table in ``README.md`` is compared with :data:`VARIABLES` by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from sms_service.settings import readers
from sms_service.settings.values import IdentityProvider, LineEnvironment, MailServer, PseudonymKey

__all__ = [
    "VARIABLES",
    "BadSettings",
    "IdentityProvider",
    "LineEnvironment",
    "MailServer",
    "Problem",
    "PseudonymKey",
    "Settings",
    "Variable",
    "read_settings",
]

_HIGHEST_PORT: Final = 65535
_MOST_UNMATCHED_DAYS: Final = 90
"""As for every row about a message."""
_MOST_PROXIES: Final = 9


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
    fast_lane: bool
    """Whether plain messages are answered before Flask."""
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
    oidc_issuer: str | None
    oidc_client_id: str | None
    oidc_client_secret: SecretStr | None
    oidc_acr: str | None
    oidc_name: str

    @property
    def in_production(self) -> bool:
        """Whether real people may text this process."""
        return self.environment is LineEnvironment.PRODUCTION

    @property
    def identity_provider(self) -> IdentityProvider | None:
        """Who vouches for staff; None: they log in by password or passkey alone."""
        if self.oidc_issuer is None or self.oidc_client_id is None or self.oidc_client_secret is None:
            return None
        return IdentityProvider(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=self.oidc_client_secret,
            acr=self.oidc_acr,
            name=self.oidc_name,
        )

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


VARIABLES: Final = (
    Variable("LINE_ENV", "environment", readers.environment, default="development"),
    Variable("TWILIO_AUTH_TOKEN", "twilio_auth_token", readers.secret, production_needs_it=True),
    Variable("TWILIO_AUTH_TOKEN_SECONDARY", "twilio_auth_token_secondary", readers.secret),
    Variable("TWILIO_ACCOUNT_SID", "twilio_account_sid", readers.account_sid, production_needs_it=True),
    Variable("PUBLIC_URL", "public_url", readers.public_url, production_needs_it=True),
    Variable("LINE_NUMBERS", "line_numbers", readers.numbers, default=","),
    Variable("PSEUDONYM_KEYS", "pseudonym_keys", readers.pseudonym_keys, default=",", production_needs_it=True),
    Variable("SECRET_KEY", "secret_key", readers.long_secret, production_needs_it=True),
    Variable("VAR_DIR", "var_dir", Path, default="./var"),
    Variable("RESPONSES_DIR", "responses_dir", Path, default="./responses"),
    Variable("REDIS_URL", "redis_url", readers.redis_url),
    Variable("DATABASE_URL", "database_url", readers.database_url),
    Variable("PLAIN_TEXT_HOSTS", "plain_text_hosts", readers.hosts, default=","),
    Variable("PORT", "port", readers.whole_number(_HIGHEST_PORT), default="8000"),
    Variable("TRUSTED_PROXY_HOPS", "trusted_proxy_hops", readers.whole_number(_MOST_PROXIES, least=0), default="0"),
    Variable("WEB_CONCURRENCY", "web_workers", readers.whole_number(64), default="2"),
    Variable("WEB_THREADS", "web_threads", readers.whole_number(64), default="4"),
    Variable("WEB_SERVER", "web_server", readers.web_server, default="granian"),
    Variable("FAST_LANE", "fast_lane", readers.on_or_off, default="on"),
    Variable("RELEASE", "release", readers.label),
    Variable("SENTRY_DSN", "sentry_dsn", readers.sentry_dsn),
    Variable("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp_endpoint", readers.public_url),
    Variable("ALERT_URLS", "alert_urls", readers.alert_urls, default=","),
    Variable("ALERT_QUIET_HOURS", "alert_quiet_hours", readers.hours, default="22-7"),
    Variable("CANARY_MINUTES", "canary_minutes", readers.whole_number(24 * 60, least=0), default="5"),
    Variable("METRICS_TOKEN", "metrics_token", readers.long_secret),
    Variable(
        "KEEP_UNMATCHED_DAYS", "keep_unmatched_days", readers.whole_number(_MOST_UNMATCHED_DAYS, least=0), default="0"
    ),
    Variable("UNMATCHED_KEY", "unmatched_key", readers.hex_key),
    Variable("MAIL_URL", "mail_server", readers.mail_server),
    Variable("OIDC_ISSUER", "oidc_issuer", readers.issuer),
    Variable("OIDC_CLIENT_ID", "oidc_client_id", readers.words),
    Variable("OIDC_CLIENT_SECRET", "oidc_client_secret", readers.secret),
    Variable("OIDC_ACR", "oidc_acr", readers.words),
    Variable("OIDC_NAME", "oidc_name", readers.words, default="single sign-on"),
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
    problems += _what_does_not_fit(values, in_production=in_production)
    if problems:
        raise BadSettings(tuple(problems))
    return Settings(**values)  # type: ignore[arg-type]  # each reader gives its field's type; the test reads them all


def _what_does_not_fit(values: Mapping[str, object], *, in_production: bool) -> Iterator[Problem]:
    """Give what is wrong between variables each of which is good. One that is not has no value here."""
    sign_on = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    if any(values.get(name.lower()) for name in sign_on):
        for name in sign_on:
            if values.get(name.lower(), name) is None:
                yield Problem(name, "is missing; single sign-on needs it")
    if not in_production:
        return
    for name, why in (("PUBLIC_URL", "the provider must reach us by https://"), ("OIDC_ISSUER", "it must be https://")):
        if str(values.get(name.lower())).startswith("http://"):
            yield Problem(name, f"begins with http://; in production {why}")
    if "pseudonym_keys" in values and not values["pseudonym_keys"]:
        yield Problem("PSEUDONYM_KEYS", "holds no key")
    if values.get("keep_unmatched_days") and not values.get("unmatched_key"):
        yield Problem("UNMATCHED_KEY", "is missing; KEEP_UNMATCHED_DAYS needs it")
