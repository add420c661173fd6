"""Unmerge: give some of a person's identifiers to a person of their own, and refold both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from functions.data.intake.log import SignalLog
from functions.data.people.change import PersonChange
from functions.data.people.ledger import find_merges
from functions.data.repository import IdentityRepository
from functions.data.unify import Claim, unify
from mos.errors import ConflictError
from mos.identity.identifier import is_of, usable
from mos.identity.parting import Origins, find_former, find_origins, keeps_id, new_home
from mos.identity.resolution import Resolution
from mos.model.ledger import Entry, Op
from mos.model.profile import Edge, Profile
from mos.model.signal import Identifier, Signal
from mos.policy.bundle.bundle import Bundle

_TRIES = 5


@dataclass
class Separator:
    """Splits people. Every signal goes with the identifier that it came with."""

    identity: IdentityRepository
    log: SignalLog
    bundle: Bundle

    def separate(self, signal: Signal) -> list[PersonChange]:
        """Return both halves, or nothing where the identifiers are apart already."""
        moved = usable(signal, self.bundle)
        for attempt in range(_TRIES):
            try:
                return self._once(signal, moved)
            except ConflictError:
                if attempt == _TRIES - 1:
                    raise
        return []

    def _once(self, signal: Signal, moved: list[Identifier]) -> list[PersonChange]:
        stays = [_identifier(key) for key in _texts(signal, "apart_from")]
        owners = self.identity.owners([*moved, *stays])
        found = self.identity.find(o.person for o in owners.values())
        roots = {key: found.roots[o.person] for key, o in owners.items()}
        staying_with = {roots[i.key] for i in stays if i.key in roots}
        whole = next(
            (roots[i.key] for i in moved if roots.get(i.key) in staying_with),
            None,
        )
        if whole is None:
            # They are apart: a first try has done it and may have died before it could say so.
            return [
                PersonChange(Claim(person, [signal]), profile, profile)
                for person in sorted(set(roots.values()))
                for profile in [found.stored(person)[0]]
            ]
        names = {whole, *(o.person for o in owners.values())}
        at, cause = signal.received_at, signal.signal_id
        held, version = found.stored(whole)
        if any(self.identity.has_split(name, cause, at) for name in names):
            # They have been merged again since, and this is the older word; or a try died half-way.
            return self._finish(signal, [*moved, *stays], whole, found, roots)
        leaving: list[Identifier] = [i for i in moved if i.key in {e.key for e in held.identifiers}]
        staying = [i for i in held.identifiers if i.key not in {m.key for m in leaving}]
        if not leaving or not staying:
            return []
        origins = find_origins(find_merges(self.identity, whole))
        if keeps_id(whole, {i.key for i in leaving}, {i.key for i in staying}, origins):
            # Those who are to leave are the person whose id it was: the others go.
            keys = {edge.key for edge in staying}
            leaving = list(staying)
            staying = [edge for edge in held.identifiers if edge.key not in keys]
        target = self._target(whole, leaving, signal, origins)
        there, target_version = self._living(target)
        going = [*there.identifiers, *leaving]
        # A signal may be logged under a key of one half and be of the other.
        log_keys = {*held.log_keys, *there.log_keys, *(edge.key for edge in held.identifiers)}
        left = self._folded(whole, staying, signal, log_keys)
        gone = self._folded(target, going, signal, log_keys)
        entry = Entry(
            op=Op.UNMERGE,
            at=signal.received_at,
            by=str(signal.properties.get("by") or signal.source),
            rule=str(signal.properties.get("reason") or "a human said so"),
            signal_id=signal.signal_id,
            people=(whole, target),
            identifiers=tuple(sorted(i.key for i in leaving)),
            compensate=_texts(signal, "compensate"),
            before=(held,),
        )
        self.identity.split((left, version), (gone, target_version), leaving, entry)
        return [
            PersonChange(Claim(whole, [signal]), held, left),
            PersonChange(Claim(target, [signal]), there, gone),
        ]

    def _finish(
        self,
        signal: Signal,
        named: list[Identifier],
        whole: str,
        found: Resolution,
        roots: Mapping[str, str],
    ) -> list[PersonChange]:
        """Hand over what still leads to those who no longer hold it; say of whom, if anything."""
        held = {edge.key for edge in found.stored(whole)[0].identifiers}
        left = [i for i in named if roots.get(i.key) == whole and i.key not in held]
        gone = {roots[i.key] for i in named if roots.get(i.key, whole) != whole}
        if not left or len(gone) != 1:
            return []
        (target,) = gone
        self.identity.hand_over(left, target)
        return [
            PersonChange(Claim(person, [signal]), profile, profile)
            for person in (whole, target)
            for profile in [found.stored(person)[0]]
        ]

    def _folded(
        self,
        person: str,
        identifiers: Sequence[Identifier],
        signal: Signal,
        log_keys: Iterable[str],
    ) -> Profile:
        ids = tuple(
            Edge(type=i.type, value=i.value) for i in sorted(identifiers, key=lambda i: i.key)
        )
        start = Profile(profile_id=person, identifiers=ids)
        log = self.log.of(ids, self.bundle, log_keys)
        said = [signal] if is_of(signal, {i.key for i in ids}, self.bundle) else []
        return unify(start, said, self.bundle, log)

    def _living(self, person: str) -> tuple[Profile, int]:
        """Return who lives under an id now, reviving one that redirects."""
        profile, version = self.identity.raw(person)
        return (profile or Profile(profile_id=person)), version

    def _target(
        self, whole: str, leaving: list[Identifier], signal: Signal, origins: Origins
    ) -> str:
        """Return the id that leaves: the one that it had before, where that is not the one kept."""
        going = {i.key for i in leaving}
        former = find_former(whole, going, origins)

        def is_free(person: str) -> bool:
            theirs = origins.get(person, frozenset())
            return self.identity.is_free(person, whole, is_theirs=bool(theirs) and theirs <= going)

        return new_home(leaving, former, is_free, signal.signal_id)


def _texts(signal: Signal, name: str) -> tuple[str, ...]:
    value = signal.properties.get(name)
    return tuple(map(str, value)) if isinstance(value, tuple | list) else ()


def _identifier(key: str) -> Identifier:
    kind, _, value = key.partition(":")
    return Identifier(type=kind, value=value)
