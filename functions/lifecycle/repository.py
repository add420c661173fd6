"""Where stages are kept.

lifecycle: `SUBJECT#<id>/STAGE` (now; a person's is `STAGE@<group>`, one per group),
`SUBJECT#<id>/HISTORY[@<group>]#<since>#<nth>` (every move, with its receipt), `UNDONE@<group>#…`
(moves while they were taken for somebody else),
`RUN#<run_id>/PLACED` (what the run saw: a retry tells the same story), `GROUPS#<hex>/<group>`
(which groups there are, by the first digit of their id).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mos.events import SubjectPlaced
from mos.former_ids import find_former_ids
from mos.handoffs import list_ended
from mos.identity.company_tree import CompanyTree
from mos.model.account import Account, BuyingGroup
from mos.model.base import derive_id
from mos.model.decision import PersonFacts
from mos.model.handoff import EndedHandoff
from mos.model.profile import Profile, Span
from mos.model.stage import Level, Placement
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record, Save, Table
from mos.roster import Roster

_HOPS = 20


@dataclass(frozen=True)
class Crowd:
    """The people whom a run looks at: `group` holds its members among them.

    `person` is whom the run is about, under the id that they have now. How many were left out is
    told of the group, and of the account.
    """

    group: BuyingGroup
    people: tuple[Profile, ...]
    person: str
    group_left_out: int = 0
    account_left_out: int = 0


class SceneRepository:
    """What a run looks at: the data layer's table, and of the action layer's the hand-offs."""

    def __init__(self, identity: Table, actions: Table) -> None:
        self._identity, self._actions = identity, actions
        self._roster = Roster(identity)

    def list_ended(self, group_id: str) -> tuple[EndedHandoff, ...]:
        """Return the hand-offs of a group that were taken back; none while another one stands."""
        return list_ended(self._actions, group_id)

    def account(self, account_id: str, bundle: Bundle) -> Account:
        """Return an account with what its aliases know, and who is above it."""
        return CompanyTree(self._accounts, bundle).whole(account_id)

    def _accounts(self, accounts: Sequence[str]) -> dict[str, Account]:
        found = self._identity.get_many([(f"ACCOUNT#{one}", "ACCOUNT") for one in accounts])
        return {pk.removeprefix("ACCOUNT#"): Account.parse(r.body) for (pk, _), r in found.items()}

    def groups(self, account_id: str, solutions: Iterable[str]) -> dict[str, BuyingGroup]:
        """Return the groups of an account that exist, by id: there is at most one per solution."""
        return self._roster.groups(derive_id("grp", account_id, s) for s in solutions)

    def group(self, group_id: str) -> BuyingGroup | None:
        return self._roster.group(group_id)

    def crowd(
        self, group: BuyingGroup, others: Iterable[BuyingGroup], most: int, person: str
    ) -> Crowd:
        """Return the people of a group, then of an account's others: at most so many of them.

        The person whom a run is about is among them whatever they did, if they are in the group;
        under the id that they have by now, if they have become one with somebody since. Then come
        the most engaged ones.
        """
        root = person
        own = self._roster.select(group, most, root)
        if not any(m.profile_id == person for m in own.members):
            root = self._follow(person)
            own = self._roster.select(group, most, root) if root != person else own
        ids, left_out = {m.profile_id: None for m in own.members}, own.left_out
        for other in others:
            room = most - len(ids)
            more = self._roster.select(other, max(room, 1))
            ids |= {m.profile_id: None for m in more.members[:room]}
            left_out = max(left_out, len(more.members) + more.left_out - len(ids))
        found = self._identity.get_many([(f"PERSON#{i}", "PROFILE") for i in ids])
        people = [Profile.parse(r.body) for r in found.values() if r.body]
        people.sort(key=lambda p: p.profile_id)
        looked_at = group.model_copy(update={"members": own.members})
        return Crowd(looked_at, tuple(people), root, own.left_out, left_out)

    def name_former(
        self, facts: Iterable[PersonFacts], people: Iterable[Profile]
    ) -> tuple[PersonFacts, ...]:
        """Return what is known of people with the ids under which they were known before."""
        held, known = {p.profile_id: p for p in people}, tuple(facts)
        profiles = [held[one.person_id] for one in known if one.person_id in held]
        former = find_former_ids(self._identity, profiles)
        return tuple(
            one.model_copy(update={"former": former[one.person_id]})
            if one.person_id in former
            else one
            for one in known
        )

    def _follow(self, person: str) -> str:
        """Return under which id somebody lives."""
        for _ in range(_HOPS):
            record = self._identity.get(f"PERSON#{person}", "PROFILE")
            if record is None or "redirect" not in record.tags:
                break
            person = record.tags["redirect"]
        return person


class StageRepository:
    """This layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def told(self, run_id: str) -> SubjectPlaced | None:
        """Return what this run has said already, if a first try got that far."""
        record = self._table.get(f"RUN#{run_id}", "PLACED")
        return SubjectPlaced.parse(record.body) if record else None

    def now(
        self, account_id: str, group_id: str, people: Iterable[str]
    ) -> dict[str, tuple[Placement, int]]:
        """Return the last placements of a group's run by their key, with their versions."""
        keys = [(f"SUBJECT#{account_id}", "STAGE"), (f"SUBJECT#{group_id}", "STAGE")]
        keys += [(f"SUBJECT#{person}", f"STAGE@{group_id}") for person in people]
        found = [(Placement.parse(r.body), r.version) for r in self._table.get_many(keys).values()]
        return {placement.key: (placement, version) for placement, version in found}

    def restore(
        self, standing: Mapping[str, Placement], spans: Mapping[str, tuple[Span, ...]]
    ) -> dict[str, Placement]:
        """Return the placements without what was concluded of whoever was taken for another.

        `spans` are the stretches in which people, accounts and groups were. Who moved in such a
        stretch stands again where they stood before it, with that stage's `since` and clocks; the
        moves are put aside (`UNDONE@<group>#…`), and are history no more.
        """
        restored: dict[str, Placement] = {}
        for key, placement in standing.items():
            undone = spans.get(placement.subject_id, ())
            if any(span.holds(placement.since) for span in undone):
                held = self._stood(placement, undone)
                restored |= {key: held} if held else {}
            else:
                restored[key] = placement
        return restored

    def _stood(self, placement: Placement, undone: Sequence[Span]) -> Placement | None:
        """Return where a subject stood before such stretches, and put the moves of them aside."""
        at = f"@{placement.group_id}" if placement.group_id else ""
        pk, name = f"SUBJECT#{placement.subject_id}", f"HISTORY{at}#"
        last = None
        for record in self._table.query(pk, prefix=name):
            move = Placement.parse(record.body)
            if not any(span.holds(move.since) for span in undone):
                last = move.kept
                continue
            aside = record.sk.replace("HISTORY", "UNDONE", 1)
            self._table.put_new(Record(pk, aside, record.body))
            self._table.delete(pk, record.sk)
        return last

    def save(
        self,
        said: SubjectPlaced,
        everyone: Iterable[Placement],
        before: dict[str, tuple[Placement, int]],
        execution: str | None,
        expires_at: int,
    ) -> None:
        """Store what has changed, every move and what the run said of them, all or nothing.

        Raises:
            ConflictError: another run has changed a subject meanwhile, or told this story first.
        """
        tags = {"execution": execution} if execution else {}
        changes = [
            Save(
                Record(
                    f"RUN#{said.run_id}",
                    "PLACED",
                    said.canonical(),
                    expires_at=expires_at,
                    tags=tags,
                )
            )
        ]
        for placement in everyone:
            held, version = before.get(placement.key, (None, 0))
            if held is None or placement.kept != held:
                changes += _changes(placement, version)
        self._table.transact(changes, derive_id("tx", said.event_id))


def _changes(placement: Placement, version: int) -> list[Save]:
    key = f"SUBJECT#{placement.subject_id}"
    at = f"@{placement.group_id}" if placement.group_id else ""
    changes = [Save(Record(key, f"STAGE{at}", placement.kept.canonical(), version))]
    if placement.moved:
        nth = f"{placement.since.isoformat()}#{version:06}"
        changes.append(Save(Record(key, f"HISTORY{at}#{nth}", placement.canonical())))
    if placement.level is Level.GROUP and version == 0:
        first = placement.subject_id.removeprefix("grp_")[:1]
        changes.append(Save(Record(f"GROUPS#{first}", placement.subject_id)))
    return changes
