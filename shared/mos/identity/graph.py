"""The identity graph: whose identifiers are these? Pure.

None known: a new person. One owner: attach. Several: merge. Three protections come first, in the
order of priority: two known people are never one because of a device; nobody may hold more values
of a type than its limit; people whom a human has told apart stay apart. Where one of them would
be broken, the weakest identifier is left out of the question and the rest is asked again.

A device that no signal has tied to anything else needs no record: it is its own person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mos.identity.correction import Word
from mos.identity.identifier import log_key, person_id
from mos.identity.rules import MatchRules
from mos.model.base import derive_id
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal

MOST_IDENTIFIERS = 300
"""Of all types together, on whoever's word: what one stored profile can hold."""


@dataclass(frozen=True)
class Held:
    """What the graph must know of a person.

    `edges` maps the identifiers' keys to when they were first seen; `apart` are keys of people
    whom a human has told apart from this one; `foreign` came along and were left out.
    """

    known: bool = False
    edges: Mapping[str, datetime | None] = field(default_factory=dict)
    apart: Mapping[str, datetime] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()

    @classmethod
    def of(cls, profile: Profile) -> "Held":
        """Return what the graph must know of this profile."""
        return cls(
            known=profile.is_known,
            edges={i.key: i.since for i in profile.identifiers},
            apart=profile.apart,
            foreign=frozenset(profile.foreign),
        )

    def with_(
        self,
        others: Sequence["Held"],
        gained: Sequence[Identifier],
        at: datetime,
    ) -> "Held":
        """Return this person after others have joined and new identifiers were gained."""
        edges = dict(self.edges)
        for other in others:
            edges |= other.edges
        edges |= {i.key: at for i in gained if i.key not in edges}
        return Held(
            known=any(not k.startswith("anonymous_id:") for k in edges),
            edges=edges,
            apart=_latest(self, *others),
            foreign=self.foreign.union(*(o.foreign for o in others)),
        )


@dataclass
class View:
    """The part of the graph that a batch touches. `owners` maps identifier keys to people."""

    owners: dict[str, str] = field(default_factory=dict)
    people: dict[str, Held] = field(default_factory=dict)

    def held(self, person: str) -> Held:
        """Return what is known of a person."""
        return self.people.get(person, Held())

    def take(self, link: "Link", at: datetime) -> None:
        """Change the view as a link says."""
        others = [self.people.pop(p) for p in link.joined if p in self.people]
        self.people[link.profile_id] = self.held(link.profile_id).with_(others, link.gained, at)
        self.owners |= {i.key: link.profile_id for i in link.gained}
        moved = [k for k, p in self.owners.items() if p in link.joined]
        self.owners |= dict.fromkeys(moved, link.profile_id)


@dataclass(frozen=True)
class Demotion:
    """An identifier that was left out of the question, and the protection that asked for it."""

    identifier: Identifier
    rule: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """Who a signal belongs to, and what that changes.

    `joined` are people who turn out to be `profile_id`; `gained` are its new identifiers; `rule`
    says which identifier decided.
    """

    profile_id: str
    joined: tuple[str, ...] = ()
    gained: tuple[Identifier, ...] = ()
    demoted: tuple[Demotion, ...] = ()
    rule: str = "new"
    is_new: bool = False


def link(
    identifiers: Sequence[Identifier],
    view: View,
    rules: MatchRules,
    at: datetime,
    *,
    word: Word = Word.RULES,
) -> Link:
    """Return whose signal this is. `identifiers` come strongest first and are not empty.

    A human's word that they are one person: limits yield, and so do earlier separations, but not
    one that a human made since: the same word heard twice is still the older one. To a sender's
    express word limits yield, and nothing that a human has said.
    """
    asked, demoted = list(identifiers), list[Demotion]()
    while True:
        found = _join(asked, view, rules)
        broken = _broken(found, view, rules, at, word)
        if broken is None or len(asked) == 1:
            weak = _devices_of_others(asked, found, view)
            return replace(found, demoted=(*demoted, *weak))
        demoted.append(Demotion(asked.pop(), broken, (found.profile_id, *found.joined)))


