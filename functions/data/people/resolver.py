"""Load the people that a batch touches, and save what it makes of them."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from functions.data.intake.log import SignalLog
from functions.data.people.change import PersonChange
from functions.data.people.homes import HomeMarker
from functions.data.people.ledger import find_refused_keys, note_merge
from functions.data.people.refold import Refolder
from functions.data.repository import IdentityRepository
from functions.data.unify import Claim, add, arrival, assign, can_add
from mos.errors import OverfullError
from mos.identity.edges import MOST_FOREIGN
from mos.identity.graph import is_alone
from mos.identity.graph_view import Held, View
from mos.identity.identifier import person_id, usable
from mos.identity.resolution import Owner, Resolution
from mos.identity.rules import rules_of
from mos.identity.snapshot import Marks
from mos.model.ledger import Entry, Op
from mos.model.profile import Edge, Profile
from mos.model.signal import Identifier, Signal
from mos.policy.bundle.bundle import Bundle

_SEEN_MOST = 10_000
MOST_LOG_KEYS = 300
"""Under how many keys that are not theirs a person's signals may be logged."""


@dataclass
class IdentityResolver:
    """Who the signals of a batch are about. `noted` are refusals that stand in the ledger."""

    identity: IdentityRepository
    log: SignalLog
    bundle: Bundle
    noted: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.refolder = Refolder(self.identity, self.log, self.bundle)
        self.homes = HomeMarker(self.identity, self.log, self.bundle)

    def assign(
        self, signals: Sequence[Signal], new: AbstractSet[str]
    ) -> tuple[list[Claim], list[Signal], Resolution]:
        """Return a claim per person, the signals of nobody, and the people as stored.

        Which identifier linked them is marked in the log before anybody is folded from it.
        """
        claims, nobody, found = self.link(signals, new)
        self.homes.mark(claims, new)
        return claims, nobody, found

    def link(
        self, signals: Sequence[Signal], new: AbstractSet[str]
    ) -> tuple[list[Claim], list[Signal], Resolution]:
        """Return what `assign` does, and leave nothing behind."""
        sets = [ids for s in signals if (ids := usable(s, self.bundle))]
        identifiers = [i for ids in sets for i in ids]
        owners, found = self._owned(sets)
        view = View(owners={k: found.roots[o.person] for k, o in owners.items()})
        view.people = {p: Held.of(profile) for p, (profile, _) in found.people.items()}
        held = dict(view.owners)
        self._narrow_foreign(view, [s for s in signals if s.signal_id not in new])
        claims, nobody = assign(signals, view, self.bundle, new)
        # A retry finds the identifiers taken, by the very signals that it brings.
        introduced = {o.cause for k, o in owners.items() if not _is_device(k)}
        for claim in claims:
            claim.introduced = introduced | {
                cause.signal_id for i, cause in claim.gained.items() if not _is_device(i.key)
            }
            mine = {claim.profile_id, *claim.joined}
            claim.owned = tuple(i for i in identifiers if held.get(i.key) in mine)
        return claims, nobody, found

    def _narrow_foreign(self, view: View, repeated: Sequence[Signal]) -> None:
        """Keep of what came along with somebody's signals only what a protection has left out.

        The rest came with signals that are logged and not linked yet: a try that died or met a
        conflict. Whoever read the log in between has seen them.
        """
        firsts = [ids[0].key for s in repeated if (ids := usable(s, self.bundle))]
        # What came along with a stranger's word stands in no profile, only in the ledger.
        strange = {i.key for s in repeated if s.is_anybodys for i in usable(s, self.bundle)}
        for person in {view.owners[key] for key in firsts if key in view.owners}:
            known = view.held(person)
            if known.foreign or strange:
                refused = find_refused_keys(self.identity, person)
                left_out = (known.foreign | strange) & refused
                view.people[person] = replace(known, foreign=left_out)

    def _owned(self, sets: Sequence[Sequence[Identifier]]) -> tuple[dict[str, Owner], Resolution]:
        """Return whose the identifiers are. Each signal's strongest is asked for first.

        What the person behind it holds anyway need not be asked for: most signals of known people
        cost one look instead of three.
        """
        owners = self.identity.owners(found[0] for found in sets)
        found = self.identity.find(o.person for o in owners.values())
        asked = {identifiers[0].key for identifiers in sets}
        held: dict[str, Owner] = {}
        for person, (profile, _) in found.people.items():
            held |= {e.key: Owner(person, e.signal_id or "") for e in profile.identifiers}
        rest = [i for ids in sets for i in ids[1:] if i.key not in asked and i.key not in held]
        more = self.identity.owners(rest)
        strangers = [o.person for o in more.values() if o.person not in found.roots]
        if strangers:
            others = self.identity.find(strangers)
            found = found.join(others)
        known = {i.key for ids in sets for i in ids}
        return {**{k: o for k, o in held.items() if k in known}, **owners, **more}, found

    def again(self, claim: Claim, new: AbstractSet[str]) -> tuple[Claim, Resolution] | None:
        """Link a claim's signals on what is stored now, or None where they part."""
        claims, _, found = self.assign(claim.signals, new)
        self.homes.unmark(claims)
        if len(claims) != 1:
            return None
        if claims[0].profile_id not in found.people:
            # A new person under an id that is taken: an erased one, or one that was merged.
            known = self.identity.find([claims[0].profile_id])
            if known.roots[claims[0].profile_id] != claims[0].profile_id:
                return None
            found = found.join(Resolution({}, known.people, known.marks))
        return claims[0], found

    def save(self, claim: Claim, found: Resolution, new: set[str], *, fresh: bool) -> PersonChange:
        """Fold the claim into the stored profile.

        Signals are only added to a profile when none of them was logged before and nobody else
        writes: else what is stored may hold some of them already, and it is rebuilt from the log.
        One in some hundreds is rebuilt all the same, and leaves a snapshot: the next rebuilding
        may begin there.

        Raises:
            ConflictError: somebody else changed a person or took an identifier.
        """
        before, version = found.stored(claim.profile_id)
        born = version == 0
        if not born:
            self.identity.claim(claim.gained, claim.profile_id)
        joined = {i: found.stored(i) for i in claim.joined}
        ids = _identifiers(before, [p for p, _ in joined.values()], [*claim.gained, *claim.owned])
        own = {s.signal_id for s in claim.signals}
        older = [] if born else self._older(claim, own)
        log_keys = {k for p in (before, *(p for p, _ in joined.values())) for k in p.log_keys}
        simple = (
            fresh
            and not joined
            and not older
            and own <= new
            and {i.key for i in ids} == {i.key for i in (*before.identifiers, *claim.gained)}
            and not _came_along(before, claim)
            and can_add(before, claim.signals)
        )
        marks, log = Marks.parse(found.marks.get(claim.profile_id, "")), list[Signal]()
        start = Profile(profile_id=before.profile_id, identifiers=ids)
        if simple and not self.refolder.is_due(before, claim.signals):
            grown = before.model_copy(update={"identifiers": ids})
            after, kept = add(grown, claim.signals, self.bundle), marks.note(claim.signals)
        else:
            # Who has joined brings a log of their own: all of it is one story from the start.
            spared = Marks() if joined else marks
            made = self.refolder.refold(start, claim.signals, log_keys, spared)
            after, kept, log = made.profile, made.marks, [*made.log]
        if len(after.log_keys) > MOST_LOG_KEYS:
            raise OverfullError(claim.profile_id, "keys of the log", MOST_LOG_KEYS)
        losers = {
            i: (old, note_merge(claim, i, before, profile)) for i, (profile, old) in joined.items()
        }
        if born or losers:
            gained = claim.gained if born else {}
            self.identity.merge(after, version, losers, gained, kept.text)
        else:
            self.identity.save(after, version, kept.text)
        if born and not log and (older := self._older(claim, own)):
            # What a device did before is theirs now. Only after the claim is this look the last:
            # whoever logs a signal of it later sees whose it is.
            made = self.refolder.refold(start, claim.signals, log_keys, Marks())
            after, kept, log = made.profile, made.marks, [*made.log]
            self.identity.save(after, 1, kept.text)
        self._throw_away(claim, found, marks, kept)
        self._after(claim, older, after)
        return PersonChange(claim, before, after, tuple(p for p, _ in joined.values()),
                      {s.signal_id: s for s in log}, is_first=born)  # fmt: skip

    def _throw_away(self, claim: Claim, found: Resolution, held: Marks, kept: Marks) -> None:
        """Throw away the snapshots that hold no longer, and those of who is one with them now."""
        gone = set(held.places) - set(kept.places)
        self.identity.snapshots.drop(claim.profile_id, gone)
        for joined in claim.joined:
            places = Marks.parse(found.marks.get(joined, "")).places
            self.identity.snapshots.drop(joined, places)

    def _older(self, claim: Claim, own: set[str]) -> list[Signal]:
        """Return what newly claimed devices did before this claim."""
        devices = [i for i in claim.gained if rules_of(self.bundle).is_weak(i)]
        return [s for s in self.log.of(devices, self.bundle) if s.signal_id not in own]

    def _after(self, claim: Claim, older: Iterable[Signal], after: Profile) -> None:
        """Let devices' own ids lead to their person, and note the merges that were refused."""
        for key, cause in claim.gained.items():
            if person_id(key) == after.profile_id or not rules_of(self.bundle).is_weak(key):
                continue
            # What came when the device was somebody's already never made it a person.
            before = (s for s in claim.signals if arrival(s) < (cause.at, cause.signal_id))
            if any(is_alone(s, key, self.bundle) for s in (*older, *before)):
                self.identity.redirect_device(person_id(key), after.profile_id, cause.signal_id)
        for name, (demotion, cause) in claim.demoted.items():
            if (after.profile_id, name) in self.noted or len(self.noted) > _SEEN_MOST:
                continue
            self.noted.add((after.profile_id, name))
            entry = Entry(
                op=Op.REFUSED,
                at=cause.at,
                by=cause.by,
                rule=demotion.rule,
                signal_id=cause.signal_id,
                people=tuple(sorted({after.profile_id, *demotion.others})),
                identifiers=(demotion.identifier.key,),
            )
            self.identity.note(entry, after.profile_id)
            self.identity.traces.note_carrier(after.profile_id, demotion.others)


def _came_along(before: Profile, claim: Claim) -> bool:
    """Say whether a new identifier has come along with earlier signals already."""
    full = len(before.foreign) >= MOST_FOREIGN
    return any(full or i.key in before.foreign for i in claim.gained)


def _identifiers(
    before: Profile, joined: Iterable[Profile], others: Iterable[Identifier]
) -> tuple[Edge, ...]:
    found: dict[str, Edge] = {
        i.key: Edge(type=i.type, value=i.value)
        for i in (*(i for p in joined for i in p.identifiers), *others)
    }
    found |= {edge.key: edge for edge in before.identifiers}
    return tuple(found[key] for key in sorted(found))


def _is_device(key: str) -> bool:
    return key.startswith("anonymous_id:")
