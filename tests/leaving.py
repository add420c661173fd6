"""The action layer with the caps of recorded decisions: each leaves against what left."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from functions.action.cap_keeper import CapKeeper
from functions.action.decided import Decided
from functions.action.dispatch import Dispatch
from mos.events import ActionDecided
from mos.memory.table import FakeTable
from mos.model.base import derive_id
from mos.model.call import Call, CallReply
from mos.model.consent import Basis, ConsentState, Purpose
from mos.model.decision import Decision, Route
from mos.model.limit import Limit, Window
from mos.model.profile import Profile, Trait
from mos.policy.bundle.bundle import Bundle
from mos.ports import Exchange, Record
from tests.builders import NOON, edge
from tests.delivering import Delivering
from tests.property.steps import mailed, store


def cap(
    at_most: int, hours: int = 24, window: Window = Window.ROLLING, scope: str = "person",
    channel: str = "email", people: tuple[str, ...] = (),
) -> Limit:  # fmt: skip
    return Limit(
        scope=scope, channel=channel, at_most=at_most, window_hours=hours, row="the_cap",
        window=window, people=people,
    )  # fmt: skip


def somebody(name: str = "per_1", **traits: str) -> Profile:
    """Return somebody who has agreed to everything."""
    return Profile(
        profile_id=name,
        identifiers=(edge(f"email:{name}@acme.example"),),
        traits={n: Trait(value=v, at=NOON, signal_id="s") for n, v in traits.items()},
        consents=tuple(
            ConsentState(purpose=p, granted=True, basis=Basis.CONSENT, since=NOON, signal_id="s")
            for p in sorted(Purpose)
        ),
    )


@dataclass
class Clocked:
    """Notes when each mail was taken, by the clock of who sends it."""

    wire: Exchange
    now: datetime = NOON
    taken: list[datetime] = field(default_factory=list)

    def exchange(self, call: Call) -> CallReply:
        before = len(self.wire.inbox)  # type: ignore[attr-defined]  the fake providers'
        try:
            return self.wire.exchange(call)
        finally:
            self.taken += [self.now] * (len(self.wire.inbox) - before)  # type: ignore[attr-defined]


@dataclass
class Leaving(Delivering):
    """`ledger` is the decisioning layer's table; the bundle says which rows hold back."""

    ledger: FakeTable = field(default_factory=FakeTable)
    bundle: Bundle | None = None

    def room(self) -> Dispatch:
        made = super().room()
        if self.bundle is not None:
            made.store.publish(self.bundle)
        caps = CapKeeper(Decided(self.ledger, made.store.load), self.people)
        return replace(made, caps=caps)

    def know(self, person: Profile) -> None:
        """Keep somebody as they are now."""
        place = (f"PERSON#{person.profile_id}", "PROFILE")
        held = self.people.get(*place)
        self.people.save(Record(*place, person.canonical(), held.version if held else 0))

    def redirect(self, one: str, to: str) -> None:
        """Note that an id leads to somebody else now."""
        place = (f"PERSON#{one}", "PROFILE")
        held = self.people.get(*place)
        version = held.version if held else 0
        self.people.save(Record(*place, version=version, tags={"redirect": to}))

    def decide(
        self, run: str, limits: Sequence[Limit], at: datetime = NOON, *, person: str = "per_1",
        group: str = "grp_1", account: str = "acc_1", hours: float = 72, **named: str,
    ) -> ActionDecided:  # fmt: skip
        """Record a decision to write to somebody, and return what is told of it."""
        digest = self.bundle.digest if self.bundle else store().active().digest
        said = mailed(run, person=person, **named).model_copy(
            update={"bundle": digest, "occurred_at": at, "expires_at": at + timedelta(hours=hours),
                    "group_id": group, "account_id": account}
        )  # fmt: skip
        decision = Decision(
            decision_id=said.decision_id, run_id=run, trace_id=said.trace_id, account_id=account,
            group_id=group, decided_at=at, bundle=digest, person_id=person,
            action=said.action.name, treatment=said.treatment, channel=said.channel,
            probability=1.0, reason="of this test", segment="strong", expires_at=said.expires_at,
            route=Route(to="marketing", row="r", why="w"), limits=tuple(limits),
            cause_id=derive_id("evt", run), inputs_digest="d", seed="s",
        )  # fmt: skip
        key = f"DECISION#{said.decision_id}"
        if self.ledger.get(key, "DECISION") is None:
            self.ledger.save(Record(key, "DECISION", decision.canonical()))
        return said
