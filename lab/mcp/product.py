"""The product's own door over a system in memory, with one story played into it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from functions.agent.address import Address
from functions.agent.door import AgentDoor
from functions.agent.reception import Reception
from lab.system import InProcessSystem
from mos.memory.secrets import FakeSecrets
from mos.model.signal import Identifier, Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment

TOKEN = "assistant.loopback"  # noqa: S105  a fake one, for loopback alone
JANE = "jane@brightpay.example"


def open_door(bundle: Bundle, url: str) -> AgentDoor:
    """Return the internet's door of a system that has heard of one person."""
    system = InProcessSystem(_patient(bundle))
    _play(system, datetime.now(UTC))
    reception = Reception(
        tables=system.tables.__getitem__,
        bundle=lambda digest: system.store.find(digest) if digest else system.store.active(),
        words=system.queue,
        own="agents",
    )
    secrets = FakeSecrets({f"agent/{TOKEN.partition('.')[0]}": (TOKEN.partition(".")[2],)})
    return AgentDoor(reception, secrets, Address(url))


def _patient(bundle: Bundle) -> Bundle:
    """Return the bundle with a rate that a suite of tests does not use up."""
    name = f"agents/{TOKEN.partition('.')[0]}.toml"
    page = re.sub(r"requests_per_minute = \d+", "requests_per_minute = 100000", bundle.text(name))
    return Bundle({**bundle.files, name: page.encode()})


def _play(system: InProcessSystem, now: datetime) -> None:
    signal = Signal(
        signal_id="sig_loopback",
        source="website",
        kind=SignalKind.LEAD_SUBMITTED,
        name="demo requested",
        occurred_at=now,
        received_at=now,
        identifiers=(Identifier(type="email", value=JANE),),
        traits={"first_name": "Jane", "last_name": "Doe", "company": "Bright Pay"},
        trust=Trust.SIGNED,
    )
    system.put(signal)
    for event in system.unify(now):
        system.run_workflow(event, Moment(event.run_at, "loopback"))


def answer_with(door: AgentDoor, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer one request at this moment."""
    return door.ask(event, datetime.now(UTC))