def _join(asked: Sequence[Identifier], view: View, rules: MatchRules) -> Link:
    owners = view.owners
    found = list(dict.fromkeys(owners[i.key] for i in asked if i.key in owners))
    fresh = tuple(i for i in asked if i.key not in owners)
    if not found:
        return Link(person_id(asked[0]), gained=fresh, is_new=True)
    strong = {owners[i.key] for i in asked if i.key in owners and not rules.is_weak(i)}
    if not strong and rules.is_weak(asked[0]):
        # Devices alone: the first known person's, with the nameless ones among them.
        strong = set([p for p in found if view.held(p).known][:1])
    people = [p for p in found if p in strong or not view.held(p).known]
    if not people:
        # Known people's devices came with a name that we have not met: somebody else uses them.
        return Link(person_id(fresh[0]), gained=fresh, is_new=True)
    survivor = min(people, key=lambda p: _seniority(p, view, rules))
    joined = tuple(sorted(p for p in people if p != survivor))
    decided = next(i for i in asked if owners.get(i.key) in people)
    rule = f"same {decided.type}" if not joined else f"one signal carried both: {decided.type}"
    return Link(survivor, joined, fresh, rule=rule)


def _seniority(person: str, view: View, rules: MatchRules) -> tuple[bool, int, str, str]:
    """Return a sort key: a known person survives, then whoever holds the strongest identifier.

    It is read off the identifiers alone, so that the survivor does not depend on who came first.
    """
    held = view.held(person)
    priority, key = min(
        ((rules.of(key.partition(":")[0]).priority, key) for key in held.edges), default=(99, "")
    )
    return (not held.known, priority, key, person)


def _broken(found: Link, view: View, rules: MatchRules, at: datetime, word: Word) -> str | None:
    """Return the protection that a link would break, or None."""
    parts = [view.held(p) for p in (found.profile_id, *found.joined)]
    since = at if word is Word.HUMAN else None
    if _told_apart(parts, {i.key for i in found.gained}, since):
        return "told apart by a human"
    held = [len(part.edges) for part in parts]
    if (total := sum(held) + len(found.gained)) > MOST_IDENTIFIERS and total > max(held):
        return f"limit: at most {MOST_IDENTIFIERS} identifiers per person"
    if word is not Word.RULES:
        return None
    whole = _counted(parts[0].with_(parts[1:], found.gained, at), rules, at)
    each = [_counted(part, rules, at) for part in parts]
    for kind, count in sorted(whole.items()):
        limit = rules.of(kind).at_most
        # Who holds more by somebody's word may still be joined by people who hold none.
        if count > limit and count > max(held.get(kind, 0) for held in each):
            return f"limit: at most {limit} {kind} per person"
    return None


def _counted(held: Held, rules: MatchRules, at: datetime) -> dict[str, int]:
    """Return how many identifiers of each type count towards its limit at a moment."""
    counts: dict[str, int] = {}
    for key, seen in held.edges.items():
        kind = key.partition(":")[0]
        counts[kind] = counts.get(kind, 0) + rules.of(kind).in_window(seen, at)
    return counts


def _told_apart(parts: Sequence[Held], gained: set[str], since: datetime | None) -> bool:
    """Say whether a human has told any of these apart, after `since` where that is given."""
    return any(
        key in gained or any(key in other.edges for other in parts if other is not one)
        for one in parts
        for key, said_at in one.apart.items()
        if since is None or said_at > since
    )


def _latest(*people: Held) -> dict[str, datetime]:
    apart: dict[str, datetime] = {}
    for held in people:
        for key, said_at in held.apart.items():
            apart[key] = max(said_at, apart.get(key, said_at))
    return apart


def _devices_of_others(asked: Sequence[Identifier], found: Link, view: View) -> list[Demotion]:
    mine = {found.profile_id, *found.joined}
    return [
        Demotion(i, "a device joins no two known people", (view.owners[i.key],))
        for i in asked
        if i.key in view.owners and view.owners[i.key] not in mine
    ]


def is_lone(signal: Signal, identifiers: Sequence[Identifier], found: Link) -> bool:
    """Say whether a signal ties one unclaimed device to nothing: it needs no record.

    One that is logged under anything but the device does: else nobody would find it again.
    """
    alone = len(identifiers) == 1 and found.is_new and identifiers[0].type == "anonymous_id"
    return alone and log_key(signal) == identifiers[0].key


def new_home(
    leaving: Sequence[Identifier], former: Sequence[str], is_free: Callable[[str], bool], cause: str
) -> str:
    """Return the id under which identifiers leave a person.

    It is the one they had before they joined, if it `is_free`: never used, or leading to the very
    person whom they leave. An id that redirected comes to life again; one that leads to somebody
    else stays theirs.
    """
    for candidate in (*former, person_id(leaving[0])):
        if is_free(candidate):
            return candidate
    return derive_id("per", leaving[0].key, cause)
