"""Which signals say that somebody saw an ad of ours. Pure."""

from mos.events import SignalReceived, TouchObserved
from mos.model.signal import Actor, Signal, SignalKind
from mos.model.touched import IMPRESSION
from mos.policy.bundle.bundle import Bundle
from mos.policy.fact_values import listed


def is_impression(signal: Signal, bundle: Bundle) -> bool:
    """Say whether a signal tells of an ad that this one person saw.

    The bundle says by which names. What anybody can have sent is none, nor what a machine loaded;
    and a provider's sums over an audience name nobody, so nobody is guessed from them.
    """
    if signal.kind is not SignalKind.TRACK or signal.is_anybodys or signal.is_test:
        return False
    named = signal.name in listed("impression_signals", bundle)
    return named and signal.actor is not Actor.MACHINE


def tell_impression(
    signal: Signal, person_id: str, group_id: str, account_id: str, bundle: Bundle
) -> list[TouchObserved]:
    """Return the paid touch in a signal; none where it is no impression, or weighs nothing."""
    if not is_impression(signal, bundle):
        return []
    stated = "impression_weight" in bundle.parameters
    weight = min(1.0, bundle.number("impression_weight")) if stated else 0.0
    told = TouchObserved.following(
        SignalReceived.of(signal),
        occurred_at=signal.occurred_at,
        signal_id=signal.signal_id,
        person_id=person_id,
        group_id=group_id,
        account_id=account_id,
        channel=IMPRESSION,
        weight=weight,
    )
    return [told] if weight > 0 else []
