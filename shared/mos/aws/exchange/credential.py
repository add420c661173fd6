"""By what right a call is made: a stored token, AWS's signature, or one that is fetched first."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from mos.aws.exchange.address import BlockedCallError
from mos.aws.exchange.standard_webhook import sign_webhook
from mos.errors import RejectedError, UnavailableError
from mos.model.call import (
    BasicAuthority,
    BearerAuthority,
    Call,
    CallReply,
    NoAuthority,
    OAuthAuthority,
    SignedAuthority,
    WebhookAuthority,
)
from mos.ports import Secrets

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_SECONDS, _USUAL_SECONDS, _EARLY = 180, 900, 60
_OK, _REFUSED = 200, (400, 401, 403)
Send = Callable[[Call, Mapping[str, str]], CallReply]
"""Sends a call with these headers."""


class CredentialError(RejectedError):
    """What is stored does not open the provider; the text says what must be stored where."""

    reason = "credential"
    status = 403


class Credentials:
    """Headers that say who calls. Tokens that were fetched are kept until they end."""

    def __init__(self, secrets: Secrets, send: Send) -> None:
        self._secrets, self._send = secrets, send
        self._tokens: dict[OAuthAuthority, tuple[float, str]] = {}

    def find_headers(self, call: Call) -> dict[str, str]:
        """Return the headers that a call needs to be let in.

        Raises:
            CredentialError: nothing is stored, or the issuer refuses what is.
            UnavailableError: the issuer does not answer.
        """
        match call.authority:
            case NoAuthority():
                return {}
            case BearerAuthority(secret):
                return {"authorization": f"Bearer {self._read(secret)}"}
            case BasicAuthority(secret):
                packed = base64.b64encode(self._read(secret).encode()).decode()
                return {"authorization": f"Basic {packed}"}
            case SignedAuthority(service, region):
                return sign(call, service, region)
            case WebhookAuthority(secret, message_id):
                known, body = self._read_all(secret), call.body or b""
                return sign_webhook(message_id, int(time.time()), body, known, secret)
            case OAuthAuthority():
                return {"authorization": f"Bearer {self._token(call.authority, call)}"}

    def find_login(self, call: Call) -> tuple[str, str] | None:
        """Return the user and the password that a call needs to be let in; None: it needs none.

        Raises:
            CredentialError: nothing is stored.
        """
        if not isinstance(call.authority, BasicAuthority):
            return None
        user, _, password = self._read(call.authority.secret).partition(":")
        return user, password

    def forget(self, call: Call) -> bool:
        """Let go of a token that was refused; say whether another can be fetched."""
        authority = call.authority
        return isinstance(authority, OAuthAuthority) and bool(self._tokens.pop(authority, None))

    def _read(self, name: str) -> str:
        return self._read_all(name)[0]

    def _read_all(self, name: str) -> tuple[str, ...]:
        found = self._secrets.read(name)
        if not found:
            raise CredentialError(f"store a secret at /mos/<stage>/{name} first")
        return found

    def _token(self, authority: OAuthAuthority, call: Call) -> str:
        provider = call.provider
        kept = self._tokens.get(authority)
        if kept and time.monotonic() < kept[0]:
            return kept[1]
        stored = self._parse(authority.secret)
        body = urlencode(write_grant(authority, stored, int(time.time()))).encode()
        kind = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        # Asked for again, a token is another token: nothing is done twice.
        asked = Call(
            provider, "POST", authority.token_url, kind, body,
            seconds=call.seconds, only_reads=True,
        )  # fmt: skip
        reply = self._send(asked, {})
        if reply.status in _REFUSED:
            raise CredentialError(f"{authority.secret}: {_why(reply)}: store what the issuer takes")
        said = reply.read_json(provider) if reply.status == _OK else {}
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token:
            raise UnavailableError(provider, f"its issuer answered {reply.status} without a token")
        seconds = _count_seconds(said.get("expires_in"))
        self._tokens[authority] = (time.monotonic() + seconds - _EARLY, token)
        return token

    def _parse(self, name: str) -> dict[str, Any]:
        try:
            stored = json.loads(self._read(name))
        except ValueError:
            stored = None
        if not isinstance(stored, dict):
            raise CredentialError(f"/mos/<stage>/{name}: expected one line of JSON with client_id")
        return stored


def write_grant(authority: OAuthAuthority, stored: Mapping[str, Any], now: int) -> dict[str, str]:
    """Return the form that asks for a token.

    Raises:
        CredentialError: what is stored lacks something, or holds no key.
    """
    scope = {"scope": authority.scope} if authority.scope else {}
    try:
        if "private_key" in stored:
            claims = {
                "iss": stored["client_id"],
                "sub": stored["subject"],
                "aud": authority.audience,
                "exp": now + _ASSERTION_SECONDS,
            }
            return {
                "grant_type": _GRANT,
                "assertion": _assert(claims, stored["private_key"]),
            } | scope
        return {
            "grant_type": "refresh_token",
            "refresh_token": str(stored["refresh_token"]),
            "client_id": str(stored["client_id"]),
            "client_secret": str(stored["client_secret"]),
        } | scope
    except KeyError as error:
        raise CredentialError(f"/mos/<stage>/{authority.secret}: lacks {error}") from None


def _assert(claims: Mapping[str, Any], key: str) -> str:
    import jwt  # noqa: PLC0415  only who signs assertions pays for cryptography

    try:
        return jwt.encode(dict(claims), key, algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError):
        raise CredentialError("private_key: expected an RSA key in PEM") from None


def sign(call: Call, service: str, region: str) -> dict[str, str]:
    """Return a call's headers with AWS's signature, by the role of whoever runs this.

    Raises:
        UnavailableError: there is no role to sign by.
    """
    from botocore.auth import S3SigV4Auth, SigV4Auth  # noqa: PLC0415  few calls go to AWS
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.session import get_session  # noqa: PLC0415

    found = get_session().get_credentials()
    if found is None:
        raise UnavailableError("aws", "no credentials to sign with")
    request = AWSRequest(call.method, call.url, headers=dict(call.headers), data=call.body or b"")
    auth = S3SigV4Auth if service == "s3" else SigV4Auth
    auth(found.get_frozen_credentials(), service, region).add_auth(request)
    signed = {name.lower(): str(value) for name, value in request.headers.items()}
    if "authorization" not in signed:
        raise BlockedCallError("the call could not be signed")
    return signed


def _count_seconds(said: object) -> float:
    try:
        seconds = float(said)  # type: ignore[arg-type]  # whatever an issuer wrote
    except (TypeError, ValueError):
        return _USUAL_SECONDS
    return min(max(seconds, _EARLY + 1.0), 86_400.0) if seconds == seconds else _USUAL_SECONDS  # noqa: PLR0124  NaN


def _why(reply: CallReply) -> str:
    """Return the issuer's own code (RFC 6749 section 5.2), and nothing else of what it said."""
    try:
        code = json.loads(reply.body)["error"]
    except (ValueError, KeyError, TypeError):
        return f"answered {reply.status}"
    return str(code)[:60] if str(code).replace("_", "").isalnum() else f"answered {reply.status}"
