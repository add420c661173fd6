"""The whole path in one process: the layers' own steps over tables in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from functions.action.handler import step as deliver
from functions.action.repository import Deliveries, People
from functions.agent import tools as agent_tools
from functions.agent.answer import answer, scope_of
from functions.agent.tool import Answer, Desk, Tool
from functions.data.batch import Batch
from functions.decisioning.handler import step as decide
from functions.decisioning.repository import Arms, Ledger
from functions.learning.handler import credit
from functions.learning.handler import step as learn
from functions.learning.repository import Lessons
from functions.lifecycle.handler import step as place
from functions.lifecycle.repository import SceneRepository, StageRepository
from functions.policy.handler import step as permit
from mos import plugins
from mos.aws.bundles import BundleStore
from mos.events import (
    ActionDelivered,
    Event,
    OutcomeObserved,
    ProfileUnified,
    SignalReceived,
)
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.bus import FakeBus
from mos.memory.queue import FakeQueue
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.memory.tools import FakeTools
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.path import TABLES
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment, Table
from tests.builders import NOON, without_holdout


class System:
    """Signals in, decisions and deliveries out, without AWS."""

    def __init__(
        self, bundle: Bundle | None = None, tables: Mapping[str, Table] | None = None
    ) -> None:
        self.tables: dict[str, Any] = dict(tables or {name: FakeTable() for name in TABLES})
        self.bus, self.asker, self.tools, self.queue = (
            FakeBus(),
            FakeAsker(),
            FakeTools(),
            FakeQueue(),
        )
        self.timers, self.notes = FakeTimers(), FakeBus()
        self.store = BundleStore(FakeBucket())
        bundle = bundle or without_holdout()
        self.store.publish(bundle)
        self.store.activate(bundle.digest, "test")
        self.now = NOON
        self.history: list[list[Event]] = []

    def batch(self) -> Batch:
        """Return a data layer over these tables."""
        return Batch(
            signals=self.tables["signals"],
            identities=self.tables["identity"],
            bus=self.bus,
            asker=self.asker,
            bundle=self.store.active(),
            coalesce_seconds=60,
            clock=lambda: self.now,
        )

    def receive(self, signals: Sequence[Signal]) -> set[str]:
        """Unify signals; what they publish waits on the bus."""
        if signals:
            self.now = max(self.now, *(s.received_at for s in signals))
        return self.batch().run(signals, Moment(self.now))

    def settle(self) -> list[Event]:
        """Run everything that waits on the bus to its end; return the last event of each run."""
        waiting, self.bus.events = self.bus.events, []
        ended: list[Event] = []
        lessons, moment = Lessons(self.tables["lessons"]), Moment(self.now)
        ended += [credit(e, moment, lessons) for e in waiting if isinstance(e, OutcomeObserved)]
        for event in waiting:
            if isinstance(event, ProfileUnified):
                self.now = max(self.now, event.run_at)
                self.history.append(self.run(event))
                ended.append(self.history[-1][-1])
        return ended

    def play(self, *signals: Signal) -> list[Event]:
        """Receive signals and settle."""
        assert self.receive(signals) == set()
        return self.settle()

    def run(self, event: ProfileUnified) -> list[Event]:
        """Take one event through the workflow's steps; return every event of the run."""
        tables, moment = self.tables, Moment(self.now, "execution")
        placed = place(
            event,
            moment,
            SceneRepository(tables["identity"]),
            StageRepository(tables["lifecycle"]),
            self.store,
            self.timers,
            self.notes,
        )
        permitted = permit(placed, moment, self.store)
        decided = decide(
            permitted,
            moment,
            Ledger(tables["decisions"]),
            Arms(tables["lessons"]),
            self.store,
            self.timers,
            self.asker,
        )
        delivered = self.deliver(decided, moment)
        learned = learn(delivered, moment, Lessons(tables["lessons"]))
        return [event, placed, permitted, decided, delivered, learned]

    def deliver(self, decided: Any, moment: Moment) -> ActionDelivered:
        return deliver(
            decided,
            moment,
            Deliveries(self.tables["actions"]),
            People(self.tables["identity"], self.tables["lifecycle"]),
            self.store,
            self.asker,
            self.tools,
        )

    def ask(self, tool: str, agent: str = "operator", **arguments: Any) -> Answer:
        """Ask a tool as an agent would."""
        scope = scope_of(agent, self.store.active().settings(f"agents/{agent}.toml"))
        desk = Desk(
            tables=self.tables.__getitem__,
            bundle=lambda digest: self.store.load(digest) if digest else self.store.active(),
            signals=self.queue,
            scope=scope,
            now=self.now,
        )
        return answer(plugins.load(agent_tools, tool, "TOOL", Tool), arguments, desk)

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

    def say(self, tool: str, **arguments: Any) -> Answer:
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

    def logged(self) -> list[Signal]:
        """Return the signal log."""
        return [Signal.parse(r.body) for r in self.tables["signals"].scan()]
