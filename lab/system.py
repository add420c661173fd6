"""The whole system in one process: the layers' own steps over ports in memory.

The one composition. The programme's market, stories (`mos play`) and the tests stand on it.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeGuard

from functions.action.cap_keeper import CapKeeper
from functions.action.confirm import Asking, ask_waiting, confirm
from functions.action.decided import Decided
from functions.action.dispatch import Dispatch
from functions.action.handler import carry_out
from functions.action.listen import (
    guard_channel,
    observe_provider,
    recall,
    switch,
    tell_receipt,
    withdraw,
)
from functions.action.outbound import name_providers
from functions.action.pages import PageKeeper
from functions.action.repository import Deliveries, People, Providers
from functions.action.tell import Notices, Telling, escalate, tell_waiting
from functions.action.unfinished import Unfinished
from functions.action.wire import Wire
from functions.agent import tools as agent_tools
from functions.agent.answer import answer, scope_of
from functions.agent.approval_desk import ApprovalDesk
from functions.agent.approvals import Approvals
from functions.agent.operate import hear as hear_approval
from functions.agent.reception import OWN
from functions.agent.tool import Desk, Tool, ToolReply
from functions.data.batch import Batch
from functions.decisioning.give_back import give_back
from functions.decisioning.handler import step as decide
from functions.decisioning.move_touch import move_touch
from functions.decisioning.observe import count_touch
from functions.decisioning.repository import Arms, Ledger
from functions.learning.credit import credit
from functions.learning.handler import note_ad
from functions.learning.handler import step as learn
from functions.learning.prove import prove
from functions.learning.study import Study
from functions.lifecycle.handler import step as place
from functions.lifecycle.repository import SceneRepository, StageRepository
from functions.policy.handler import step as permit
from functions.simulation.question import Room
from functions.webhook.gateway import page_of
from functions.webhook.handler import step as receive
from functions.webhook.handler import step_native as receive_native
from functions.webhook.handler import step_page as receive_page
from functions.webhook.handler import step_record as receive_record
from functions.webhook.page_limits import PageLimits
from functions.webhook.repository import Inbox, MailPages
from functions.webhook.request import Reply
from lab.erasers import ERASERS
from lab.fakes.wire import ProviderWire
from lab.lookups import FakeLookups
from lab.simulation import LocalSimulation
from lab.world.doors import door_secrets
from mos import plugins
from mos.aws.bundles import BundleStore
from mos.events import (
    ActionHeld,
    ActionUnsent,
    ApprovalSaid,
    ConfirmationNeeded,
    ConsentWithdrawn,
    DeliveryProved,
    ErasureOrdered,
    Event,
    OutcomeObserved,
    ProfileUnified,
    ProviderReceiptObserved,
    ReadNeeded,
    RecallOrdered,
    ReceiptObserved,
    SignalReceived,
    SlaChanged,
    StoreErased,
    SwitchSet,
    TouchMoved,
    TouchObserved,
)
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.bus import FakeBus
from mos.memory.parking import FakeParking
from mos.memory.queue import FakeQueue
from mos.memory.runs import FakeRuns
from mos.memory.secrets import FakeSecrets
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.signal import Signal
from mos.path import TABLES, WORKFLOW
from mos.policy.bundle.bundle import Bundle
from mos.ports import Asker, Moment, Table
from mos.runtime import metrics

_BATCH = 100
_PLACE = {"region": "eu-central-1", "mail_from": "marketing@localhost.example"}
PAGES_URL = "https://hello.localhost.example"
"""Where the pages of this system's mails stand."""
_PAGES_SECRET = ("of-this-process-alone",)
_OWN = ("agents", "operators")
"""The tables of the two doors to the tools."""

Step = Callable[[Any, Moment], Event]
"""What a layer of the workflow does with the event before it."""


