"""What a caller's `Authorization` header holds, and whether a token is one of ours. Pure."""

import hmac
import re
from collections.abc import Sequence

from mos.errors import RejectedError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_PRINTABLE = re.compile(r"[!-~]{1,8192}", re.ASCII)
_JWT_DOTS = 2


class UnauthenticatedError(RejectedError):
    """The token is missing, wrong or past its time."""

    reason = "unauthenticated"
    status = 401


def read_bearer(authorization: str | None) -> str:
    """Return the token of a `Bearer` header.

    Raises:
        UnauthenticatedError: the header is missing or of another form.
    """
    kind, _, token = (authorization or "").strip().partition(" ")
    token = token.strip()
    if kind.lower() != "bearer" or not _PRINTABLE.fullmatch(token):
        raise UnauthenticatedError("send Authorization: Bearer <token>")
    return token


def is_jwt(token: str) -> bool:
    """Say whether a token is an issuer's: three parts, and the first is no agent's name.

    The first part is the Base64 of a JSON object, and that always holds a capital letter.
    """
    head = token.partition(".")[0]
    return token.count(".") == _JWT_DOTS and not _NAME.fullmatch(head)


def split_token(token: str) -> tuple[str, str]:
    """Return the agent's name and the secret of a token of ours, `<agent>.<secret>`.

    Raises:
        UnauthenticatedError: it has another form.
    """
    name, _, secret = token.partition(".")
    if not secret or not _NAME.fullmatch(name):
        raise UnauthenticatedError("send Authorization: Bearer <agent>.<token>")
    return name, secret


def authenticate(secret: str, stored: Sequence[str]) -> None:
    """Accept a secret that equals one of the stored ones, in constant time.

    Raises:
        UnauthenticatedError: it equals none.
    """
    fits = [hmac.compare_digest(secret.encode(), held.encode()) for held in stored]
    if not any(fits):
        raise UnauthenticatedError("the token is wrong")
