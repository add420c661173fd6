"""Put a human's word in at the door, as signals like any other."""

from collections.abc import Sequence

from functions.agent.tool import Answer, Desk
from mos.events import SignalReceived
from mos.model.signal import Identifier, Signal


def propose(signals: Sequence[Signal], text: str, desk: Desk, **data: object) -> Answer:
    """Queue the signals and say how to follow them."""
    bodies = [SignalReceived.of(s).model_dump_json(exclude_defaults=True) for s in signals]
    desk.signals.send(bodies)
    ids = [s.signal_id for s in signals]
    return Answer(text=f"{text} Follow it with trace {ids[0]}.", data={"signal_ids": ids, **data})


def identifier(key: str) -> Identifier:
    """Return `type:value`, or a mailbox, as an identifier.

    >>> identifier(" Jane@Acme.example").key
    'email:jane@acme.example'
    """
    asked = key.strip()
    asked = asked.lower() if "@" in asked else asked
    kind, _, value = (asked if ":" in asked else f"email:{asked}").partition(":")
    return Identifier(type=kind, value=value)
