"""An account, its groups and people in memory, and the lifecycle layer that places them."""

import re
from datetime import datetime, timedelta
from typing import Any

from functions.lifecycle.handler import step
from functions.lifecycle.repository import SceneRepository, StageRepository
from mos.aws.bundles import BundleStore
from mos.events import Noted, ProfileUnified, SignalReceived, SubjectPlaced
from mos.identity.engagement_rank import find_rank
from mos.memory.bucket import FakeBucket
from mos.memory.bus import FakeBus
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.account import Account, BuyingGroup, Member
from mos.model.base import derive_id
from mos.model.consent import Basis, ConsentState, Purpose
from mos.model.deal import Deal, DealState
from mos.model.profile import Profile, Statement, Trait
from mos.model.stage import Placement
from mos.policy.bundle.bundle import Bundle
from mos.policy.facts import decayed
from mos.ports import Moment, Record, Table
from mos.roster import COUNTED, SIZE
from tests.builders import NOON, edge
from tests.property.worlds import policy

ACCOUNT = "acc_1"
POINTS = {"page": 5.0, "lead_submitted": 20.0, "meeting_booked": 40.0, "email_replied": 25.0}


def table(_name: str) -> Table:
    """Return a new table; the fixture `ground` puts another kind in this one's place."""
    return FakeTable()


def group_id(solution: str) -> str:
    return derive_id("grp", ACCOUNT, solution)


def later(**span: float) -> datetime:
    return NOON + timedelta(**span)


