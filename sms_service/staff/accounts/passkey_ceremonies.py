"""The two ceremonies of WebAuthn Level 3 (7.1 and 7.2): what the browser is asked for, and whether its answer holds.

A passkey is bound to the host of PUBLIC_URL, never to what a request says its host is.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sms_service.service.accounts.ports import Account, Passkey

_LONGEST_ANSWER: Final = 20_000
"""Characters. Without an attestation, which is not asked for, an answer has about a thousand."""

_WAIT_MILLISECONDS: Final = 120_000
_WHO_THEY_ARE: Final = AuthenticatorSelectionCriteria(
    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
)


class PasskeyRefused(ValueError):
    """The browser's answer does not hold."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An answer that was read, and not yet believed."""

    credential: AuthenticationCredential

    @property
    def credential_id(self) -> bytes:
        """Names the passkey."""
        return self.credential.raw_id

    @property
    def handle(self) -> bytes | None:
        """Names the person, as the device knows them."""
        return self.credential.response.user_handle


class Ceremonies:
    """Asks for passkeys, and checks what comes.

    Args:
        public_url: Where the pages are. On an IP address of this machine the name ``localhost`` stands in for it:
            browsers bind no passkey to an address.
        clock: Gives the moment in UTC.
    """

    def __init__(self, public_url: str, clock: Callable[[], dt.datetime]) -> None:
        parts = urlsplit(public_url)
        host = parts.hostname or ""
        port = "" if parts.port is None else f":{parts.port}"
        self._rp_id = "localhost" if _is_this_machine(host) else host
        self._origin = f"{parts.scheme}://{self._rp_id}{port}"
        self._clock = clock

    def creation_options(
        self, account: Account, known: tuple[Passkey, ...], *, handle: str, challenge: str, service_name: str
    ) -> str:
        """Give what the browser needs to make a passkey, as JSON.

        Args:
            account: Whose it will be.
            known: Those the person has; a device with one of them makes no second.
            handle: Names the person towards passkeys.
            challenge: Of this session, in URL-safe base64.
            service_name: As the browser shows it.
        """
        options = webauthn.generate_registration_options(
            rp_id=self._rp_id,
            rp_name=service_name,
            user_id=handle.encode(),
            user_name=account.email,
            user_display_name=account.name,
            challenge=base64url_to_bytes(challenge),
            timeout=_WAIT_MILLISECONDS,
            authenticator_selection=_WHO_THEY_ARE,
            exclude_credentials=[_descriptor(one) for one in known],
        )
        return webauthn.options_to_json(options)

    def request_options(self, challenge: str) -> str:
        """Give what the browser needs to use a passkey, as JSON. It names nobody: the person chooses from their own."""
        options = webauthn.generate_authentication_options(
            rp_id=self._rp_id,
            challenge=base64url_to_bytes(challenge),
            timeout=_WAIT_MILLISECONDS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    def created(self, answer: str, challenge: str, person_id: str, name: str) -> Passkey:
        """Give the passkey that the browser made.

        Raises:
            PasskeyRefused: When it was made for another site, another challenge, or without making sure of the person.
        """
        try:
            credential = parse_registration_credential_json(answer[:_LONGEST_ANSWER])
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except Exception as error:  # the library breaks in many ways on what strangers may send
            raise PasskeyRefused(type(error).__name__) from error
        return Passkey(
            credential_id=made.credential_id,
            person_id=person_id,
            name=name,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            transports=tuple(one.value for one in credential.response.transports or ()),
            device_type=made.credential_device_type.value,
            backed_up=made.credential_backed_up,
            made_at=self._clock(),
        )

    def claimed(self, answer: str) -> Claim:
        """Read which passkey an answer speaks of. Nothing is believed yet.

        Raises:
            PasskeyRefused: When it cannot be read.
        """
        try:
            credential = parse_authentication_credential_json(answer[:_LONGEST_ANSWER])
        except Exception as error:  # same
            raise PasskeyRefused(type(error).__name__) from error
        return Claim(credential)

    def proved(self, claim: Claim, challenge: str, passkey: Passkey, account: Account) -> int:
        """Hold that the passkey was used, for this site and this session, by its person; give its counter.

        Raises:
            PasskeyRefused: When any of it is not so.
        """
        if claim.handle != (account.passkey_handle or "").encode():
            raise PasskeyRefused("it names another person")
        try:
            verified = webauthn.verify_authentication_response(
                credential=claim.credential,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except Exception as error:  # same
            raise PasskeyRefused(type(error).__name__) from error
        return verified.new_sign_count


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(one) for one in passkey.transports]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