@dataclass
class InProcessSystem:
    """Requests in, deliveries out. Nothing here knows what time it is: every call says so."""

    bundle: Bundle
    tables: dict[str, Any] = field(default_factory=lambda: {name: FakeTable() for name in TABLES})
    wire: ProviderWire = field(default_factory=ProviderWire)
    timers: FakeTimers = field(default_factory=FakeTimers)
    asker: Asker = field(default_factory=FakeAsker)
    secrets: FakeSecrets = field(default_factory=door_secrets)
    coalesce_seconds: float = 60.0
    counts: Counter[str] = field(default_factory=Counter)
    lookups: FakeLookups = field(default_factory=FakeLookups)

    def __post_init__(self) -> None:
        self.bus, self.notes, self.said = FakeBus(), FakeBus(), FakeBus()
        self.queue, self.parking, self.approvals = FakeQueue(), FakeQueue(), FakeQueue()
        self.runs, self.limits = FakeRuns(), PageLimits()
        self.inbox = Inbox(FakeBucket(), self.queue, self.parking)
        self.store = BundleStore(FakeBucket())
        self.store.publish(self.bundle)
        self.store.activate(self.bundle.digest, "lab")
        self.archive = FakeBucket()
        self.way_out.switches.note_channels(name_providers())
        self._started: set[str] = set()
        self._steps: Mapping[str, Step] = {
            "lifecycle": self._place,
            "policy": lambda event, moment: permit(event, moment, self.store),
            "decisioning": self._decide,
            "action": self._deliver,
            "learning": lambda event, moment: learn(event, moment, self.study(moment.now)),
        }

    def study(self, now: datetime) -> Study:
        """Return the learning layer's stores, as they are written to now."""
        return Study(self.tables["lessons"], self.store.load, self.store.active, now)

    @property
    def way_out(self) -> Wire:
        """Return where messages leave."""
        actions = self.tables["actions"]
        return Wire(Deliveries(actions), Providers(actions), self.wire, told=self.said)

    @property
    def pages(self) -> PageKeeper:
        """Return what makes the pages of mails."""
        return PageKeeper(self.tables["actions"], PAGES_URL, _PAGES_SECRET)

    @property
    def _asking(self) -> Asking:
        return Asking(self.way_out, self._people, self.store.active(), self.pages, dict(_PLACE))

    @property
    def simulation(self) -> LocalSimulation:
        """Return the simulation layer, over these tables."""
        return LocalSimulation(Room(self.store.load, self._table, lambda: self.archive))

    def knock(self, event: Mapping[str, Any], now: datetime) -> Reply:
        """Bring one HTTP request to its door, as the gateway does."""
        if page_of(event) is not None:
            pages = MailPages(self.tables["actions"], self.inbox)
            return self._count(receive_page(event, pages, self.limits, now))
        return self._count(receive(event, self.inbox, self.secrets, now))

    def take_native(self, event: Mapping[str, Any], now: datetime) -> Reply:
        """Bring one event of EventBridge to its door."""
        return self._count(receive_native(event, self.inbox, now))

    def _count(self, reply: Reply) -> Reply:
        self.counts[f"http {reply.status}"] += 1
        self.counts["replayed"] += "replayed" in reply.body
        metrics().clear_metrics()
        return reply

    def put(self, signal: Signal) -> None:
        """Put an operator's word on the queue, as the agent's door does."""
        self.queue.send([SignalReceived.of(signal).canonical()])

    def ask_tool(
        self, tool: str, arguments: Mapping[str, Any], now: datetime, agent: str = "operator"
    ) -> ToolReply:
        """Ask a tool as an agent would."""
        desk = Desk(
            tables=lambda name: self._table(_OWN[agent == "operator"] if name == OWN else name),
            bundle=lambda digest: self.store.find(digest) if digest else self.store.active(),
            signals=self.queue,
            scope=scope_of(agent, self.store.active().settings(f"agents/{agent}.toml")),
            now=now,
            simulation=self.simulation,
            runs=self.runs,
            parking=FakeParking(self.parking, self.queue),
        )
        return answer(plugins.load(agent_tools, tool, "TOOL", Tool), arguments, desk)

    def _table(self, name: str) -> Table:
        found: Table = self.tables[name]
        return found

    def unify(self, now: datetime) -> list[ProfileUnified]:
        """Take what waits on the queue; return the runs that it starts, outcomes being credited."""
        for timer in self.timers.fire(now):
            self.queue.bodies.append(timer.body)
        bodies, self.queue.bodies = self.queue.bodies, []
        for first in range(0, len(bodies), _BATCH):
            signals = [
                SignalReceived.model_validate_json(body).signal
                for body in bodies[first : first + _BATCH]
            ]
            self.counts["signals"] += len(signals)
            self.counts["retried"] += len(self.take(signals, now))
        events = self.drain()
        self.look_up([event for event in events if isinstance(event, ReadNeeded)], now)
        self.hear(events, now)
        metrics().clear_metrics()
        started = [event for event in events if self._starts(event)]
        # What was read asks for nothing more: this ends.
        return started + (self.unify(now) if self.queue.bodies else [])

    def hear(self, events: Sequence[Event], now: datetime) -> None:
        """Have those who listen to events of the bus take them in."""
        for event in events:
            if listen := self._listeners.get(type(event)):
                listen(event, now)
        if said := self.said.events:
            self.said.events = []
            self.hear(said, now)

    @property
    def _listeners(self) -> Mapping[type[Event], Callable[[Any, datetime], object]]:
        """Return who takes in which events of the bus."""
        return {
            OutcomeObserved: self.credit,
            ErasureOrdered: self.forget,
            ConsentWithdrawn: lambda event, now: withdraw(event, Moment(now), self.way_out),
            RecallOrdered: lambda event, now: recall(event, Moment(now), self.way_out),
            ActionUnsent: lambda event, now: give_back(
                event, Moment(now), self.tables["decisions"], self.store.load
            ),
            TouchMoved: lambda event, _now: move_touch(
                event, self.tables["decisions"], self.store.load
            ),
            TouchObserved: self.see_ad,
            DeliveryProved: lambda event, now: prove(event, self.study(now).lessons),
            ConfirmationNeeded: lambda event, now: confirm(event, Moment(now), self._asking),
            SwitchSet: lambda event, _now: switch(event, self.way_out),
            ApprovalSaid: lambda event, now: hear_approval(event, self.approval_desk(now)),
            SlaChanged: lambda event, now: escalate(event, Moment(now), self._telling),
            ReceiptObserved: self._observe,
            ProviderReceiptObserved: self._observe_provider,
        }

    def see_ad(self, event: TouchObserved, now: datetime) -> None:
        """Have an ad that somebody saw counted, and kept."""
        count_touch(event, Moment(now), self.tables["decisions"])
        note_ad(event, self.study(now))

    def approval_desk(self, now: datetime) -> ApprovalDesk:
        """Return the desk that takes words on what waits."""
        store = Approvals(self.tables["operators"])
        return ApprovalDesk(self._table, store, self.store.active(), self.runs, now)

    def _observe(self, event: ReceiptObserved, now: datetime) -> None:
        said = FakeBus()
        tell_receipt(event, self.way_out, said)
        guard_channel(event, Moment(now), self.way_out, self.store.active)
        self.hear(said.events, now)

    def _observe_provider(self, event: ProviderReceiptObserved, now: datetime) -> None:
        said = FakeBus()
        observe_provider(event, self.way_out, said)
        self.hear(said.events, now)

    def take(self, signals: Sequence[Signal], now: datetime) -> set[str]:
        """Take one batch through the data layer; return what must come again."""
        return self.open_batch(lambda: now).run(signals, Moment(now))

    def open_batch(self, clock: Callable[[], datetime]) -> Batch:
        """Return a data layer over these tables."""
        return Batch(
            signals=self.tables["signals"],
            identities=self.tables["identity"],
            bus=self.bus,
            asker=self.asker,
            bundle=self.store.active(),
            coalesce_seconds=self.coalesce_seconds,
            park=self._park,
            clock=clock,
        )

    def _park(self, signals: Sequence[Signal], reason: str) -> None:
        bodies = [SignalReceived.of(s).model_dump_json(exclude_defaults=True) for s in signals]
        self.parking.send([json.dumps({"body": b, "reason": reason}) for b in bodies], reason)

    def tell(self, now: datetime) -> dict[str, int]:
        """Have the action layer send the notices, and the mails that ask, that wait."""
        asked = ask_waiting(Moment(now), self.way_out, lambda: self._asking)
        return tell_waiting(Moment(now), self._telling) | {n: c for n, c in asked.items() if c}

    def drain(self) -> list[Event]:
        """Take what waits on the bus."""
        events, self.bus.events = self.bus.events, []
        return events

    def look_up(self, events: Sequence[ReadNeeded], now: datetime) -> None:
        """Have records read that are asked for: what is answered waits at the queue."""
        for found in self.lookups.run(events, self.store.active(), now, self.parking):
            self._count(receive_record(found, self.inbox, now))

    def credit(self, event: OutcomeObserved, now: datetime) -> Event:
        """Have an outcome credited."""
        self.counts["outcomes"] += 1
        return credit(event, Moment(now), self.study(now))

    def forget(self, order: ErasureOrdered, now: datetime) -> list[StoreErased]:
        """Have every layer that listens erase what its table holds of somebody."""
        return [erase(order, Moment(now), self.tables[store]) for store, erase in ERASERS.items()]

    def _starts(self, event: Event) -> TypeGuard[ProfileUnified]:
        """Say whether an event starts an execution: its name is the run's, and taken once."""
        if not isinstance(event, ProfileUnified) or event.run_id in self._started:
            return False
        self._started.add(event.run_id)
        return True

    def run_workflow(self, event: ProfileUnified, moment: Moment) -> list[Event]:
        """Take one group through the workflow; return every event of the run.

        What is held waits: the moment is the one at which it goes on.
        """
        events: list[Event] = [event]
        noted, began = len(self.notes.events), moment.now
        for hop in WORKFLOW:
            said = self.step(hop.layer, events[-1], moment)
            while isinstance(said, ActionHeld):
                moment = replace(moment, now=max(moment.now, said.held_until))
                said = self.step(hop.layer, said.decided, moment)
            events.append(said)
        self.counts["decisions"] += 1
        self.hear(self.notes.events[noted:], began)
        return events

    def step(self, layer: str, event: Event, moment: Moment) -> Event:
        """Take one event through one layer of the workflow."""
        return self._steps[layer](event, moment)

    def _place(self, event: Any, moment: Moment) -> Event:  # noqa: ANN401  the hop's event
        return place(
            event,
            moment,
            SceneRepository(self.tables["identity"], self.tables["actions"]),
            StageRepository(self.tables["lifecycle"]),
            self.store,
            self.timers,
            self.notes,
        )

    def _decide(self, event: Any, moment: Moment) -> Event:  # noqa: ANN401  as above
        return decide(
            event,
            moment,
            Ledger(self.tables["decisions"]),
            Arms(self.tables["lessons"]),
            self.store,
            self.timers,
            self.asker,
        )

    def _deliver(self, event: Any, moment: Moment) -> Event:  # noqa: ANN401  as above
        room = Dispatch(
            self.way_out,
            self._people,
            self.store,
            self.asker,
            _PLACE,
            self.pages,
            CapKeeper(Decided(self.tables["decisions"], self.store.load), self.tables["identity"]),
        )
        said = FakeBus()
        made = carry_out(event, moment, room, said)
        self.hear(said.events, moment.now)
        return made

    def sweep(self, now: datetime) -> dict[str, int]:
        """Have what nobody carried out looked for, and ended once it is too late."""
        said = FakeBus()
        decided = Decided(self.tables["decisions"], self.store.load)
        counts = Unfinished(self.tables["actions"], decided, said).sweep(now)
        self.hear(said.events, now)
        return counts

    @property
    def _telling(self) -> Telling:
        notices = Notices(self.tables["actions"])
        return Telling(self.way_out, self._people, self.store.load, notices)

    @property
    def _people(self) -> People:
        return People(self.tables["identity"], self.tables["lifecycle"])

    def logged(self) -> list[Signal]:
        """Return the signal log."""
        return [Signal.parse(record.body) for record in self.tables["signals"].scan()]

    @property
    def parked(self) -> Counter[str]:
        """Return how many elements were put aside, by reason."""
        return Counter(str(reason) for reason in self.parking.reasons)
