"""What settings hold that is more than a text or a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import SecretStr


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
class IdentityProvider:
    """An OpenID Connect provider, and who we are there."""

    issuer: str
    """Exactly as the provider writes it, the slash at its end included."""
    client_id: str
    client_secret: SecretStr
    acr: str | None
    """Authentication context that means two factors; None: ``amr`` tells."""
    name: str
    """As people know it."""


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
