"""Why a request is turned away. Each says who must do what; the sender sees only the code."""

from mos.errors import MalformedError, RejectedError


class UnknownSourceError(RejectedError):
    """No door has this name."""

    reason = "unknown_source"
    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no source {name[:64]!r}: check the path of the request")


class TooLargeError(RejectedError):
    """The body is larger than any genuine sender's."""

    reason = "too_large"
    status = 413

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the body has {size} bytes, the limit is {limit}: send smaller batches")


class OverLimitError(RejectedError):
    """A call or a batch is larger than the Segment spec allows.

    The answer is 400, as Segment's own is: its libraries never send that again, whatever their
    version.
    """

    reason = "too_large"

    def __init__(self, what: str, size: int, limit: int) -> None:
        super().__init__(f"{what} has {size} bytes, the limit is {limit}: send less at once")


class SpoiltError(MalformedError):
    """A packed body was taken for text on its way: nothing can be read from it any more."""

    reason = "spoilt"

    def __init__(self) -> None:
        super().__init__(
            "the packed body was taken for text on its way: turn gzip off in the sender's library, "
            "or let whatever stands before the function pass bytes on"
        )


class ImpossibleTimeError(MalformedError):
    """A time at which nothing of this can have happened."""

    reason = "impossible_time"

    def __init__(self, year: int) -> None:
        super().__init__(f"the time lies in the year {year}, before 1970: check the sender's unit")


class MissingHeaderError(RejectedError):
    """The header that proves the sender is not there."""

    reason = "missing_header"
    status = 401

    def __init__(self, header: str) -> None:
        super().__init__(f"the header {header} is missing: the sender must sign its requests")
        self.header = header


class BadSignatureError(RejectedError):
    """The proof fits none of the secrets."""

    reason = "bad_signature"
    status = 401


class NoSecretError(BadSignatureError):
    """The operator has not stored the secret of this source."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"no secret is known for {source}: the operator must store "
            f"/mos/<stage>/webhook/{source}, or pass --secret to `mos webhook check`"
        )


class UnusableSecretError(BadSignatureError):
    """What the operator has stored can be no key: the sender is not to blame."""

    def __init__(self, source: str, wanted: str) -> None:
        super().__init__(
            f"no secret stored for {source} can be a key: the operator must store {wanted} "
            f"under /mos/<stage>/webhook/{source}"
        )


class BadTokenError(BadSignatureError):
    """A handshake carried another token than ours."""

    status = 403


class StaleError(RejectedError):
    """The request was signed too long ago, or in the future."""

    reason = "stale"
    status = 401
