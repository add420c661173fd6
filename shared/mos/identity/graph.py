"""The identity graph: whose identifiers are these? Pure.

None known: a new person. One owner: attach. Several: merge. Three protections come first, in the
order of priority: two known people are never one because of a device; nobody may hold more values
of a type than its limit; people whom a human has told apart stay apart. Where one of them would
be broken, the weakest identifier is left out of the question and the rest is asked again. What
several people give (a switchboard's number, a script's constant) is left out from the start.

A device that no signal has tied to anything else needs no record: it is its own person.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mos.identity.correction import Word
from mos.identity.graph_view import Demotion, Held, Link, View
from mos.identity.identifier import log_key, person_id, usable
from mos.identity.rules import MatchRules
from mos.identity.shared_value import (
    MANY_RULE,
    NAME_RULE,
    PHONE_RULE,
    RECORD_RULE,
    find_crowded,
    find_other_records,
    find_renamed,
    find_shared_phones,
)
from mos.model.signal import MOST_IDENTIFIERS, Identifier, Signal
from mos.policy.bundle.bundle import Bundle


def link(
    identifiers: Sequence[Identifier],
    view: View,
    rules: MatchRules,
    at: datetime,
    *,
    word: Word = Word.RULES,
    name: str = "",
) -> Link:
    """Return whose signal this is. `identifiers` come strongest first and are not empty.

    A human's word that they are one person: limits yield, and so do earlier separations, but not
    one that a human made since: the same word heard twice is still the older one. To a sender's
    express word limits yield, and nothing that a human has said. `name` is what the signal calls
    the person: a number alone joins nobody who is called otherwise.
    """
    asked, demoted = list(identifiers), list[Demotion]()
    if word is Word.RULES:
        demoted = _shared(asked, view, rules, name)
        left_out = {one.identifier.key for one in demoted}
        asked = [i for i in asked if i.key not in left_out] or asked[:1]
    while True:
        found = _join(asked, view, rules)
        broken = _broken(found, view, rules, at, word)
        if broken is None or len(asked) == 1:
            weak = _devices_of_others(asked, found, view)
            return replace(found, demoted=(*demoted, *weak))
        demoted.append(Demotion(asked.pop(), broken, (found.profile_id, *found.joined)))


def _shared(
    asked: Sequence[Identifier], view: View, rules: MatchRules, name: str
) -> list[Demotion]:
    """Return what several people give, and so joins nobody; one alone is asked anyway."""
    if len(asked) == 1:
        return []
    people = {view.owners[i.key] for i in asked if i.key in view.owners}
    edges = {person: view.held(person).edges for person in people}
    names = {person: view.held(person).name for person in people}
    phones = find_shared_phones(asked, view.owners, edges, names, name)
    found = {
        PHONE_RULE: phones,
        NAME_RULE: find_renamed(asked, view.owners, edges, names, name, rules),
        MANY_RULE: find_crowded(asked, view.owners, edges, rules),
        RECORD_RULE: find_other_records(asked, view.owners, edges),
    }
    rule_of = {i.key: (i, rule) for rule, left_out in found.items() for i in left_out}
    return [Demotion(i, rule, (view.owners[i.key],)) for i, rule in rule_of.values()]


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


def is_alone(signal: Signal, device: Identifier, bundle: Bundle) -> bool:
    """Say whether a signal knows a device and nothing else of whom it is of."""
    return usable(signal, bundle) == [device] and log_key(signal) == device.key
