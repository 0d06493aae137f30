"""Settings from the environment, and in development the secrets that it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from sms_service.core.canaries import canary_key
from sms_service.core.errors import SettingsError
from sms_service.settings import BadSettings, PseudonymKey, Settings, read_settings
from sms_service.storage.development_secrets import development_secret

__all__ = ["canary_key_of", "settings_for_tools", "settings_from"]


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Read the settings, and make in development what is missing: a token and keys of this machine's own.

    Raises:
        SettingsError: Names every variable that is missing or bad.
    """
    try:
        settings = read_settings(environ)
        return settings if settings.in_production else _with_development_secrets(settings)
    except BadSettings as bad:
        lines = [f"  {problem.variable} {problem.sentence}" for problem in bad.problems]
    except OSError as error:
        lines = [f"  VAR_DIR cannot be written ({error.strerror})"]
    raise SettingsError("\n".join(["These settings need a look (README.md lists them all):", *lines]))


def settings_for_tools(environ: Mapping[str, str], responses_dir: Path) -> Settings:
    """Give settings for a command that texts nobody: no secret is needed, read or made."""
    kept = {name: environ[name] for name in ("VAR_DIR",) if name in environ}
    return replace(read_settings(kept), responses_dir=responses_dir)


def _with_development_secrets(settings: Settings) -> Settings:
    def secret(name: str) -> SecretStr:
        return SecretStr(development_secret(settings.var_dir, name))

    key = bytes.fromhex(development_secret(settings.var_dir, "development_pseudonym_key"))
    return replace(
        settings,
        twilio_auth_token=settings.twilio_auth_token or secret("development_token"),
        secret_key=settings.secret_key or secret("development_secret_key"),
        pseudonym_keys=settings.pseudonym_keys or (PseudonymKey("dev", key),),
    )


def canary_key_of(settings: Settings) -> bytes:
    """Give what this line knows its own canaries by; b"" without a secret key: there are none then."""
    return b"" if settings.secret_key is None else canary_key(settings.secret_key.get_secret_value())
