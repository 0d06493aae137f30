"""A device with passkeys, in software: says what browsers say (WebAuthn Level 3), and lies where a test wants it to."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

HERE = "https://line.example.org"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class PasskeyDevice:
    """One passkey.

    Attributes:
        origin: Where the browser thinks it is.
        rp_id: The site it thinks it speaks to.
        flags: What the device says of the person: there, and made sure of.
        counter: Goes up with each use.
    """

    origin: str = HERE
    rp_id: str = "line.example.org"
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: str = ""

    def create(self, options: str) -> str:
        """Answer to the options of a page that adds a passkey."""
        asked = json.loads(options)
        self.handle = asked["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public_key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        data = self._device_data(ATTESTED) + bytes(16) + len(self.credential_id).to_bytes(2, "big")
        data += self.credential_id + cbor2.dumps(public_key)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        answer = {"attestationObject": bytes_to_base64url(attestation), "transports": ["internal"]}
        return self._answer("webauthn.create", asked["challenge"], answer)

    def get(self, options: str) -> str:
        """Answer to the options of a page that wants a passkey."""
        self.counter += 1
        challenge = json.loads(options)["challenge"]
        data = self._device_data()
        signed = data + hashlib.sha256(self._client_data("webauthn.get", challenge)).digest()
        answer = {
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": self.handle,
        }
        return self._answer("webauthn.get", challenge, answer)

    def _device_data(self, more_flags: int = 0) -> bytes:
        site = hashlib.sha256(self.rp_id.encode()).digest()
        return site + bytes([self.flags | more_flags]) + self.counter.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, kind: str, challenge: str, response: dict[str, Any]) -> str:
        name = bytes_to_base64url(self.credential_id)
        response["clientDataJSON"] = bytes_to_base64url(self._client_data(kind, challenge))
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
