"""A small OpenID Connect provider on this machine: real metadata, keys, codes, PKCE and signed tokens, and faults."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT_ID, CLIENT_SECRET = "the-line", "secret-of-the-line"


class FakeProvider(ThreadingHTTPServer):
    """The provider; a test changes what it says next."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}/council"
        self.key = ECKey.generate_key("P-256", {"kid": "k1"})
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.reset()

    def reset(self) -> None:
        """Be faultless again."""
        self.signing_key: Any = self.key
        self.algorithm = "ES256"
        self.metadata: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": "https://login.example.org/log-out",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        }
        self.claims: dict[str, Any] = {"sub": "sub-of-jo", "email": "jo@example.org", "email_verified": True}
        """What it says of whoever comes; None takes a claim out."""

    def environ(self) -> dict[str, str]:
        """Give the settings of a line that trusts it."""
        return {"OIDC_ISSUER": self.issuer, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": CLIENT_SECRET}

    def agree(self, address: str, **changed: str) -> str:
        """Do what a person does at the provider; give the query with which they come back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return urlencode({"code": code, "state": asked["state"], "iss": self.issuer, **changed})

    def asked_for(self, code: str) -> dict[str, str]:
        """Give what a code was asked for; it is good once."""
        return self._codes.pop(code)

    def id_token(self, asked: dict[str, str]) -> str:
        """Sign what is said of the person."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            **self.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            parts = [json.dumps({"alg": "none"}), json.dumps(said)]
            return ".".join([*(base64.urlsafe_b64encode(one.encode()).decode().rstrip("=") for one in parts), ""])
        return jwt.encode({"alg": self.algorithm, "kid": "k1"}, said, self.signing_key, algorithms=[self.algorithm])

    def sign_with_our_secret(self) -> None:
        """Sign as whoever knows our client secret could."""
        self.algorithm, self.signing_key = "HS256", OctKey.import_key(CLIENT_SECRET)


class _Answers(BaseHTTPRequestHandler):
    server: FakeProvider

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path.endswith("/.well-known/openid-configuration"):
            self._say(200, self.server.metadata)
        elif self.path.endswith("/keys"):
            self._say(200, {"keys": [self.server.key.as_dict(private=False)]})
        elif self.path.partition("?")[0].endswith("/authorize"):
            back = parse_qs(urlsplit(self.path).query)["redirect_uri"][0]
            self.send_response(302)
            self.send_header("Location", f"{back}?{self.server.agree(self.path)}")
            self.end_headers()
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        sent = {name: values[0] for name, values in parse_qs(self._body()).items()}
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self.server.asked_for(sent["code"])
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_right = (
            self.headers["Authorization"] == f"Basic {basic}"
            and challenge == asked["code_challenge"]
            and sent["redirect_uri"] == asked["redirect_uri"]
        )
        if not is_right:
            self._say(400, {"error": "invalid_grant"})
            return
        token = {"access_token": "a", "token_type": "Bearer", "id_token": self.server.id_token(asked)}
        self._say(200, token)

    def _body(self) -> str:
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def _say(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def identity_provider() -> Iterator[FakeProvider]:
    """Run one."""
    with FakeProvider() as provider:
        thread = threading.Thread(target=lambda: provider.serve_forever(poll_interval=0.02))
        thread.start()
        try:
            yield provider
        finally:
            provider.shutdown()
            thread.join()
