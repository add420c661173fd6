"""A refusal as it travels between functions, and the error that it is again on the other side."""

from collections.abc import Mapping
from typing import Any

from mos.errors import (
    ConflictError,
    LimitReachedError,
    MalformedError,
    MissingError,
    MosError,
    RejectedError,
    UnavailableError,
)
from mos.model.plain_text import make_plain_lines

_NOTHING = "there is no "
_AGAIN = (LimitReachedError, UnavailableError, ConflictError)
_CODES: dict[type[MosError], str] = {
    MissingError: "missing",
    LimitReachedError: "rate_limited",
    UnavailableError: "unavailable",
    ConflictError: "unavailable",
}


class RefusedError(RejectedError):
    """Somebody else refused: their reason as a code, and their sentence."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def describe_refusal(error: MosError) -> dict[str, Any]:
    """Return a refusal as a machine reads it: a code, a sentence, and whether to try again."""
    reason = getattr(error, "reason", "")
    for kind, code in _CODES.items():
        reason = code if isinstance(error, kind) else reason
    return {
        "reason": reason or "refused",
        "detail": make_plain_lines(str(error)),
        "retry": isinstance(error, _AGAIN),
    }


def read_reply(reply: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer says, without its mark that it is one.

    Raises:
        MalformedError: the question was refused as malformed.
        MissingError: what it is about is not there.
        RefusedError: it was refused for another reason.
    """
    if reply.get("ok"):
        return {name: value for name, value in reply.items() if name != "ok"}
    reason, detail = str(reply.get("reason")), str(reply.get("detail"))
    if reason == "missing":
        raise MissingError(detail.removeprefix(_NOTHING))
    raise MalformedError(detail) if reason == "malformed" else RefusedError(reason, detail)
