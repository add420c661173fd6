"""Look over what a provider must have before anything leaves: nothing of it is made by us. Pure.

A channel says it of its provider: what to ask, and what the answers mean.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from functions.action.setup import PartFound, ask_setup
from mos.errors import RejectedError
from mos.model.call import Call, CallReply
from mos.ports import Exchange

_MISSING = 404


@dataclass(frozen=True)
class Preflight:
    """What can be looked at of a provider, given what the stage says to its channel (`place`).

    `plan` names the calls, `read` is given what was answered by these names: a thing that is not
    there is left out.
    """

    plan: Callable[[Mapping[str, str]], Mapping[str, Call]]
    read: Callable[[Mapping[str, str], Mapping[str, CallReply]], tuple[PartFound, ...]]


def look_over(
    preflight: Preflight, base: str, exchange: Exchange, place: Mapping[str, str]
) -> tuple[PartFound, ...]:
    """Return how each part stands.

    Raises:
        RejectedError: the provider refuses to show it, or the stage says too little.
        UnavailableError: it does not answer, or is busy: ask again.
    """
    found = dict[str, CallReply]()
    for name, call in preflight.plan(place).items():
        reply = ask_setup(call, base, exchange, may_lack=True)
        if reply.status != _MISSING:
            found[name] = reply
    return preflight.read(place, found)


class UnsaidError(RejectedError):
    """The stage does not say what a preflight needs to know; the text says who must say it."""

    reason = "provider_setup"
    status = 409
