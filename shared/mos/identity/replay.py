"""Read the log again: the graph and the people that its signals make, in the order they came. Pure.

What the data layer does batch by batch, done in memory with the same verbs. It answers what was
known at a moment, what another set of match rules would make of the same log, and whether what is
stored is what the log says.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from mos.identity.correction import ADMINISTRATIVE, is_allowed, word_of
from mos.identity.fold import apart_after, fold_all, order
from mos.identity.graph import is_lone, link
from mos.identity.graph_view import Held, Link, View
from mos.identity.identifier import parse_key, person_id, usable
from mos.identity.parting import find_former, find_origins, keeps_id, new_home
from mos.identity.rules import rules_of
from mos.identity.shared_value import Names, merge_names, names_in, tell_name
from mos.model.profile import Edge, Profile
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle


@dataclass
class Replay:
    """The graph after some signals.

    `joined` lists merges: (survivor, joined id, its keys, the survivor's).
    """

    bundle: Bundle
    view: View = field(default_factory=View)
    redirects: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    joined: list[tuple[str, str, frozenset[str], frozenset[str]]] = field(default_factory=list)
    by_key: dict[str, list[Signal]] = field(default_factory=dict)
    devices: dict[str, Identifier] = field(default_factory=dict)

    def take(self, signals: Iterable[Signal]) -> "Replay":
        """Take signals in the order in which they were received."""
        unique = {signal.signal_id: signal for signal in signals}
        for signal in sorted(unique.values(), key=lambda s: (s.received_at, s.signal_id)):
            self._one(signal)
        return self

    def _one(self, signal: Signal) -> None:
        identifiers = usable(signal, self.bundle)
        if not identifiers or not is_allowed(signal) or signal.kind is SignalKind.TIMER_DUE:
            return
        if signal.kind is SignalKind.UNMERGED:
            self.by_key.setdefault(identifiers[0].key, []).append(signal)
            self._separate(signal, identifiers)
            return
        at, word = signal.occurred_at, word_of(signal)
        names = names_in(signal)
        name = tell_name(names)
        found = link(identifiers, self.view, rules_of(self.bundle), at, word=word, name=name)
        home = self.view.find_home(found, identifiers)
        self.by_key.setdefault(home, []).append(signal)
        if is_lone(signal, identifiers, found):
            self.devices[identifiers[0].key] = identifiers[0]
            return
        own = frozenset(self.view.held(found.profile_id).edges)
        for loser in found.joined:
            keys = frozenset(self.view.held(loser).edges)
            self.joined.append((found.profile_id, loser, keys, own))
            self.redirects[loser] = found.profile_id
        self.used |= {found.profile_id, *found.joined}
        self.view.take(found, signal.occurred_at, names)
        self._gained(found)
        self._note(found.profile_id, signal)

    def _gained(self, found: Link) -> None:
        for device in found.gained:
            if self.devices.pop(device.key, None) and person_id(device) != found.profile_id:
                self.redirects.setdefault(person_id(device), found.profile_id)
                self.used.add(person_id(device))
        self.redirects.pop(found.profile_id, None)
        held = self.view.held(found.profile_id)
        seen = {
            i.key: min(s.occurred_at for s in self.by_key[i.key])
            for i in found.gained
            if i.key in self.by_key
        }
        self.view.people[found.profile_id] = replace(held, edges={**held.edges, **seen})

    def _note(self, person: str, signal: Signal) -> None:
        """Keep when identifiers were first seen, and who must stay apart, as the fold does."""
        held = self.view.held(person)
        carried = {i.key for i in signal.identifiers}
        edges = {
            key: min(since or signal.occurred_at, signal.occurred_at) if key in carried else since
            for key, since in held.edges.items()
        }
        apart = apart_after(held.apart, signal)
        self.view.people[person] = replace(held, edges=edges, apart=apart)

    def _separate(self, signal: Signal, moved: list[Identifier]) -> None:
        stays = _texts(signal, "apart_from")
        roots = {self.view.owners[i.key] for i in moved if i.key in self.view.owners}
        whole = next((r for r in sorted(roots) if stays & set(self.view.held(r).edges)), None)
        if whole is None:
            return
        held = self.view.held(whole)
        leaving = [i for i in moved if i.key in held.edges]
        going = {i.key for i in leaving}
        remaining = set(held.edges) - going
        if not leaving or not remaining:
            return
        origins = find_origins((s, own, loser, keys) for s, loser, keys, own in self.joined)
        if keeps_id(whole, going, remaining, origins):
            found = [parse_key(key) for key in sorted(remaining)]
            leaving, going = [i for i in found if i], remaining
        former = find_former(whole, going, origins)

        def is_free(person: str) -> bool:
            theirs = origins.get(person, frozenset())
            return self._is_free(person, whole, is_theirs=bool(theirs) and theirs <= going)

        target = new_home(leaving, former, is_free, signal.signal_id)
        self.redirects.pop(target, None)
        self.used.add(target)
        self.view.people[target] = self._hold({*self.view.held(target).edges, *going})
        self.view.people[whole] = self._hold(set(held.edges) - going)
        self.view.owners |= dict.fromkeys(going, target)

    def _hold(self, keys: set[str]) -> Held:
        """Return what the graph must know of who holds these keys: what their own signals say."""
        edges: dict[str, datetime | None] = dict.fromkeys(sorted(keys))
        names: Names = {}
        for signal in (s for key in edges for s in self.by_key.get(key, ()) if is_allowed(s)):
            binds = usable(signal, self.bundle) if signal.is_anybodys else signal.identifiers
            for key in keys.intersection(i.key for i in binds):
                edges[key] = min(edges[key] or signal.occurred_at, signal.occurred_at)
            names = merge_names(names, names_in(signal))
        known = any(not key.startswith("anonymous_id:") for key in keys)
        return Held(known=known, edges=edges, apart=self._apart(keys), names=names)

    def _is_free(self, person: str, leaving: str, *, is_theirs: bool) -> bool:
        if self.view.held(person).edges:
            return False
        if person not in self.used or self.redirects.get(person) == leaving:
            return True
        return is_theirs and person in self.redirects

    def _apart(self, keys: set[str]) -> dict[str, datetime]:
        """Return what humans said of these identifiers: their word goes with its signals."""
        said = [s for key in keys for s in self.by_key.get(key, ()) if s.kind in ADMINISTRATIVE]
        apart: dict[str, datetime] = {}
        for signal in sorted(said, key=order):
            apart = apart_after(apart, signal)
        return apart

    def person_of(self, key: str) -> str | None:
        """Return whose identifier this is; a device that nothing has claimed is its own person."""
        if key in self.devices:
            return person_id(self.devices[key])
        return self.view.owners.get(key)

    def people(self) -> dict[str, Profile]:
        """Return everybody, known people and unclaimed devices, by id."""
        keys: dict[str, list[str]] = {}
        for key, person in self.view.owners.items():
            keys.setdefault(person, []).append(key)
        for key, device in self.devices.items():
            keys.setdefault(person_id(device), []).append(key)
        return {person: self.folded(person, found) for person, found in sorted(keys.items())}

    def profile(self, person: str) -> Profile:
        """Return one person."""
        keys = [key for key, owner in self.view.owners.items() if owner == person]
        keys += [key for key, device in self.devices.items() if person_id(device) == person]
        return self.folded(person, keys)

    def folded(self, person: str, keys: list[str]) -> Profile:
        """Return the person of this id whose identifiers these are."""
        parts = [key.partition(":") for key in sorted(keys)]
        edges = tuple(Edge(type=kind, value=value) for kind, _, value in parts)
        signals = [s for key in keys for s in self.by_key.get(key, ())]
        start = Profile(profile_id=person, identifiers=edges)
        return fold_all(start, signals, self.bundle)


def known(
    signals: Iterable[Signal], *, as_of: datetime | None, known_at: datetime | None
) -> list[Signal]:
    """Return what had happened by `as_of`, as far as we had heard of it at `known_at`."""
    return [
        s
        for s in signals
        if (as_of is None or s.occurred_at <= as_of)
        and (known_at is None or s.received_at <= known_at)
    ]


def _texts(signal: Signal, name: str) -> set[str]:
    value = signal.properties.get(name)
    return set(map(str, value)) if isinstance(value, tuple | list) else set()
