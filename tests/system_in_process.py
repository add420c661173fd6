"""The system in one process as tests speak to it: signals straight in, and a clock that stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from functions.agent.tool import ToolReply
from functions.data.batch import Batch
from lab.system import InProcessSystem
from mos.errors import MosError
from mos.events import Event, OutcomeObserved, ProfileUnified, ReadNeeded, SignalReceived
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment, Table
from mos.refusal import describe_refusal
from tests.builders import NOON, without_holdout


class System(InProcessSystem):
    """Signals in, decisions and deliveries out, without AWS."""

    def __init__(
        self, bundle: Bundle | None = None, tables: Mapping[str, Table] | None = None
    ) -> None:
        stored = {"tables": dict(tables)} if tables else {}
        super().__init__(bundle or without_holdout(), **stored)
        self.now = NOON
        self.history: list[list[Event]] = []

    def batch(self) -> Batch:
        """Return a data layer over these tables."""
        return self.open_batch(lambda: self.now)

    def receive(self, signals: Sequence[Signal]) -> set[str]:
        """Unify signals; what they publish waits on the bus."""
        if signals:
            self.now = max(self.now, *(s.received_at for s in signals))
        return self.batch().run(signals, Moment(self.now))

    def settle(self) -> list[Event]:
        """Run everything that waits on the bus to its end; return the last event of each run."""
        waiting = self.drain()
        ended = [self.credit(e, self.now) for e in waiting if isinstance(e, OutcomeObserved)]
        self.hear([e for e in waiting if not isinstance(e, OutcomeObserved)], self.now)
        for event in waiting:
            if isinstance(event, ProfileUnified):
                self.now = max(self.now, event.run_at)
                self.history.append(self.run(event))
                ended.append(self.history[-1][-1])
        before = len(self.queue.bodies)
        self.look_up([event for event in waiting if isinstance(event, ReadNeeded)], self.now)
        read = [SignalReceived.parse(b).signal for b in self.queue.bodies[before:]]
        return ended + (self.play(*read) if read else [])

    def play(self, *signals: Signal) -> list[Event]:
        """Receive signals and settle."""
        assert self.receive(signals) == set()
        return self.settle()

    def run(self, event: ProfileUnified) -> list[Event]:
        """Take one event through the workflow's steps; return every event of the run."""
        return self.run_workflow(event, Moment(self.now, "execution"))

    def ask(self, tool: str, agent: str = "operator", **arguments: Any) -> ToolReply:
        """Ask a tool as an agent would."""
        return self.ask_tool(tool, arguments, self.now, agent)

    def wake(self, **span: float) -> list[Event]:
        """Let time pass; timers that fall due come in as signals, in their order."""
        end, ended = self.now + timedelta(**span), []
        while timer := self.timers.fire_first(end):
            self.now = max(self.now, timer.at)
            ended += self.play(SignalReceived.parse(timer.body).signal)
        self.now = max(self.now, end)
        return ended

    def later(self, **span: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**span)
        return self.now

    def say(self, tool: str, **arguments: Any) -> ToolReply:
        """Ask a tool that puts something in at the door, and let it in."""
        before = len(self.queue.bodies)
        answered = self.ask(tool, **arguments)
        given = [SignalReceived.model_validate_json(b) for b in self.queue.bodies[before:]]
        self.play(*(event.signal for event in given))
        return answered

    def profile(self, subject: str) -> Profile:
        """Return somebody as they are stored."""
        return Profile.model_validate(self.ask("profile", subject=subject).data["profile"])

    def people(self) -> dict[str, Profile]:
        """Return everybody who is stored, by id."""
        found = [r for r in self.tables["identity"].scan() if r.sk == "PROFILE" and r.body]
        return {r.pk.removeprefix("PERSON#"): Profile.parse(r.body) for r in found}


class Stage:
    """A deployment whose agent function is the system's."""

    def __init__(self, system: System) -> None:
        self.system = system

    def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        try:
            return {"ok": True, **self.system.ask(tool, **arguments).model_dump(mode="json")}
        except MosError as error:
            return {"ok": False, **describe_refusal(error)}
