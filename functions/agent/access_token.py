"""Whether an issuer's token is genuine, meant for us, and in its time. Pure."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt

from functions.agent.address import Address
from functions.agent.claims import Claims, Jwk, Keys
from functions.agent.credentials import UnauthenticatedError

_KINDS = {"RS256": ("RSA", None), "ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}
"""What we take, and the kind of key that each is made with: never `none`, never a shared secret."""
_TYPES = frozenset({"", "jwt", "at+jwt", "application/at+jwt"})
_LEEWAY = 30.0
_SHORTEST = 342
"""Characters of an RSA modulus of 2,048 bits, in Base64."""
_SIGNATURE_ALONE: Any = {
    "verify_signature": True,
    **dict.fromkeys(
        ("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss", "verify_sub",
         "verify_jti"), False,
    ),
}  # fmt: skip


def verify(token: str, keys: Keys, address: Address, now: datetime) -> Claims:
    """Return what a token claims, once its signature, audience and times are right.

    Raises:
        UnauthenticatedError: it is not genuine, not for us, or not valid now.
        UnavailableError: the issuer's keys cannot be had.
    """
    algorithm, kid = _read_header(token)
    fitting = [key for key in keys.find(kid, now) if _fits(key, algorithm)]
    if len(fitting) != 1:
        raise UnauthenticatedError("the token names no key of its issuer's")
    said = _decode(token, fitting[0], algorithm)
    _check_names(said, address)
    _check_times(said, now.timestamp())
    subject = said.get("sub")
    if not isinstance(subject, str) or not subject:
        raise UnauthenticatedError("the token has no subject")
    client = said.get("client_id") or said.get("azp") or ""
    return Claims(subject, client if isinstance(client, str) else "", _read_scopes(said))


def _read_header(token: str) -> tuple[str, str]:
    """Return the algorithm and the key's id; what must be understood and isn't is refused."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, RecursionError):
        raise UnauthenticatedError("the token is no JWT") from None
    algorithm, kid, kind = header.get("alg"), header.get("kid", ""), header.get("typ", "")
    if algorithm not in _KINDS:
        raise UnauthenticatedError(f"the token must be signed with {', '.join(_KINDS)}")
    if "crit" in header or not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise UnauthenticatedError("the token is no access token")
    return str(algorithm), kid if isinstance(kid, str) else ""


def _fits(key: Jwk, algorithm: str) -> bool:
    """Say whether a key is for signatures of this algorithm."""
    kind, curve = _KINDS[algorithm]
    operations = key.get("key_ops")
    return (
        key.get("kty") == kind
        and (key.get("crv") == curve if curve else len(str(key.get("n", ""))) >= _SHORTEST)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (operations is None or (isinstance(operations, list) and "verify" in operations))
    )


def _decode(token: str, key: Jwk, algorithm: str) -> dict[str, Any]:
    try:
        public = jwt.PyJWK(dict(key), algorithm=algorithm)
        found = jwt.decode(token, public, algorithms=[algorithm], options=_SIGNATURE_ALONE)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise UnauthenticatedError("the token's signature is wrong") from None
    return dict(found)


def _check_names(said: Mapping[str, Any], address: Address) -> None:
    if said.get("iss") != address.issuer:
        raise UnauthenticatedError("the token comes from another issuer")
    audience = said.get("aud")
    meant = [audience] if isinstance(audience, str) else audience
    if not isinstance(meant, list) or not set(map(str, meant)) & set(address.audience):
        raise UnauthenticatedError("the token is meant for another server")
    if said.get("token_use", "access") != "access":
        raise UnauthenticatedError("the token is no access token")


def _check_times(said: Mapping[str, Any], now: float) -> None:
    ends, begins, made = (_read_time(said, name) for name in ("exp", "nbf", "iat"))
    if ends is None or ends + _LEEWAY <= now:
        raise UnauthenticatedError("the token has expired, or says not when it will")
    if any(moment is not None and moment - _LEEWAY > now for moment in (begins, made)):
        raise UnauthenticatedError("the token is not valid yet")


def _read_time(said: Mapping[str, Any], name: str) -> float | None:
    """Return a time of a token, in seconds.

    Raises:
        UnauthenticatedError: it is there, and no number.
    """
    found = said.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise UnauthenticatedError(f"the token's {name} is no time")
    return float(found)


def _read_scopes(said: Mapping[str, Any]) -> frozenset[str]:
    """Return the scopes, which issuers write in one of two ways."""
    found = said.get("scope", said.get("scp"))
    if isinstance(found, str):
        return frozenset(found.split())
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()
