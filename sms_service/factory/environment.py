"""Settings from the environment, and in development the secrets that it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from sms_service.core.canaries import canary_key
from sms_service.core.errors import SettingsError
from sms_service.settings import BadSettings, Problem, PseudonymKey, Settings, read_settings
from sms_service.storage.development_secrets import development_secret
from sms_service.storage.encryption import plain_database_hosts, plain_redis_hosts, without

__all__ = ["canary_key_of", "settings_for_tools", "settings_from"]

_PLAIN: Final = (
    "leads over a network without encryption; {}, or name the host in PLAIN_TEXT_HOSTS if that network is private"
)


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Read the settings, and make in development what is missing: a token and keys of this machine's own.

    Raises:
        SettingsError: Names every variable that is missing or bad.
    """
    try:
        settings = read_settings(environ)
        if not settings.in_production:
            return _with_development_secrets(settings)
        _refuse_plain_text(settings, environ.get("PGSSLMODE"))
        return settings
    except BadSettings as bad:
        lines = [f"  {problem.variable} {problem.sentence}" for problem in bad.problems]
    except OSError as error:
        lines = [f"  VAR_DIR cannot be written ({error.strerror})"]
    raise SettingsError("\n".join(["These settings need a look (README.md lists them all):", *lines]))


def settings_for_tools(environ: Mapping[str, str], responses_dir: Path) -> Settings:
    """Give settings for a command that texts nobody: no secret is needed, read or made."""
    kept = {name: environ[name] for name in ("VAR_DIR",) if name in environ}
    return replace(read_settings(kept), responses_dir=responses_dir)


def _refuse_plain_text(settings: Settings, default_sslmode: str | None) -> None:
    """Refuse stores that would be spoken to over a network without TLS, unless that network is declared private."""
    problems = []
    if settings.redis_url is not None:
        hosts = plain_redis_hosts(settings.redis_url.get_secret_value())
        if without(hosts, settings.plain_text_hosts):
            problems.append(Problem("REDIS_URL", _PLAIN.format("write rediss:// (or rediss+sentinel://)")))
    if settings.database_url is not None:
        hosts = plain_database_hosts(settings.database_url.get_secret_value(), default_sslmode)
        if without(hosts, settings.plain_text_hosts):
            problems.append(Problem("DATABASE_URL", _PLAIN.format("add ?sslmode=verify-full (or require)")))
    if problems:
        raise BadSettings(tuple(problems))


def _with_development_secrets(settings: Settings) -> Settings:
    def secret(name: str) -> SecretStr:
        return SecretStr(development_secret(settings.var_dir, name))

    key = bytes.fromhex(development_secret(settings.var_dir, "development_pseudonym_key"))
    return replace(
        settings,
        twilio_auth_token=settings.twilio_auth_token or secret("development_token"),
        secret_key=settings.secret_key or secret("development_secret_key"),
        unmatched_key=settings.unmatched_key
        or (secret("development_unmatched_key") if settings.keep_unmatched_days else None),
        pseudonym_keys=settings.pseudonym_keys or (PseudonymKey("dev", key),),
    )


def canary_key_of(settings: Settings) -> bytes:
    """Give what this line knows its own canaries by; b"" without a secret key: there are none then."""
    return b"" if settings.secret_key is None else canary_key(settings.secret_key.get_secret_value())
