"""The part of the identity graph that a question touches, and an answer. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mos.identity.shared_value import Names, merge_names, names_of, tell_name
from mos.model.profile import Profile
from mos.model.signal import Identifier


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
    names: Names = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return what they are called; empty where nobody has said."""
        return tell_name(self.names)

    @classmethod
    def of(cls, profile: Profile) -> "Held":
        """Return what the graph must know of this profile."""
        return cls(
            known=profile.is_known,
            edges={i.key: i.since for i in profile.identifiers},
            apart=profile.apart,
            foreign=frozenset(profile.foreign),
            names=names_of(profile),
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
            names=merge_names(self.names, *(o.names for o in others)),
        )


@dataclass
class View:
    """The part of the graph that a batch touches. `owners` maps identifier keys to people."""

    owners: dict[str, str] = field(default_factory=dict)
    people: dict[str, Held] = field(default_factory=dict)

    def held(self, person: str) -> Held:
        """Return what is known of a person."""
        return self.people.get(person, Held())

    def take(self, link: "Link", at: datetime, names: Names | None = None) -> None:
        """Change the view as a link says; `names` are what its signal calls the person."""
        others = [self.people.pop(p) for p in link.joined if p in self.people]
        made = self.held(link.profile_id).with_(others, link.gained, at)
        called = merge_names(made.names, names or {})
        self.people[link.profile_id] = replace(made, names=called)
        self.owners |= {i.key: link.profile_id for i in link.gained}
        moved = [k for k, p in self.owners.items() if p in link.joined]
        self.owners |= dict.fromkeys(moved, link.profile_id)

    def find_home(self, link: "Link", identifiers: Sequence[Identifier]) -> str:
        """Return the strongest of a signal's identifiers that is its person's: the signal's home.

        It is the first, unless a protection has kept that from them.
        """
        mine = {link.profile_id, *link.joined}
        gained = {i.key for i in link.gained}
        owned = (i.key for i in identifiers if i.key in gained or self.owners.get(i.key) in mine)
        return next(owned, identifiers[0].key)


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


def _latest(*people: Held) -> dict[str, datetime]:
    apart: dict[str, datetime] = {}
    for held in people:
        for key, said_at in held.apart.items():
            apart[key] = max(said_at, apart.get(key, said_at))
    return apart
