"""Lookup Lambda: records that notices say too little of in, what their systems say of them out."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

from functions.lookup.read import Exchange, list_hosts, read
from mos.aws.bundles import bundles
from mos.aws.exchange.address import Egress
from mos.aws.exchange.exchange import Exchange as Door
from mos.aws.queue import queue
from mos.aws.secrets import secrets
from mos.events import ReadNeeded, SignalReceived
from mos.model.base import derive_id
from mos.model.lookup import state_need
from mos.model.signal import Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle
from mos.policy.source_system import open_systems
from mos.ports import Moment, Queue
from mos.runtime import Waits, logger, on_queue, tally

_REASON = 300
Park = Callable[[str, str], None]
Address = Callable[[str], str | None]


def step(
    events: Mapping[str, ReadNeeded],
    moment: Moment,
    bundle: Bundle,
    exchange: Exchange,
    answers: Queue,
    park: Park,
    address: Address,
) -> Waits:
    """Ask, send in what was answered, put aside what was refused; return what must come again.

    What was refused is parked with who must do what: redriven, it asks again.
    """
    made = read(events, bundle, exchange, address)
    if made.answers:
        answers.send([one.model_dump_json(exclude_defaults=True) for one in made.answers])
    for message, why in made.refused.items():
        event = events[message]
        logger().warning("read_refused", extra={"system": event.record.system, "why": why[:300]})
        park(SignalReceived.of(ask_again(event, moment.now)).canonical(), why)
    if made.again:
        logger().info("read_again", extra={"count": len(made.again)})
    tally(given=len(made.answers), parked=len(made.refused))
    return made.again


def ask_again(event: ReadNeeded, now: datetime) -> Signal:
    """Return the signal that, redriven, has a record asked for once more."""
    record = event.record
    said = state_need(event.why, record.object, record.record_id)
    return Signal(
        signal_id=derive_id("sig", "lookup", event.event_id),
        source=record.system,
        kind=SignalKind.UNMAPPED,
        name="read.again",
        occurred_at=event.occurred_at,
        received_at=now,
        properties={**said, **({"tenant": record.tenant} if record.tenant else {})},
        trust=Trust.SIGNED,
    )


def find_address(system: str) -> str | None:
    """Return where the workbench has put a system, if it has."""
    return os.environ.get(f"MOS_PROVIDER_{system.replace('-', '').upper()}") or None


@cache
def _open_door(hosts: frozenset[str], *, on_loopback: bool) -> Door:
    return Door(Egress(hosts, loopback=on_loopback), secrets())


def _step(events: Mapping[str, ReadNeeded], moment: Moment) -> Waits:
    bundle = bundles().active()
    systems = open_systems(bundle)
    on_loopback = any((find_address(name) or "").startswith("http://") for name in systems)
    door = _open_door(list_hosts(systems.values()), on_loopback=on_loopback)
    return step(
        events, moment, bundle, door.exchange, queue("answers"),
        _park, find_address,
    )  # fmt: skip


def _park(body: str, why: str) -> None:
    # SQS refuses some characters in attributes.
    plain = "".join(c if " " <= c <= "~" else "?" for c in why)[:_REASON]
    queue("parked").send([body], plain)


handler = on_queue(
    ReadNeeded,
    _step,
    _park,
    lambda receipt, seconds: queue("lookups").postpone(receipt, seconds),
)
