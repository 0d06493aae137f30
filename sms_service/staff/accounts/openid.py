"""An identity provider, asked by OpenID Connect (Core 1.0): code flow, PKCE (RFC 7636), state, nonce; checked exactly.

Talking and signatures are Authlib's. What it leaves to its user is decided here: issuer and audience are exactly ours,
only asymmetric signatures count, endpoints are as safe as the issuer's own address, and every wait has an end.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session

from sms_service.core.errors import LineError
from sms_service.service.accounts.accounts import folded_email
from sms_service.service.ports import LineLog
from sms_service.settings import IdentityProvider

_WAIT_SECONDS: Final = 4.0
"""For one answer of the provider; log-in asks it for three at most."""

_CLOCKS_DIFFER_SECONDS: Final = 60
_SIGNATURES: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Whoever knows our client secret could make the others (HS256), and anybody 'none'."""

_SECOND_FACTOR: Final = "mfa"
"""RFC 8176, 2: multiple-factor authentication was performed."""

_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class SignOnFailed(LineError):
    """Nobody was logged in by the identity provider; the sentence is for whoever tried."""

    code = "sign_on_failed"


class ProviderFailed(SignOnFailed):
    """The identity provider does not answer, or not as it must."""

    code = "identity_provider_failed"
    retry_helps = True


@dataclass(frozen=True, slots=True)
class SentAway:
    """Somebody is sent to the provider.

    Attributes:
        address: Where to.
        kept: What their session must bring back.
    """

    address: str
    kept: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for.

    Attributes:
        subject: Names the person at this provider for ever: a digest of issuer and ``sub``.
        email: As the provider has verified it, folded; None: it does not say so.
        two_factors: Whether it says that they proved who they are in two ways.
        proved_at: When they last did, Unix seconds; None: it does not say.
    """

    subject: str
    email: str | None
    two_factors: bool
    proved_at: float | None


class _Client(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]  # Authlib ships no types
    client_cls = OAuth2Session


class OpenIdProvider:
    """The provider of the settings. Nothing is fetched before somebody wants to log in by it.

    Args:
        settings: Which, and who we are there.
        callback: Address of ours that it sends people back to.
        log: Told kinds of failures.
    """

    def __init__(self, settings: IdentityProvider, callback: str, log: LineLog) -> None:
        self._settings = settings
        self._callback = callback
        self._log = log
        self._known: Any = None

    def begin(self, *, again: bool = False) -> SentAway:
        """Send somebody there; ``again``: they must prove who they are even if the provider knows them still.

        Raises:
            ProviderFailed: When it cannot be asked.
        """
        more: dict[str, Any] = {"prompt": "login", "max_age": 0} if again else {}
        if self._settings.acr is not None:
            more["acr_values"] = self._settings.acr
        try:
            sent = self._client().create_authorization_url(self._callback, **more)
        except Exception as error:
            raise self._failed(error) from error
        return SentAway(sent["url"], {name: sent[name] for name in ("state", "nonce", "code_verifier")})

    def finish(self, kept: Mapping[str, Any], answer: Mapping[str, str]) -> Identity:
        """Say who came back.

        Args:
            kept: Of the session that was sent away.
            answer: The query of the callback.

        Raises:
            SignOnFailed: When this is no answer to that, or the provider says no.
            ProviderFailed: When it cannot be asked, or what it signed does not hold.
        """
        state = str(kept.get("state", ""))
        if not state or not hmac.compare_digest(state.encode(), answer.get("state", "").encode()):
            raise SignOnFailed("This log-in was begun in another window, or long ago. Begin again.")
        # RFC 9207: an answer of another provider must not be taken to this one.
        if answer.get("iss", self._settings.issuer) != self._settings.issuer:
            raise SignOnFailed("This answer comes from another identity provider. Begin again.")
        if "error" in answer or not answer.get("code"):
            raise SignOnFailed("The identity provider did not log you in.")
        try:
            claims = self._claims(answer["code"], kept)
            subject = hashlib.sha256(f"{self._settings.issuer}\0{claims['sub']}".encode()).hexdigest()
            return Identity(subject, _verified_email(claims), self._two_factors(claims), claims.get("auth_time"))
        except Exception as error:
            raise self._failed(error) from error

    def log_out_address(self, back_to: str) -> str | None:
        """Give where people log out of the provider too (OpenID Connect RP-Initiated Logout 1.0); None: nowhere."""
        try:
            client = self._client()
            if not str(client.server_metadata.get("end_session_endpoint", "")).startswith("https://"):
                return None
            logout = client.create_logout_url(post_logout_redirect_uri=back_to, client_id=self._settings.client_id)
            return str(logout["url"])
        except Exception as error:  # noqa: BLE001 - they are logged out here whatever it says
            self._log.trouble(ProviderFailed.code, error=error)
            return None

    def _claims(self, code: str, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        client = self._client()
        token = client.fetch_access_token(
            redirect_uri=self._callback, code=code, code_verifier=kept["code_verifier"], grant_type="authorization_code"
        )
        issuer = {"iss": {"essential": True, "value": self._settings.issuer}}
        claims: Mapping[str, Any] | None = client.parse_id_token(
            token, nonce=kept["nonce"], claims_options=issuer, leeway=_CLOCKS_DIFFER_SECONDS
        )
        if claims is None:
            raise ValueError("no id_token")
        if claims["iss"] != self._settings.issuer or claims["aud"] not in (
            self._settings.client_id,
            [self._settings.client_id],
        ):
            raise ValueError("a token for somebody else")
        return claims

    def _two_factors(self, claims: Mapping[str, Any]) -> bool:
        if self._settings.acr is not None:
            return bool(claims.get("acr") == self._settings.acr)
        methods = claims.get("amr")
        return isinstance(methods, list) and _SECOND_FACTOR in methods

    def _client(self) -> Any:  # noqa: ANN401 - Authlib ships no types
        if self._known is None:
            client = self._unknown_client()
            metadata = client.load_server_metadata()
            if metadata.get("issuer") != self._settings.issuer:
                raise ValueError("its metadata name another issuer")
            scheme = f"{self._settings.issuer.partition(':')[0]}://"
            if not all(str(metadata.get(name, "")).startswith((scheme, "https://")) for name in _ENDPOINTS):
                raise ValueError("an endpoint is missing, or reached without encryption")
            offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
            metadata["id_token_signing_alg_values_supported"] = [one for one in offered if one in _SIGNATURES]
            self._known = client
        return self._known

    def _unknown_client(self) -> Any:  # noqa: ANN401 - same
        return _Client(
            None,
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret.get_secret_value(),
            server_metadata_url=f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": _WAIT_SECONDS,
            },
        )

    def _failed(self, error: Exception) -> ProviderFailed:
        self._log.trouble(ProviderFailed.code, error=error)
        return ProviderFailed("The identity provider does not answer as it should. Log in with your password.")


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    """Give the address where the provider says that it is theirs.

    Microsoft Entra has no ``email_verified``; its optional claim ``xms_edov`` says that the owner of the address's
    domain was verified.
    """
    is_verified = claims.get("email_verified") is True or claims.get("xms_edov") in (True, 1, "1", "true")
    email = claims.get("email")
    return folded_email(email) if is_verified and isinstance(email, str) else None
