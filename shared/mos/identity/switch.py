"""A word that something is stopped, or may leave again: a signal like any other. Pure."""

from mos.identity.correction import OPERATOR
from mos.model.base import derive_id
from mos.model.signal import Actor, Signal, SignalKind, Trust
from mos.model.switch import Switch


def set_switch(switch: Switch) -> Signal:
    """Return the signal by which a switch is set. It names nobody, and moves no person."""
    kind = SignalKind.SWITCH_SET
    return Signal(
        signal_id=derive_id("sig", OPERATOR, kind.value, switch.canonical()),
        source=OPERATOR,
        kind=kind,
        name=kind.value,
        occurred_at=switch.at,
        received_at=switch.at,
        properties={"switch": switch.canonical(), "by": switch.by},
        trust=Trust.SIGNED,
        actor=Actor.HUMAN,
        actor_reason=OPERATOR,
    )


def read_switch(signal: Signal) -> Switch | None:
    """Return the switch that a signal sets; None where it cannot be read."""
    try:
        return Switch.parse(str(signal.properties.get("switch") or ""))
    except ValueError:
        return None
