"""Work out whose signals these are and what they change. Pure: no clock, no storage."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from functions.data.fold import fold, fold_all, follows, order, settled
from functions.data.graph import Link, link
from functions.data.identifier import usable
from mos.model.base import Facts
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal
from mos.policy.bundle import Bundle
from mos.policy.facts import signal_facts


@dataclass
class Claim:
    """What one batch says of one person: their signals, new identifiers, and who joined them."""

    profile_id: str
    signals: list[Signal] = field(default_factory=list)
    gained: dict[Identifier, str] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)
    is_new: bool = False
    introduced: set[str] = field(default_factory=set)


def assign(
    signals: Iterable[Signal],
    owners: Mapping[str, str],
    known: Mapping[str, bool],
    bundle: Bundle,
) -> tuple[list[Claim], list[Signal]]:
    """Return a claim per person, and the signals that identify nobody.

    `owners` maps identifier keys to people as stored, `known` says which of them have a name.
    Both `gained` and `joined` remember the signal that caused them.
    """
    holders, names = dict(owners), dict(known)
    claims: dict[str, Claim] = {}
    nobody: list[Signal] = []
    for signal in sorted(signals, key=order):
        identifiers = usable(signal, bundle)
        if not identifiers:
            nobody.append(signal)
            continue
        found = link(identifiers, holders, names)
        claim = claims.setdefault(found.profile_id, Claim(found.profile_id))
        _take(claim, found, signal, claims, holders)
        is_named = any(i.type != "anonymous_id" for i in found.gained)
        names[found.profile_id] = names.get(found.profile_id, False) or is_named
    for claim in claims.values():
        claim.signals.sort(key=order)
    return sorted(claims.values(), key=lambda c: order(c.signals[0])), nobody


def _take(
    claim: Claim, found: Link, signal: Signal, claims: dict[str, Claim], holders: dict[str, str]
) -> None:
    claim.is_new = claim.is_new or found.is_new
    claim.signals.append(signal)
    claim.gained |= dict.fromkeys(found.gained, signal.signal_id)
    holders |= {i.key: claim.profile_id for i in found.gained}
    for loser in found.joined:
        claim.joined[loser] = signal.signal_id
        absorbed = claims.pop(loser, None)
        if absorbed:
            claim.signals += absorbed.signals
            claim.gained |= absorbed.gained
            claim.joined |= absorbed.joined
        holders |= dict.fromkeys([k for k, p in holders.items() if p == loser], claim.profile_id)


def unify(
    profile: Profile, signals: Iterable[Signal], bundle: Bundle, log: Iterable[Signal] | None
) -> Profile:
    """Return the profile after these signals.

    With `log` (every signal of the person) the profile is rebuilt; without it the signals are
    added to what is there, which `can_add` must allow. Both give the same bytes.
    """
    if log is not None:
        start = Profile(profile_id=profile.profile_id, identifiers=profile.identifiers)
        return fold_all(start, [*log, *signals], bundle)
    for signal in sorted(signals, key=order):
        profile = fold(profile, signal, bundle)
    return settled(profile, bundle)


def can_add(profile: Profile, signals: Iterable[Signal]) -> bool:
    """Say whether the signals all come after what the profile has folded."""
    return all(follows(profile, signal) for signal in signals)


def material(signal: Signal, *, known: bool, new: bool, bundle: Bundle) -> tuple[bool, str, str]:
    """Return whether a signal deserves a decision, the row that says so, and why."""
    facts: Facts = signal_facts(signal) | {"person.known": known, "person.new": new}
    answer = bundle.table("signals/material").evaluate(facts)
    worth = bool(answer.output.get("material", False)) and not signal.is_test
    return worth, answer.row_id, answer.why