class Theatre:
    """What people do goes straight into their profiles; `run` places one group's people."""

    def __init__(self, bundle: Bundle | None = None, **traits: Any) -> None:
        self.identity, self.lifecycle = table("identity"), table("lifecycle")
        self.actions = table("actions")
        self.timers, self.notes = FakeTimers(), FakeBus()
        self.store = BundleStore(FakeBucket())
        self.use(bundle or policy())
        self.account = Account(
            account_id=ACCOUNT,
            domain=str(traits.pop("domain", "acme.example")),
            traits={n: Trait(value=v, at=NOON, signal_id=f"sig_{n}") for n, v in traits.items()},
        )
        self.people: dict[str, Profile] = {}
        self.groups: dict[str, BuyingGroup] = {}
        self.runs = 0
        self.whole = False
        self.ranked: dict[str, str] = {}

    def rank(self, name: str) -> None:
        """List somebody by what they have done so far."""
        if rank := find_rank(self.people[name], self.store.active()):
            self.ranked[name] = rank

    def use(self, bundle: Bundle) -> None:
        self.store.publish(bundle)
        self.store.activate(bundle.digest, "test")

    def join(self, name: str, *solutions: str, at: datetime = NOON, title: str = "") -> None:
        """Have a person join the groups of these solutions, the platform's if none is named."""
        traits = {"title": Trait(value=title, at=at, signal_id=f"sig_title_{name}")}
        self.people.setdefault(
            name,
            Profile(
                profile_id=name, identifiers=(edge(f"email:{name}@acme.example"),),
                account_id=ACCOUNT, traits=traits if title else {},
            ),
        )  # fmt: skip
        for solution in solutions or ("platform",):
            held = self.groups.get(solution) or BuyingGroup(
                group_id=group_id(solution), account_id=ACCOUNT, solution=solution
            )
            member = Member(profile_id=name, since=at, signal_id=f"sig_join_{name}")
            self.groups[solution] = held.model_copy(update={"members": (*held.members, member)})

    def does(self, name: str, kind: str, at: datetime = NOON, points: float | None = None) -> None:
        """Add one human signal to a profile, as the fold does."""
        p, worth = self.people[name], POINTS.get(kind, 0.0) if points is None else points
        signal = f"sig_{name}_{kind}_{at.isoformat()}"
        changed: dict[str, Any] = {
            "counts": p.counts | {kind: p.counts.get(kind, 0) + 1},
            "last": p.last | {kind: at},
            "evidence": (*p.evidence, signal)[-20:],
            "last_signal_at": at,
        }
        if worth:
            lives = {"engagement": 14.0, "engagement_fast": 5.0, "engagement_slow": 28.0}
            changed |= {"engagement_at": at} | {
                f: decayed(getattr(p, f), p.engagement_at, at, life) + worth
                for f, life in lives.items()
            }
        self.people[name] = p.model_copy(update=changed)

    def says(self, name: str, at: datetime = NOON, **traits: Any) -> None:
        """Set traits of a person, as the CRM states them."""
        p = self.people[name]
        said = {n: Trait(value=v, at=at, signal_id=f"sig_crm_{n}") for n, v in traits.items()}
        self.people[name] = p.model_copy(update={"traits": p.traits | said})

    def agrees(self, name: str, purpose: Purpose) -> None:
        state = ConsentState(
            purpose=purpose, granted=True, basis=Basis.CONSENT, since=NOON, signal_id="sig_yes"
        )
        self.people[name] = self.people[name].model_copy(update={"consents": (state,)})

    def states(
        self, name: str, kind: str, at: datetime, by: str = "ae-olsen", **about: Any
    ) -> None:
        """Have a human confirm or dismiss somebody's role or membership."""
        p = self.people[name]
        said = Statement(kind=kind, by=by, at=at, signal_id=f"sig_{kind}_{name}", **about)
        self.people[name] = p.model_copy(update={"statements": (*p.statements, said)})

    def deal(self, state: DealState, at: datetime = NOON, solution: str | None = None) -> None:
        """Tell of one deal per solution: the latest word holds."""
        name = solution or "any"
        made = Deal(
            deal_id=name, state=state, stage=state.value, solution=solution, at=at,
            signal_id=f"sig_deal_{name}_{state.value}",
        )  # fmt: skip
        others = tuple(d for d in self.account.deals if d.deal_id != name)
        self.account = self.account.model_copy(update={"deals": (*others, made)})

    def run(
        self, at: datetime = NOON, solution: str = "platform", correction: str | None = None,
        who: str | None = None,
    ) -> SubjectPlaced:  # fmt: skip
        """Store what is known and place the group; each run is a new window."""
        self._keep()
        self.runs += 1
        run_id = f"run_{self.runs:04}"
        event = ProfileUnified(
            event_id=f"evt_{run_id}", cause_id="evt_0", trace_id="sig_0", occurred_at=at,
            run_id=run_id, run_at=at, profile_id=who or next(iter(self.people)),
            account_id=ACCOUNT, group_id=group_id(solution), material="test", why="a test",
            correction=correction,
        )  # fmt: skip
        return self.step(event)

    def step(self, event: ProfileUnified) -> SubjectPlaced:
        scenes = SceneRepository(self.identity, self.actions)
        stages = StageRepository(self.lifecycle)
        moment = Moment(event.run_at, "execution")
        return step(event, moment, scenes, stages, self.store, self.timers, self.notes)

    def wake(self, at: datetime) -> list[str]:
        """Fire what is due and run each group once for it, as the queue would; say what fired."""
        fired = [SignalReceived.parse(t.body).signal for t in self.timers.fire(at)]
        groups = {i.value for signal in fired for i in signal.identifiers}
        for solution, group in self.groups.items():
            if group.group_id in groups:
                self.run(at, solution)
        return [signal.name for signal in fired]

    def noted(self, kind: type[Noted]) -> list[Any]:
        return [note for note in self.notes.events if isinstance(note, kind)]

    def _keep(self) -> None:
        bodies = {("ACCOUNT#" + ACCOUNT, "ACCOUNT"): self.account.canonical()}
        bodies |= {(f"PERSON#{i}", "PROFILE"): p.canonical() for i, p in self.people.items()}
        for group in self.groups.values():
            pk, alone = f"GROUP#{group.group_id}", group.model_copy(update={"members": ()})
            bodies |= {(pk, "GROUP"): (group if self.whole else alone).canonical()}
            if not self.whole:
                bodies |= {(pk, f"MEMBER#{m.profile_id}"): m.canonical() for m in group.members}
            bodies |= {
                (pk, f"RANK#{rank}#{m.profile_id}"): m.canonical()
                for m in group.members
                if (rank := self.ranked.get(m.profile_id))
            }
            if not self.whole:
                counted = {COUNTED: float(len(group.members))}
                self.identity.put_new(Record(pk, SIZE, numbers=counted))
        for key, body in bodies.items():
            held = self.identity.get(*key)
            self.identity.save(Record(*key, body, held.version if held else 0))


def person(said: SubjectPlaced, name: str) -> Placement:
    """Return where one person was placed by a run."""
    [found] = [p for p in said.people if p.subject_id == name]
    return found


def facts_of(said: SubjectPlaced, name: str) -> dict[str, Any]:
    [found] = [p.facts for p in said.person_facts if p.person_id == name]
    return found


def hot(theatre: Theatre, name: str = "per_jane", at: datetime = NOON, **join: Any) -> None:
    """Have somebody with a budget raise a hand after much reading."""
    theatre.join(name, at=at, title="VP Finance", **join)
    theatre.does(name, "page", at, points=40)
    theatre.does(name, "lead_submitted", at)


def with_solutions(*names: str) -> Bundle:
    """Return the starter bundle with these solutions."""
    page = "parameters/groups.toml"
    text = re.sub(r"\[solutions\]\n(?:[^\[\n].*\n|\n)*", "", policy().text(page))
    listed = ", ".join(f'"{name}"' for name in names)
    text += f"""
[solutions]
value = [{listed}]
unit = "names"
owner = "test"
why = "a test"
review_by = 2027-05-01
"""
    return Bundle(policy().files | {page: text.encode()})
