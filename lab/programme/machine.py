"""The whole system in one process: the layers' own steps over ports in memory."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeGuard

from functions.action.handler import step as deliver
from functions.action.repository import Deliveries, People
from functions.data.batch import Batch
from functions.decisioning.handler import step as decide
from functions.decisioning.repository import Arms, Ledger
from functions.learning.handler import credit
from functions.learning.handler import step as learn
from functions.learning.repository import Lessons
from functions.lifecycle.handler import step as place
from functions.lifecycle.repository import SceneRepository, StageRepository
from functions.policy.handler import step as permit
from functions.webhook.handler import step as receive
from functions.webhook.repository import Inbox
from lab.world.beat import Beat
from lab.world.doors import secrets
from mos.aws.bundles import BundleStore
from mos.events import Event, OutcomeObserved, ProfileUnified, SignalReceived
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.bus import FakeBus
from mos.memory.queue import FakeQueue
from mos.memory.secrets import FakeSecrets
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.memory.tools import FakeTools
from mos.model.signal import Signal
from mos.path import TABLES
from mos.policy.bundle.bundle import Bundle
from mos.ports import Asker, Moment
from mos.runtime import logger, metrics

_DOORS = "https://hooks.mos.example"
_BATCH = 100
_COALESCE_SECONDS = 60.0


@dataclass
class Machine:
    """Requests in, deliveries out. Nothing here knows what time it is: every call says so."""

    bundle: Bundle
    tables: dict[str, Any] = field(default_factory=lambda: {name: FakeTable() for name in TABLES})
    tools: FakeTools = field(default_factory=FakeTools)
    timers: FakeTimers = field(default_factory=FakeTimers)
    asker: Asker = field(default_factory=FakeAsker)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        # Ninety days of a Lambda's log are nobody's reading.
        logger().setLevel("ERROR")
        self._bus, self._notes = FakeBus(), FakeBus()
        self._signals, self._parked = FakeQueue(), FakeQueue()
        self._inbox = Inbox(FakeBucket(), self._signals, self._parked)
        self._known: Mapping[str, str] = secrets()
        self._secrets = FakeSecrets({f"webhook/{k}": (v,) for k, v in self._known.items()})
        self.store = BundleStore(FakeBucket())
        self.store.publish(self.bundle)
        self.store.activate(self.bundle.digest, "programme")
        self._started: set[str] = set()

    def knock(self, beat: Beat, now: datetime) -> int:
        """Send one request to its door, signed as its sender signs; return the HTTP status."""
        sent = beat.request(_DOORS, self._known, now)
        event = {
            "rawPath": beat.path,
            "headers": {name.lower(): value for name, value in sent.headers.items()},
            "body": sent.body.decode(),
            "requestContext": {"http": {"method": sent.method}, "domainName": "hooks.mos.example"},
        }
        reply = receive(event, self._inbox, self._secrets, now)
        self.counts[f"http {reply.status}"] += 1
        self.counts["replayed"] += "replayed" in reply.body
        return reply.status

    def unify(self, now: datetime) -> list[ProfileUnified]:
        """Take what waits on the queue; return the runs that it starts, outcomes being credited."""
        for timer in self.timers.fire(now):
            self._signals.bodies.append(timer.body)
        bodies, self._signals.bodies = self._signals.bodies, []
        for first in range(0, len(bodies), _BATCH):
            signals = [
                SignalReceived.model_validate_json(body).signal
                for body in bodies[first : first + _BATCH]
            ]
            self.counts["signals"] += len(signals)
            self.counts["retried"] += len(self._batch(now).run(signals, Moment(now)))
        said, self._bus.events = self._bus.events, []
        lessons = Lessons(self.tables["lessons"])
        for event in said:
            if isinstance(event, OutcomeObserved):
                credit(event, Moment(now), lessons)
                self.counts["outcomes"] += 1
        metrics().clear_metrics()
        return [event for event in said if self._starts(event)]

    def _starts(self, event: Event) -> TypeGuard[ProfileUnified]:
        """Say whether an event starts an execution: its name is the run's, and taken once."""
        if not isinstance(event, ProfileUnified) or event.run_id in self._started:
            return False
        self._started.add(event.run_id)
        return True

    def _batch(self, now: datetime) -> Batch:
        return Batch(
            signals=self.tables["signals"],
            identities=self.tables["identity"],
            bus=self._bus,
            asker=self.asker,
            bundle=self.bundle,
            coalesce_seconds=_COALESCE_SECONDS,
            clock=lambda: now,
        )

    def run(self, event: ProfileUnified, now: datetime) -> list[Event]:
        """Take one group through the workflow; return every event of the run."""
        tables, moment = self.tables, Moment(now, f"run-{event.run_id}")
        placed = place(
            event,
            moment,
            SceneRepository(tables["identity"]),
            StageRepository(tables["lifecycle"]),
            self.store,
            self.timers,
            self._notes,
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
        delivered = deliver(
            decided,
            moment,
            Deliveries(tables["actions"]),
            People(tables["identity"], tables["lifecycle"]),
            self.store,
            self.asker,
            self.tools,
        )
        learned = learn(delivered, moment, Lessons(tables["lessons"]))
        self.counts["decisions"] += 1
        return [event, placed, permitted, decided, delivered, learned]

    def ask(self, signal: Signal) -> None:
        """Put an operator's word on the queue, as the agent's door does."""
        self._signals.send([SignalReceived.of(signal).canonical()])

    def logged(self) -> list[Signal]:
        """Return the signal log."""
        return [Signal.parse(record.body) for record in self.tables["signals"].scan()]

    @property
    def parked(self) -> Counter[str]:
        """Return how many elements were put aside, by reason."""
        return Counter(str(reason) for reason in self._parked.reasons)
