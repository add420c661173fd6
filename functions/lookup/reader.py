"""What a reader is: how one system's records are asked for. Pure: it yields calls, sends none."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mos.errors import RejectedError, UnavailableError
from mos.model.call import Authority, Call, CallReply
from mos.model.lookup import RecordName

Json = Any
"""A value of a provider's JSON."""


@dataclass(frozen=True)
class Question:
    """Which records of one type are asked for, at which address and by what right.

    `fields` are wanted beside the usual ones.
    """

    system: str
    tenant: str
    object: str
    ids: tuple[str, ...]
    base: str
    authority: Authority
    fields: tuple[str, ...] = ()

    def name(self, record_id: str, kind: str = "") -> RecordName:
        """Return the name of one of this tenant's records."""
        return RecordName(
            system=self.system,
            object=kind or self.object,
            record_id=record_id,
            tenant=self.tenant,
        )


@dataclass(frozen=True)
class Answer:
    """What was found: records as they came, and those asked for that the system does not know."""

    found: Mapping[RecordName, Json] = field(default_factory=dict)
    missing: tuple[RecordName, ...] = ()


Asking = Generator[Call, CallReply, Answer]
"""A conversation: calls out, each one's reply in, at its end the answer."""


@dataclass(frozen=True)
class Reader:
    """One system: a file in `readers/` of the source's name exports one of these.

    `base` is its address; empty where each tenant has its own, which ends in one of `suffixes`.
    `hosts` are others that tokens come from. `authority` says by what right the secret of a name
    opens it. `most` records are asked for at once.
    """

    base: str
    authority: Callable[[str, str], Authority]
    ask: Callable[[Question], Asking]
    most: int = 1
    hosts: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()


class BusyError(UnavailableError):
    """A system wants to be left alone for a while."""

    def __init__(self, system: str, seconds: float, why: str) -> None:
        super().__init__(system, why)
        self.seconds = seconds


class RefusedReadError(RejectedError):
    """A system does not let us read: the text says who must do what."""

    reason = "read_refused"
    status = 403


class SpoiltQuestionError(RefusedReadError):
    """Something in a question is wrong: where it names many records, the others can be read."""


def find_wait(reply: CallReply, usual: float) -> float:
    """Return for how many seconds a busy system wants to be left alone.

    Some clients of HubSpot's have seen `Retry-After` in milliseconds: above 600 it is.

    >>> find_wait(CallReply(429, {"retry-after": "120"}), 10)
    120.0
    >>> find_wait(CallReply(429, {"retry-after": "1500"}), 10)
    1.5
    >>> find_wait(CallReply(429), 10)
    10
    """
    said = reply.headers.get("retry-after", "").strip()
    if not (said.isascii() and said.isdigit()):
        return usual
    seconds = float(said[:9])
    return seconds / 1000 if seconds > _IN_MILLISECONDS else seconds


_IN_MILLISECONDS = 600
