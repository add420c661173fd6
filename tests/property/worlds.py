"""Random signals over a few people, and a data layer to put them in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from hypothesis import settings
from hypothesis import strategies as st

from functions.data.batch import Batch
from functions.data.repository import IdentityRepository
from mos.identity.snapshot import EVERY
from mos.memory.asker import FakeAsker
from mos.memory.bus import FakeBus
from mos.memory.table import FakeTable
from mos.model.consent import ConsentGrant, Purpose
from mos.model.profile import Profile
from mos.model.signal import Actor, Signal, SignalKind, Trust
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from tests.builders import NOON, signal, without_holdout

DEVICES = ("anonymous_id:a1", "anonymous_id:a2", "anonymous_id:a3")
NAMES = (
    "email:jane@acme.example",
    "email:jane@gmail.com",
    "email:ravi@freight.example",
    "user_id:u1",
    "user_id:u2",
    "hubspot_id:7",
)
NOBODYS = ("user_id:null", "email:info@acme.example")
"""Values that the starter bundle takes for nobody's."""
KINDS = (
    SignalKind.PAGE, SignalKind.IDENTIFY, SignalKind.LEAD_SUBMITTED, SignalKind.EMAIL_CLICKED,
    SignalKind.EMAIL_UNSUBSCRIBED, SignalKind.MEETING_BOOKED, SignalKind.ROLE_INFERRED,
)  # fmt: skip


def modest(examples: int) -> settings:
    """Return the settings of a property: the same examples in every run."""
    return settings(max_examples=examples, derandomize=True, deadline=None, database=None)


@cache
def policy() -> Bundle:
    return without_holdout()


@cache
def unlimited() -> Bundle:
    """Return a bundle that lets a person have any number of identifiers: plain union-find."""
    page = "[default]\npriority = 5\n[anonymous_id]\npriority = 9\nweak = true\n"
    page += "[user_id]\npriority = 1\n[email]\npriority = 2\n"
    return Bundle(policy().files | {"identity/identifiers.toml": page.encode()})


consents = st.lists(
    st.builds(
        ConsentGrant,
        purpose=st.sampled_from([Purpose.EMAIL_MARKETING, Purpose.ADVERTISING]),
        granted=st.booleans(),
    ),
    max_size=1,
).map(tuple)


@st.composite
def worlds(
    draw: st.DrawFn,
    most: int = 8,
    names: Sequence[str] = DEVICES + NAMES,
    trusts: Sequence[Trust] = (Trust.SIGNED,),
) -> list[Signal]:
    """Return some signals; each has its own id, though two may share their moment."""
    made = []
    for number in range(draw(st.integers(1, most))):
        kind = draw(st.sampled_from(KINDS))
        made.append(
            signal(
                kind,
                minute=draw(st.integers(0, 6)) * 30,
                ids=tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))),
                key=str(number),
                traits=draw(
                    st.sampled_from([{}, {"title": "VP Finance"}, {"title": "Wizard", "plan": "a"}])
                ),
                company=draw(st.sampled_from([{}, {}, {"domain": "acme.example"},
                                              {"domain": "other.example", "employees": 90}])),
                properties={"path": draw(st.sampled_from(["/pricing", "/security/sso", "/blog"]))},
                consent=draw(consents),
                actor=draw(st.sampled_from([Actor.HUMAN, Actor.HUMAN, Actor.MACHINE])),
                trust=draw(st.sampled_from(trusts)),
            )
        )  # fmt: skip
    return made


@st.composite
def arrivals(draw: st.DrawFn, signals: Sequence[Signal]) -> list[list[Signal]]:
    """Return the signals in batches, out of order, some of them twice."""
    again = draw(st.lists(st.sampled_from(signals), max_size=3))
    order = draw(st.permutations([*signals, *again]))
    batches: list[list[Signal]] = [[]]
    for one in order:
        batches[-1].append(one)
        if draw(st.booleans()):
            batches.append([])
    return [batch for batch in batches if batch]


class Unifier:
    """The data layer over tables in memory."""

    def __init__(self, bundle: Bundle | None = None) -> None:
        self.bundle = bundle or policy()
        self.log, self.identity, self.bus = FakeTable(), FakeTable(), FakeBus()
        self.parked: list[tuple[str, str]] = []
        self.last: Batch | None = None
        self.every, self.full = EVERY, 20

    def take(self, batches: Iterable[Sequence[Signal]]) -> "Unifier":
        for batch in batches:
            assert self.run(batch) == set()
        return self

    def run(self, signals: Sequence[Signal], now: datetime = NOON) -> set[str]:
        self.last = Batch(
            signals=self.log,
            identities=self.identity,
            bus=self.bus,
            asker=FakeAsker(),
            bundle=self.bundle,
            coalesce_seconds=60,
            park=lambda found, reason: self.parked.extend((s.signal_id, reason) for s in found),
            clock=lambda: NOON,
        )
        refolder = self.last.people.refolder
        refolder.every, refolder.full = self.every, self.full
        return self.last.run(signals, Moment(now))

    def people(self) -> dict[str, Profile]:
        """Return everybody by id."""
        return {
            pk.removeprefix("PERSON#"): Profile.parse(record.body)
            for (pk, sk), record in self.identity.items.items()
            if sk == "PROFILE" and record.body
        }

    def root(self, person: str) -> str:
        """Return who an id leads to now."""
        return IdentityRepository(self.identity).find([person]).roots[person]

    def partition(self) -> set[frozenset[str]]:
        """Return the identifiers that stand for one person, person by person.

        A device that nothing has claimed is its own person.
        """
        repository = IdentityRepository(self.identity)
        owners: dict[str, set[str]] = {}
        for (pk, sk), record in list(self.identity.items.items()):
            if sk == "OWNER":
                person = record.tags["person"]
                root = repository.find([person]).roots[person]
                owners.setdefault(root, set()).add(pk.removeprefix("ID#"))
        claimed = set().union(*owners.values())
        alone = {pk for pk, _ in self.log.items if pk.startswith("anonymous_id:")} - claimed
        return {frozenset(keys) for keys in owners.values()} | {frozenset({k}) for k in alone}
