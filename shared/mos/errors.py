"""Errors, split by who must act."""

from collections.abc import Sequence


class MosError(Exception):
    """The root of every error that this system raises on purpose."""


class RejectedError(MosError):
    """The sender's fault: answer 4xx, never retry.

    `reason` is a stable code that a machine can match; `detail` says who must do what.
    """

    reason = "rejected"
    status = 400

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class MalformedError(RejectedError):
    """The input is not what its format says it is."""

    reason = "malformed"


class OversizedError(RejectedError):
    """A record is larger than its store can hold: trying again would not make it smaller."""

    reason = "oversized"

    def __init__(self, what: str, size: int, limit: int) -> None:
        super().__init__(f"{what} takes {size} bytes, the store holds {limit}")


class OverfullError(RejectedError):
    """Somebody would come to hold more of something than one person can."""

    reason = "overfull"

    def __init__(self, person: str, what: str, limit: int) -> None:
        super().__init__(f"{person} would hold more than {limit} {what}")


class EndlessError(RejectedError):
    """Redirects lead in a circle or never end: somebody has written them by hand."""

    reason = "endless_redirect"

    def __init__(self, person: str) -> None:
        super().__init__(f"the redirects of {person} lead to nobody")
        self.person = person


class UnavailableError(MosError):
    """A dependency did not answer: raise, and let the queue or the workflow retry."""

    def __init__(self, dependency: str, detail: str = "") -> None:
        super().__init__(f"{dependency} is unavailable{': ' + detail if detail else ''}")
        self.dependency = dependency


class UncertainError(MosError):
    """A provider may or may not have taken what was sent: never send it again, reconcile."""

    def __init__(self, provider: str, detail: str) -> None:
        super().__init__(f"{provider} may have taken it: {detail}")
        self.provider = provider


class ContendedError(UnavailableError):
    """Another transaction holds the record right now: look again, or let the queue retry."""

    def __init__(self, dependency: str) -> None:
        super().__init__(dependency, "another transaction holds the record")


PASSING = (UnavailableError, ContendedError)
"""What passes by itself: queue and workflow try again. Errors leave a function by their class."""


class ConflictError(MosError):
    """Somebody else wrote the record first: load it again and think again."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} was changed by another writer")
        self.key = key


class LimitReachedError(MosError):
    """A budget or cap has no room left; `key` names the counter."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} has reached its limit")
        self.key = key


class BundleError(MosError):
    """A policy bundle is wrong: names file, place and what was expected."""

    def __init__(self, file: str, detail: str) -> None:
        super().__init__(f"{file}: {detail}")
        self.file = file
        self.detail = detail


class ReportError(MosError):
    """A candidate bundle may not ship: it has no impact report that lets it."""

    def __init__(self, candidate: str, detail: str) -> None:
        super().__init__(f"{candidate[:12]} may not ship: {detail}; run `mos rehearse --sign`")
        self.candidate = candidate
        self.detail = detail


class UnvouchedError(MosError):
    """A candidate bundle loosens something, or cannot be rehearsed: two people stand for it."""

    def __init__(self, candidate: str, eyes: Sequence[str], said: str) -> None:
        shown = "".join(f"\n  - {line}" for line in eyes)
        super().__init__(
            f"{candidate[:12]} wants the word of two people who did not propose it ({said}): "
            f'`mos policy vouch {candidate[:12]} NAME --why "…"`{shown}'
        )
        self.candidate = candidate
        self.eyes = tuple(eyes)


class UnevaluatedError(MosError):
    """A bundle changes what a task asks of models, and no evaluation lets it ship."""

    def __init__(self, task: str, detail: str) -> None:
        run = f"run `mos prompt eval {task} --against active --sign`"
        super().__init__(f"task {task} may not change: {detail}; {run}")
        self.task = task
        self.detail = detail


class CanaryError(MosError):
    """A canary runs already: only one does at a time."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"the canary of {digest[:12]} runs; end it first")
        self.digest = digest


class MissingError(MosError):
    """A record that must exist does not."""

    def __init__(self, what: str) -> None:
        super().__init__(f"there is no {what}")
        self.what = what


def parked_reason(error: Exception) -> str:
    """Return why something is put aside: a stable code, a colon, the details."""
    if isinstance(error, RejectedError):
        return f"{error.reason}: {error.detail}"[:500]
    return f"unholdable: {type(error).__name__} {error}"[:500]
