"""Rows of a list, written by hand, as whoever holds the door's secret may send them."""

import json
from datetime import timedelta
from typing import Any

from functions.webhook import strict
from functions.webhook.draft import Delivery
from functions.webhook.receive import translate
from functions.webhook.registry import source_named
from functions.webhook.request import request_to
from mos.identity.check import differences
from mos.identity.replay import Replay
from mos.model.ledger import Entry
from mos.model.signal import Signal, SignalKind, Trust
from tests.acceptance.conftest import Start
from tests.builders import NOON, signal
from tests.system_in_process import System

KATHERINE, MO = "email:katherine@acme.example", "email:mo@globex.example"
HERS = {"first_name": "Katherine", "last_name": "Johnson", "phone": "+14155550100"}
SURE = {"identifier": KATHERINE, "probability": 0.99, "why": "the sender is sure"}
FIELDS = {"first_name": "Kathrine", "last_name": "Johnson", "phone": "(415) 555-0100"}


def people(start: Start) -> System:
    system = start()
    system.play(signal(SignalKind.IDENTIFY, ids=(KATHERINE, "user_id:u1"), traits=HERS))
    system.play(signal(SignalKind.IDENTIFY, minute=1, ids=(MO, "phone:+31207940813"),
                       traits={"first_name": "Mo", "last_name": "Farouk"}))  # fmt: skip
    system.now = NOON + timedelta(hours=1)
    return system


def rows(*said: dict[str, Any], system: System) -> tuple[Signal, ...]:
    """Return what the list door makes of rows that somebody has written by hand."""
    numbered = [{"row": str(n), "occurred_at": NOON.isoformat()} | r for n, r in enumerate(said)]
    body = json.dumps({"list": "fair", "rows": numbered}).encode()
    request = request_to("POST", "https://hooks.example.com/hooks/lists", {}, body)
    delivery = Delivery("lists", Trust.SIGNED, system.now)
    found = translate(source_named("lists"), request, strict.parse(body), delivery).translation
    return found.signals


def send(system: System, *said: dict[str, Any]) -> tuple[Signal, ...]:
    made = rows(*said, system=system)
    system.play(*made)
    return made


def keys(system: System, subject: str) -> set[str]:
    return {i.key for i in system.profile(subject.partition(":")[2]).identifiers}


def reasons(system: System, subject: str) -> list[str]:
    person = system.profile(subject.partition(":")[2]).profile_id
    found = system.tables["identity"].query(f"PERSON#{person}", prefix="LEDGER#REFUSED")
    return [Entry.parse(r.body).rule for r in found]


def is_true(system: System) -> bool:
    """Say whether what is stored is what the log says, byte by byte."""
    again = Replay(system.store.active()).take(system.logged())
    return differences(system.people().values(), again) == {}
