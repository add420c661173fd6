"""The action layer over memory and the fake providers, on a clock of its own, for benches."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from functions.action import channels
from functions.action.channel import Channel, Dedup
from functions.action.dispatch import Dispatch
from functions.action.handler import step
from functions.action.repository import Deliveries, People, Providers
from functions.action.wire import Wire
from lab.fakes.wire import ProviderWire
from mos import plugins
from mos.aws.bundles import BundleStore
from mos.errors import ConflictError, UnavailableError
from mos.events import ActionDecided, ActionDelivered, ActionHeld
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.model.base import derive_id
from mos.model.consent import Basis, ConsentState, Purpose
from mos.model.profile import Edge, Profile, Trait
from mos.policy.bundle.bundle import read_folder
from mos.ports import Exchange, Moment, Record

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PLACE = {"region": "eu-central-1", "mail_from": "marketing@ours.example"}


@cache
def load_store() -> BundleStore:
    """Return a store in which the starter bundle is in force."""
    bundle = read_folder(Path(__file__).parents[2] / "policies")
    made = BundleStore(FakeBucket())
    made.publish(bundle)
    made.activate(bundle.digest, "bench")
    return made


@cache
def list_channels() -> dict[str, Channel]:
    """Return every channel by name."""
    found = plugins.discover(channels, "CHANNEL", Channel)
    return {name.replace("-", "_"): channel for name, channel in sorted(found.items())}


def name_channel(dedup: Dedup) -> str:
    """Return a channel of this class."""
    return next(name for name, one in list_channels().items() if one.dedup is dedup)


def decided(channel: str, number: int) -> ActionDecided:
    """Return a decision to do something over a channel for somebody."""
    bundle = load_store().active()
    action, treatment = next(
        (action, treatment)
        for _, action in sorted(bundle.actions.items())
        for treatment in action.treatments
        if treatment.channel == channel and not action.approval and action.purpose
    )
    run = f"run_{channel}_{number}"
    return ActionDecided(
        event_id=derive_id("evt", run), cause_id="evt_0", trace_id="sig_0", occurred_at=NOON,
        run_id=run, bundle=bundle.digest, decision_id=derive_id("dec", run), group_id="grp_1",
        account_id="acc_1", person_id=f"per_{number}", action=action, treatment=treatment.name,
        channel=channel, segment="strong", probability=1.0, reason="bench",
        expires_at=NOON + timedelta(hours=action.ttl_hours),
    )  # fmt: skip


def somebody(number: int, *, granted: bool = True) -> Profile:
    """Return somebody in London who has agreed to everything, or to nothing any more."""
    return Profile(
        profile_id=f"per_{number}",
        identifiers=(Edge(type="email", value=f"p{number}@acme.example"),),
        traits={"timezone": Trait(value="Europe/London", at=NOON, signal_id="s")},
        consents=tuple(
            ConsentState(purpose=p, granted=granted, basis=Basis.CONSENT, since=NOON, signal_id="s")
            for p in Purpose
        ),
    )


@dataclass
class Hands:
    """One action layer. `exchange` may stand before the fakes, and make it worse."""

    people: FakeTable = field(default_factory=FakeTable)
    actions: FakeTable = field(default_factory=FakeTable)
    wire: ProviderWire = field(default_factory=ProviderWire)
    exchange: Exchange | None = None

    def know(self, profile: Profile) -> None:
        """Keep somebody as they are now."""
        key = (f"PERSON#{profile.profile_id}", "PROFILE")
        held = self.people.get(*key)
        version = held.version if held else 0
        self.people.save(Record(*key, profile.canonical(), version))

    def way_out(self) -> Wire:
        """Return where messages leave."""
        exchange = self.exchange or self.wire
        return Wire(Deliveries(self.actions), Providers(self.actions), exchange)

    def ask(self, event: ActionDecided, at: datetime, by: str) -> ActionDelivered | ActionHeld:
        """Ask the layer once."""
        people = People(self.people, FakeTable())
        room = Dispatch(self.way_out(), people, load_store(), FakeAsker(), PLACE)
        return step(event, Moment(at, event.run_id, by), room)

    def deliver(self, event: ActionDecided, at: datetime) -> tuple[ActionDelivered, datetime]:
        """Ask until it has ended, as the workflow does.

        Raises:
            RuntimeError: it has not ended after a thousand tries.
        """
        for number in range(1000):
            try:
                said = self.ask(event, at, f"try-{number}")
            except (UnavailableError, ConflictError):
                continue
            if isinstance(said, ActionDelivered):
                return said, at
            at = max(at, said.held_until)
        raise RuntimeError(f"{event.decision_id} did not end")
