"""What an answer of any provider means by its status, where its own words don't say more. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

from functions.action.channel import Busy, Channel, ProviderAnswer, Refused, Unsure
from mos.model.call import CallReply

_LOCKED, _BUSY, _DOWN = (401, 403), (408, 425, 429), 503
_WRONG, _BROKEN = 300, 500
Read = Callable[[CallReply, datetime], ProviderAnswer | None]
Answerless = Busy | Unsure | Refused
MENDING = timedelta(minutes=15)
"""How long to wait for a person who must mend something: a token, a property, a setting."""


def read_status(name: str, reply: CallReply, now: datetime) -> ProviderAnswer | None:
    """Return what a status says, None where the provider took the call.

    Who is not let in has been told nothing: an operator mends that, and it waits. What is broken
    (5xx but 503) may have been done.
    """
    if reply.status < _WRONG:
        return None
    until, said = reply.retry_at(now), f"{name} answered {reply.status}"
    if reply.status in _LOCKED:
        where = f"/mos/<stage>/action/{name}"
        return wait_for_mending(f"{said}: store one that opens it at {where}", now)
    if reply.status in _BUSY or reply.status == _DOWN:
        return Busy(said, until, whole=until is not None)
    if reply.status >= _BROKEN:
        return Unsure(said)
    return Refused(said)


def halt(why: str, now: datetime) -> Busy:
    """Return that the provider has stopped us: nothing leaves until a person says that it may."""
    return Busy(why, now + MENDING, halts=True)


def wait_for_mending(why: str, now: datetime) -> Busy:
    """Return that nothing leaves until a person has mended what `why` says."""
    return Busy(why, now + MENDING, whole=True)


def interpret(
    channel: Channel, reply: CallReply | Answerless, now: datetime, read: Read
) -> ProviderAnswer | None:
    """Return what a reply to taking something back means: nothing that we do not send is final."""
    if isinstance(reply, Refused):
        return wait_for_mending(reply.why, now)
    return read_answer(channel, reply, now, read) if isinstance(reply, CallReply) else reply


def read_answer(
    channel: Channel, reply: CallReply, now: datetime, read: Read
) -> ProviderAnswer | None:
    """Return what a channel reads in an answer; nobody knows what one of another form means."""
    try:
        return read(reply, now)
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        return Unsure(f"{channel.provider.name} answered in another form: {type(error).__name__}")
