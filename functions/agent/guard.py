"""What stands between a tool and what it puts in: the day's budget, or a dry run."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from functions.agent.tool import Desk, Simulation, ToolReply
from mos.model.view import Said
from mos.ports import Count, ParkedMessage, ParkedRun, Parking, Queue, Record, Runs, Save, Table

Charge = Callable[[Mapping[str, int]], None]
"""Takes so many proposals, touches, micro-dollars or tokens from the day, or raises."""

_DOLLAR = 1_000_000
_ASKED, _BEGUN = round(0.0015 * _DOLLAR), round(0.05 * _DOLLAR)
"""What a question and a rehearsal cost at most, in micro-dollars: AWS's list price of Lambda
(x86, us-east-1: 0.0000166667 dollars a GB-second) for the simulation's memory over the 30 s and the
900 s that they may take, and of reading 20,000 decisions."""
_STOPS = "stop-rehearsal"
_LETTERS = 4
"""A token is about four characters of English or JSON: what a budget is held by, not a bill."""


class Turnstile(Protocol):
    """Lets something in that a tool proposes, or keeps it out."""

    def admit(self, what: str, touches: int = 0) -> bool:
        """Say whether it goes in."""
        ...


@dataclass(frozen=True)
class Metered:
    """Lets in what the day's budget has room for."""

    charge: Charge

    def admit(self, what: str, touches: int = 0) -> bool:  # noqa: ARG002  the port's shape
        """Take one proposal and its touches from the day."""
        self.charge({"proposals": 1, "touches": touches})
        return True


class DryRun:
    """Lets nothing in, and remembers what would have gone in."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def admit(self, what: str, touches: int = 0) -> bool:  # noqa: ARG002  the port's shape
        """Remember it."""
        self.kept.append(what)
        return False


@dataclass(frozen=True)
class GuardedQueue:
    """The `Queue` port; each signal may start one decision, and so end in one touch."""

    queue: Queue
    turnstile: Turnstile

    def send(self, bodies: Sequence[str], reason: str | None = None) -> None:
        count = "1 signal" if len(bodies) == 1 else f"{len(bodies)} signals"
        if bodies and self.turnstile.admit(count, touches=len(bodies)):
            self.queue.send(bodies, reason)


@dataclass(frozen=True)
class GuardedSimulation:
    """The `Simulation` port: what is asked goes through, what is begun by the turnstile."""

    simulation: Simulation
    turnstile: Turnstile
    charge: Charge

    def ask(self, question: str, about: Mapping[str, Any]) -> dict[str, Any]:
        self.charge({"microdollars": _ASKED})
        if question == _STOPS and not self.turnstile.admit("1 stop of a rehearsal"):
            return self.simulation.ask("rehearsal", about)
        return self.simulation.ask(question, about)

    def start(self, question: str, about: Mapping[str, Any]) -> None:
        if not isinstance(self.turnstile, DryRun):
            self.charge({"microdollars": _BEGUN})
        if self.turnstile.admit("1 rehearsal"):
            self.simulation.start(question, about)


@dataclass(frozen=True)
class GuardedRuns:
    """The `Runs` port: an answer may let a message go out, and so counts as one touch."""

    runs: Runs
    turnstile: Turnstile

    def answer(self, token: str, said: Mapping[str, Any]) -> bool:
        return not self.turnstile.admit("1 answer", touches=1) or self.runs.answer(token, said)


@dataclass(frozen=True)
class GuardedParking:
    """The `Parking` port: who looks may look; what is sent again goes by the turnstile."""

    parking: Parking
    turnstile: Turnstile

    def take(self, most: int) -> list[ParkedMessage]:
        return self.parking.take(most)

    def release(self, message: ParkedMessage) -> None:
        self.parking.release(message)

    def redrive(self, message: ParkedMessage, body: str) -> None:
        if self.turnstile.admit("1 signal", touches=1):
            self.parking.redrive(message, body)
        else:
            self.parking.release(message)

    def restart(self, message: ParkedMessage, run: ParkedRun) -> None:
        if self.turnstile.admit("1 run", touches=1):
            self.parking.restart(message, run)
        else:
            self.parking.release(message)


@dataclass(frozen=True)
class GuardedTable:
    """The `Table` port over the layer's own table: reads go through, writes by the turnstile."""

    table: Table
    turnstile: Turnstile

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None:
        return self.table.get(pk, sk, consistent=consistent)

    def get_many(
        self, keys: Sequence[tuple[str, str]], *, consistent: bool = True
    ) -> dict[tuple[str, str], Record]:
        return self.table.get_many(keys, consistent=consistent)

    def query(
        self, pk: str, *, prefix: str = "", newest_first: bool = False, limit: int | None = None
    ) -> list[Record]:
        return self.table.query(pk, prefix=prefix, newest_first=newest_first, limit=limit)

    def between(self, pk: str, first: str, last: str) -> list[Record]:
        return self.table.between(pk, first, last)

    def delete(self, pk: str, sk: str) -> None:
        if self.turnstile.admit("1 record taken away"):
            self.table.delete(pk, sk)

    def remove(self, record: Record) -> bool:
        return self.table.remove(record) if self.turnstile.admit("1 record taken away") else True

    def save(self, record: Record) -> Record:
        return self.table.save(record) if self.turnstile.admit("1 record") else record

    def put_new(self, record: Record) -> bool:
        return self.table.put_new(record) if self.turnstile.admit("1 record") else True

    def count(self, change: Count) -> float:
        return self.table.count(change) if self.turnstile.admit("1 count") else float(change.amount)

    def transact(self, changes: Sequence[Save | Count], token: str) -> None:
        if self.turnstile.admit(f"{len(changes)} records"):
            self.table.transact(changes, token)

    def page(self, after: str, most: int) -> tuple[list[Record], str]:
        return self.table.page(after, most)

    def scan(self, *, limit: int | None = None) -> Iterable[Record]:
        return self.table.scan(limit=limit)


def count_tokens(said: ToolReply) -> int:
    """Return about how many tokens an answer takes of whoever asked."""
    return -(-(len(said.text) + len(json.dumps(said.data))) // _LETTERS)


def finish(said: ToolReply, desk: Desk) -> ToolReply:
    """Return a reply as it is, or in a dry run as what would have been done."""
    turnstile = desk.signals.turnstile if isinstance(desk.signals, GuardedQueue) else None
    if not isinstance(turnstile, DryRun) or not turnstile.kept:
        return said
    would = f"It would have been {', '.join(turnstile.kept)}, with the answer: {said.text}"
    text = f"Dry run: nothing was put in. {would}"
    kept, first = tuple(turnstile.kept), Said.of("Dry run: nothing was put in.", *turnstile.kept)
    view = (first, *said.view)
    return said.model_copy(update={"text": text, "view": view, "would_put_in": kept})
