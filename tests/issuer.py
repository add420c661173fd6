"""A local authorization server: it signs with real keys, and can turn them over or go away."""

import base64
import hmac
import json
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AUDIENCE = "https://mos.example/mcp"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def make_key(algorithm: str) -> PrivateKey:
    """Return a new key for an algorithm."""
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 2048)


def public_jwk(key: PrivateKey, algorithm: str, kid: str) -> dict[str, Any]:
    """Return the public half as issuers publish it."""
    found: dict[str, Any] = jwt.get_algorithm_by_name(algorithm).to_jwk(
        key.public_key(), as_dict=True
    )
    return found | {"kid": kid, "use": "sig", "alg": algorithm}


class Issuer:
    """Metadata, keys, and tokens as asked for. `asked` are the paths that were fetched."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[str, PrivateKey]] = {}
        self.asked: list[str] = []
        self.status = 200
        self.body: bytes | None = None
        self.redirect = ""
        self.metadata: dict[str, Any] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                self.send_response(302 if issuer.redirect else issuer.status)
                body = issuer.page(self.path)
                if issuer.redirect:
                    self.send_header("location", issuer.redirect)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.add_key("first", "RS256")
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def page(self, path: str) -> bytes:
        """Return what stands at a path."""
        if self.body is not None:
            return self.body
        if path == "/keys":
            public = [public_jwk(key, name, kid) for kid, (name, key) in self.keys.items()]
            return json.dumps({"keys": public}).encode()
        said = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        return json.dumps(said | self.metadata).encode()

    def add_key(self, kid: str, algorithm: str) -> None:
        """Publish another key."""
        self.keys[kid] = (algorithm, make_key(algorithm))

    def close(self) -> None:
        """Go away."""
        self._server.shutdown()
        self._server.server_close()

    def token(self, now: datetime, kid: str = "first", typ: str = "at+jwt", **claims: Any) -> str:
        """Return a token that is good, but for what is said otherwise; None leaves a claim out."""
        moment = int(now.timestamp())
        said = {
            "iss": self.url, "aud": AUDIENCE, "sub": "agent-7", "client_id": "app",
            "scope": "mos:read mos:propose", "iat": moment, "nbf": moment, "exp": moment + 300,
        } | claims  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        algorithm, key = self.keys[kid]
        return jwt.encode(said, key, algorithm, headers={"kid": kid, "typ": typ})


def forge(token: str, header: dict[str, Any], secret: bytes = b"") -> str:
    """Return a token's claims under another header, signed with a shared secret or not at all."""
    head = _packed(json.dumps(header).encode())
    signed = f"{head}.{token.split('.')[1]}"
    signature = hmac.digest(secret, signed.encode(), "sha256") if secret else b""
    return f"{signed}.{_packed(signature)}"


def public_pem(key: PrivateKey) -> bytes:
    """Return the public key as the text that a confused server would take for a secret."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
