"""What follows from how an answer was read, wherever that was found out. Pure."""

from dataclasses import dataclass

from mos.model.consent import ConsentGrant, Purpose
from mos.model.signal import AUTO_REPLY, Actor, Signal, SignalKind
from mos.reply.kind import OF_MACHINES, REPLY, ReplyKind, read_kind

WITHDRAWN = (ConsentGrant(purpose=Purpose.EMAIL_MARKETING, granted=False),)


@dataclass(frozen=True)
class ReplyEffect:
    """What an answer is as a signal: its kind, what it withdraws, whether nobody gave it."""

    kind: SignalKind = SignalKind.EMAIL_REPLIED
    consent: tuple[ConsentGrant, ...] = ()
    machine_reason: str = ""


def find_effect(kind: ReplyKind) -> ReplyEffect:
    """Return what an answer of this kind is.

    Who wants no more mail withdraws; what a machine answered, or a stranger spread, moves nothing.
    """
    if kind is ReplyKind.UNSUBSCRIBE:
        return ReplyEffect(SignalKind.EMAIL_UNSUBSCRIBED, WITHDRAWN)
    if kind in OF_MACHINES:
        return ReplyEffect(machine_reason=f"{AUTO_REPLY}: {kind.value}")
    return ReplyEffect()


def read_as(signal: Signal, kind: ReplyKind, by: str) -> Signal:
    """Return an answer as it is seen once somebody has read it; what was sure stays."""
    if signal.kind is not SignalKind.EMAIL_REPLIED or signal.properties.get("reply_sure") is True:
        return signal
    effect = find_effect(kind)
    machine = {"actor": Actor.MACHINE, "actor_reason": effect.machine_reason}
    return signal.model_copy(
        update={
            "kind": effect.kind,
            "consent": (*signal.consent, *effect.consent),
            "properties": {**signal.properties, REPLY: kind.value, "reply_by": by},
            **(machine if effect.machine_reason else {}),
        }
    )


def kind_of(signal: Signal) -> ReplyKind | None:
    """Return what kind of answer a signal is, None where it is none or nobody has read it."""
    is_answer = signal.kind in {SignalKind.EMAIL_REPLIED, SignalKind.EMAIL_UNSUBSCRIBED}
    return read_kind(signal.properties.get(REPLY)) if is_answer else None
