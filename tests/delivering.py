"""The action layer over tables in memory and the fake providers, on a clock of its own."""

from dataclasses import dataclass, field
from datetime import datetime

from functions.action.dispatch import Dispatch
from functions.action.handler import step
from functions.action.pages import PageKeeper
from functions.action.repository import Deliveries, People, Providers
from functions.action.wire import Wire
from lab.fakes.wire import ProviderWire
from mos.errors import ConflictError, UnavailableError
from mos.events import ActionDecided, ActionDelivered, ActionHeld
from mos.memory.asker import FakeAsker
from mos.memory.table import FakeTable
from mos.model.delivery import Delivery
from mos.ports import Asker, Exchange, Moment
from tests.builders import NOON
from tests.property.steps import store

PLACE = {"region": "eu-central-1", "mail_from": "marketing@ours.example"}


@dataclass
class Delivering:
    """One action layer. `people` and `stages` are the other layers' tables."""

    people: FakeTable = field(default_factory=FakeTable)
    stages: FakeTable = field(default_factory=FakeTable)
    actions: FakeTable = field(default_factory=FakeTable)
    wire: ProviderWire = field(default_factory=ProviderWire)
    asker: Asker = field(default_factory=FakeAsker)
    exchange: Exchange | None = None
    waits: list[ActionHeld] = field(default_factory=list)
    place: dict[str, str] = field(default_factory=lambda: dict(PLACE))
    pages: PageKeeper | None = None
    bases: tuple[tuple[str, str], ...] = ()

    def room(self) -> Dispatch:
        wire = Wire(
            Deliveries(self.actions),
            Providers(self.actions),
            self.exchange or self.wire,
            bases=self.bases,
        )
        return Dispatch(
            wire, People(self.people, self.stages), store(), self.asker, self.place, self.pages
        )

    def try_once(
        self, event: ActionDecided, at: datetime = NOON, by: str = "one"
    ) -> ActionDelivered | ActionHeld:
        """Ask once, as the workflow does."""
        return step(event, Moment(at, "run", by), self.room())

    def deliver(
        self, event: ActionDecided, at: datetime = NOON, tries: int = 400
    ) -> tuple[ActionDelivered, datetime]:
        """Ask until it has ended, waiting as told, and again after every error that passes."""
        for _ in range(tries):
            try:
                said = self.try_once(event, at)
            except (UnavailableError, ConflictError):
                continue
            if isinstance(said, ActionDelivered):
                return said, at
            self.waits.append(said)
            at = max(at, said.held_until)
        raise AssertionError(f"not delivered by {at}")

    def stored(self, event: ActionDecided) -> Delivery:
        """Return what is kept of a delivery."""
        action = next(
            r for r in self.actions.scan() if r.sk == "DELIVERY" and event.decision_id in r.body
        )
        return Delivery.parse(action.body)
