"""What stands between a tool and what it puts in: the day's budget, or a dry run."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from functions.agent.tool import Desk, Simulation, ToolReply
from mos.model.view import Said
from mos.ports import Count, Queue, Record, Save, Table

Charge = Callable[[int, int], None]
"""Takes so many proposals and touches from the day, or raises."""


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
        self.charge(1, touches)
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

    def ask(self, question: str, about: Mapping[str, Any]) -> dict[str, Any]:
        return self.simulation.ask(question, about)

    def start(self, question: str, about: Mapping[str, Any]) -> None:
        if self.turnstile.admit("1 rehearsal"):
            self.simulation.start(question, about)


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
