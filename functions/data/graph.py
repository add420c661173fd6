"""The identity graph: whose identifiers are these? Pure.

None known: a new person. One owner: attach. Several: merge, unless only a device joins two
people who are both known; then the strongest identifier's owner takes the signal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from functions.data.identifier import is_weak, person_id
from mos.model.signal import Identifier


@dataclass(frozen=True)
class Link:
    """Who a signal belongs to, and what that changes.

    `joined` are people who turn out to be `profile_id`; `gained` are its new identifiers.
    """

    profile_id: str
    joined: tuple[str, ...] = ()
    gained: tuple[Identifier, ...] = ()
    is_new: bool = False


def link(
    identifiers: Sequence[Identifier], owners: Mapping[str, str], known: Mapping[str, bool]
) -> Link:
    """Return whose signal this is. `identifiers` come strongest first and are not empty.

    `owners` maps identifier keys to people, `known` says which people have a name.
    """
    found = list(dict.fromkeys(owners[i.key] for i in identifiers if i.key in owners))
    if not found:
        return Link(person_id(identifiers[0]), gained=tuple(identifiers), is_new=True)
    strong = {owners[i.key] for i in identifiers if i.key in owners and not is_weak(i)}
    if not strong and is_weak(identifiers[0]):
        # Devices alone: the first known person's, with the nameless ones among them.
        strong = set([p for p in found if known.get(p, False)][:1])
    people = [p for p in found if p in strong or not known.get(p, False)]
    if not people:
        # Known people's devices came with a name that we have not met: somebody else uses them.
        return _stranger(identifiers, owners)
    survivor = min(people, key=lambda p: (not known.get(p, False), found.index(p), p))
    gained = tuple(i for i in identifiers if i.key not in owners)
    joined = tuple(sorted(p for p in people if p != survivor))
    return Link(survivor, joined, gained)


def _stranger(identifiers: Sequence[Identifier], owners: Mapping[str, str]) -> Link:
    gained = tuple(i for i in identifiers if i.key not in owners)
    return Link(person_id(gained[0]), gained=gained, is_new=True)
