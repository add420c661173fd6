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
from mos.model.account import Account
from mos.model.action import Action, Treatment
from mos.model.base import derive_id
from mos.model.consent import Basis, ConsentState, Purpose
from mos.model.profile import Edge, Profile, Trait
from mos.policy.bundle.bundle import Bundle, read_folder
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
    """Return every channel that is decided for, by name."""
    found = plugins.discover(channels, "CHANNEL", Channel)
    return {
        name.replace("-", "_"): channel
        for name, channel in sorted(found.items())
        if not channel.carries
    }


def name_channel(dedup: Dedup) -> str:
    """Return a channel of this class over which something of the catalogue can be done."""
    actions = load_store().active().actions.values()
    used = {t.channel for action in actions for t in action.treatments if t.available}
    return next(n for n, one in list_channels().items() if one.dedup is dedup and n in used)


def decided(channel: str, number: int) -> ActionDecided:
    """Return a decision to do something over a channel for somebody."""
    bundle = load_store().active()
    action, treatment = _find_treatment(channel, bundle)
    run = f"run_{channel}_{number}"
    return ActionDecided(
        event_id=derive_id("evt", run), cause_id="evt_0", trace_id="sig_0", occurred_at=NOON,
        run_id=run, bundle=bundle.digest, decision_id=derive_id("dec", run), group_id="grp_1",
        account_id="acc_1", person_id=f"per_{number}", action=action, treatment=treatment.name,
        channel=channel, segment="strong", probability=1.0, reason="bench",
        expires_at=NOON + timedelta(hours=action.ttl_hours),
    )  # fmt: skip


def _find_treatment(channel: str, bundle: Bundle) -> tuple[Action, Treatment]:
    """Return something of the catalogue that is done over a channel, or made to be done over it."""
    found = [
        (action, treatment)
        for _, action in sorted(bundle.actions.items())
        for treatment in action.treatments
        if not action.approval and action.purpose and action.touches
    ]
    for action, treatment in found:
        if treatment.channel == channel and treatment.available:
            return action, treatment
    action = found[0][0]
    params = dict(list_channels()[channel].sample.params)
    made = Treatment(name="made", channel=channel, subject="A word", params=params)
    return action.model_copy(update={"treatments": (made,)}), made


def find_place(channel: str) -> dict[str, str]:
    """Return what a stage says to a channel that was given all that it needs."""
    return PLACE | dict(list_channels()[channel].sample.settings)


def list_bases() -> tuple[tuple[str, str], ...]:
    """Return where those providers are that each company has of its own."""
    every = [channel.provider for channel in list_channels().values()]
    return tuple((one.name, f"https://{one.name}.example") for one in every if not one.base)


def somebody(number: int, *, granted: bool = True) -> Profile:
    """Return somebody in London who has agreed to everything, or to nothing any more."""
    return Profile(
        profile_id=f"per_{number}",
        identifiers=(
            Edge(type="email", value=f"p{number}@acme.example"),
            Edge(type="phone", value=f"+1425555{number:04d}"),
            Edge(type="user_id", value=f"u-{number}"),
        ),
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

    def __post_init__(self) -> None:
        account = Account(account_id="acc_1", domain="acme.example")
        self.people.save(Record("ACCOUNT#acc_1", "ACCOUNT", account.canonical()))

    def know(self, profile: Profile) -> None:
        """Keep somebody as they are now."""
        key = (f"PERSON#{profile.profile_id}", "PROFILE")
        held = self.people.get(*key)
        version = held.version if held else 0
        self.people.save(Record(*key, profile.canonical(), version))

    def way_out(self) -> Wire:
        """Return where messages leave."""
        exchange = self.exchange or self.wire
        return Wire(Deliveries(self.actions), Providers(self.actions), exchange, bases=list_bases())

    def ask(self, event: ActionDecided, at: datetime, by: str) -> ActionDelivered | ActionHeld:
        """Ask the layer once."""
        people = People(self.people, FakeTable())
        place = find_place(event.channel) if event.channel != "none" else PLACE
        room = Dispatch(self.way_out(), people, load_store(), FakeAsker(), place)
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
