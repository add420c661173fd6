"""What a provider must be given before a channel can use it: looked at, named, made on request.

A channel says it of its provider; nothing here knows which. Errors say who must act.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from mos.errors import RejectedError, UnavailableError
from mos.model.call import Call, CallReply, SignedAuthority
from mos.ports import Exchange

_WRONG, _LOCKED, _FORBIDDEN, _LACKING, _BUSY, _BROKEN = 300, 401, 403, 404, 429, 500


class SetupError(RejectedError):
    """A provider will not show, or make, what it needs; the text says who must act."""

    reason = "provider_setup"
    status = 409


class PartState(StrEnum):
    """How a part stands: `wrong` is there, and of another form than it must have.

    `unknown` is what nobody here can look at.
    """

    THERE = "there"
    MISSING = "missing"
    WRONG = "wrong"
    MADE = "made"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Part:
    """One thing that a provider must have, and what for; another is merely useful."""

    name: str
    why: str
    is_needed: bool = True


@dataclass(frozen=True)
class PartFound:
    """A part and how it stands; `says` is what a person must do about one that is wrong."""

    part: Part
    state: PartState
    says: str = ""


@dataclass(frozen=True)
class Setup:
    """What a provider must have. `look` asks for what it has; all URLs begin with `/`.

    `read` returns what it has of these parts, each with what is wrong with it, or nothing; `make`
    the call that makes one, given the answer to `look`.
    """

    parts: tuple[Part, ...]
    look: Call
    read: Callable[[CallReply], Mapping[str, str]]
    make: Callable[[Part, CallReply], Call]


def check_setup(
    setup: Setup, base: str, exchange: Exchange, *, is_create: bool
) -> tuple[PartFound, ...]:
    """Return how each part stands at a provider; with `is_create` what is missing is made.

    Raises:
        SetupError: the provider refuses it: the text says who must act.
        UnavailableError: it does not answer, or is busy: ask again.
        RejectedError: nothing is stored that opens it.
    """
    reply = ask_setup(setup.look, base, exchange)
    known = setup.read(reply)
    found = []
    for part in setup.parts:
        if part.name in known:
            wrong = known[part.name]
            state = PartState.WRONG if wrong else PartState.THERE
            found.append(PartFound(part, state, wrong))
        elif is_create:
            ask_setup(setup.make(part, reply), base, exchange)
            found.append(PartFound(part, PartState.MADE))
        else:
            found.append(PartFound(part, PartState.MISSING))
    return tuple(found)


def ask_setup(call: Call, base: str, exchange: Exchange, *, may_lack: bool = False) -> CallReply:
    """Return what a provider answered; with `may_lack` also that it has no such thing.

    Raises:
        SetupError: it refuses: the text says who must act.
        UnavailableError: it does not answer, or is busy: ask again.
    """
    reply = exchange.exchange(replace(call, url=base + call.url))
    name, status = call.provider, reply.status
    if status < _WRONG or (may_lack and status == _LACKING):
        return reply
    if isinstance(call.authority, SignedAuthority) and status in (_LOCKED, _FORBIDDEN):
        raise SetupError(
            f"{name} answered {status}: whoever administers AWS must let you call "
            f"{call.method} {call.url.partition('?')[0]} there"
        )
    if status == _LOCKED:
        raise SetupError(
            f"{name} answered 401: whoever runs this stage must store a token that opens it, at "
            f"/mos/<stage>/action/{name}"
        )
    if status == _FORBIDDEN:
        raise SetupError(
            f"{name} answered 403: whoever administers the app at {name} must give its token the "
            f"rights to read and to write what {call.url.partition('?')[0]} holds"
        )
    if status == _BUSY or status >= _BROKEN:
        raise UnavailableError(name, f"answered {status}: ask again in a minute")
    raise SetupError(f"{name} answered {status} to {call.method} {call.url}: {_why(reply)}")


def _why(reply: CallReply) -> str:
    try:
        said = reply.read_json("")
    except UnavailableError:
        return "it says no more"
    return str(said.get("message") or "it says no more")[:200] if isinstance(said, dict) else ""
