"""Put a human's word in at the door, as signals like any other."""

from collections.abc import Sequence

from pydantic import ValidationError

from functions.agent.tool import Answer, Desk
from mos.errors import MalformedError
from mos.events import SignalReceived
from mos.model.base import Noun
from mos.model.signal import Identifier, Signal
from mos.model.view import Said


class Proposed(Noun):
    """What was put in at the door. `signal_ids` is empty where nothing was, as in a dry run.

    `withdrawn` are purposes that nobody may use any more, `compensate` what is to be put right by
    hand, `request_id` under what an erasure's receipts are found.
    """

    signal_ids: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    compensate: tuple[str, ...] = ()
    request_id: str | None = None


def propose(signals: Sequence[Signal], text: str, desk: Desk, **data: object) -> Answer:
    """Queue the signals and say how to follow them."""
    bodies = [SignalReceived.of(s).model_dump_json(exclude_defaults=True) for s in signals]
    desk.signals.send(bodies)
    ids = tuple(s.signal_id for s in signals)
    said = Said.of(f"{text} Follow it with `trace` {ids[0]}.", *ids[:5])
    return Answer(Proposed.model_validate({"signal_ids": ids, **data}), (said,))


def identifier(key: str) -> Identifier:
    """Return `type:value`, or a mailbox, as an identifier.

    >>> identifier(" Jane@Acme.example").key
    'email:jane@acme.example'

    Raises:
        MalformedError: it is neither.
    """
    asked = key.strip()
    asked = asked.lower() if "@" in asked else asked
    kind, _, value = (asked if ":" in asked else f"email:{asked}").partition(":")
    try:
        return Identifier(type=kind, value=value)
    except ValidationError:
        raise MalformedError(
            "an identifier is a mailbox, or type:value such as user_id:42"
        ) from None
