"""Work out whose signals these are and what they change. Pure: no clock, no storage."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from mos.identity.correction import Word, word_of
from mos.identity.fold import fold, fold_all, follows, order, settled
from mos.identity.graph import is_lone, link
from mos.identity.graph_view import Demotion, Link, View
from mos.identity.identifier import log_key, person_id, usable
from mos.identity.rules import rules_of
from mos.identity.shared_value import names_in, tell_name
from mos.model.base import Facts
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.facts import signal_facts
from mos.policy.source_system import is_own_write

_MATCHED = {SignalKind.LIST_ROW, SignalKind.ROW_MATCHED, SignalKind.ACCOUNT_MATCHED}


@dataclass(frozen=True)
class Cause:
    """Why an identifier or a person belongs to somebody: the signal and the rule."""

    signal_id: str
    rule: str
    at: datetime
    by: str = "system"
    evidence: str = ""


@dataclass
class Claim:
    """What one batch says of one person: their signals, new identifiers, and who joined them.

    `brought` are the identifiers that each of those who joined held at that moment, `into` whom
    they joined, somebody who may have joined a third in the same batch, and `own` what that one
    held.
    """

    profile_id: str
    signals: list[Signal] = field(default_factory=list)
    gained: dict[Identifier, Cause] = field(default_factory=dict)
    joined: dict[str, Cause] = field(default_factory=dict)
    brought: dict[str, tuple[str, ...]] = field(default_factory=dict)
    into: dict[str, str] = field(default_factory=dict)
    own: dict[str, tuple[str, ...]] = field(default_factory=dict)
    demoted: dict[str, tuple[Demotion, Cause]] = field(default_factory=dict)
    introduced: set[str] = field(default_factory=set)
    owned: tuple[Identifier, ...] = ()
    keys: set[str] = field(default_factory=set)
    homes: dict[str, str] = field(default_factory=dict)

    def is_a_lone_device(self) -> bool:
        """Say whether these signals tie one unclaimed device to nothing: it needs no record."""
        devices = {i.key for i in self.gained if i.type == "anonymous_id"}
        logged = {log_key(signal) for signal in self.signals}
        return len(self.keys) == 1 and devices == self.keys == logged


def assign(
    signals: Iterable[Signal], view: View, bundle: Bundle, new: AbstractSet[str]
) -> tuple[list[Claim], list[Signal]]:
    """Return a claim per person, and the signals that identify nobody.

    `new` are the signals that had not been logged before. What was left out when a signal came
    first is left out when it comes again, whatever has become of it meanwhile. An express word
    is weighed anew: it may itself overrule what left an identifier out.

    The signals are taken in the order in which they were received, so that the log, read again in
    that order, gives the same graph.
    """
    claims: dict[str, Claim] = {}
    nobody: list[Signal] = []
    for signal in sorted(signals, key=arrival):
        identifiers = usable(signal, bundle)
        if not identifiers:
            nobody.append(signal)
            continue
        if signal.moves_nothing:
            # It binds nobody: one made-up lead comes with the mailboxes of all who try the form.
            identifiers = identifiers[:1]
        at, word = signal.occurred_at, word_of(signal)
        if signal.signal_id not in new and word is Word.RULES:
            identifiers = _as_before(identifiers, view)
        names = names_in(signal)
        name = tell_name(names)
        found = link(identifiers, view, rules_of(bundle), at, word=word, name=name)
        claim = claims.setdefault(found.profile_id, Claim(found.profile_id))
        if (home := view.find_home(found, identifiers)) != identifiers[0].key:
            claim.homes[signal.signal_id] = home
        claim.keys |= {i.key for i in identifiers}
        claim.brought |= {p: tuple(sorted(view.held(p).edges)) for p in found.joined}
        claim.into |= dict.fromkeys(found.joined, found.profile_id)
        own = tuple(sorted(view.held(found.profile_id).edges))
        claim.own |= dict.fromkeys(found.joined, own)
        _take(claim, found, signal, claims)
        if not is_lone(signal, identifiers, found):
            view.take(found, signal.occurred_at, names)
    for claim in claims.values():
        claim.signals.sort(key=order)
    return sorted(claims.values(), key=lambda c: order(c.signals[0])), nobody


def _as_before(identifiers: list[Identifier], view: View) -> list[Identifier]:
    owner = view.owners.get(identifiers[0].key)
    left_out = view.held(owner).foreign if owner else frozenset[str]()
    return [i for i in identifiers if i == identifiers[0] or i.key not in left_out]


def arrival(signal: Signal) -> tuple[datetime, str]:
    """Return the sort key of the order in which signals came in."""
    return (signal.received_at, signal.signal_id)


def _take(claim: Claim, found: Link, signal: Signal, claims: dict[str, Claim]) -> None:
    cause = cause_of(signal, found.rule)
    claim.signals.append(signal)
    claim.gained |= dict.fromkeys(found.gained, cause)
    for device in found.gained:
        # What an unclaimed device did earlier in this batch is now this person's.
        alone = claims.get(person_id(device))
        if alone and alone is not claim and alone.is_a_lone_device():
            claim.signals += claims.pop(alone.profile_id).signals
    for demotion in found.demoted:
        claim.demoted.setdefault(f"{demotion.rule}#{demotion.identifier.key}", (demotion, cause))
    for loser in found.joined:
        claim.joined[loser] = cause
        absorbed = claims.pop(loser, None)
        if absorbed:
            claim.signals += absorbed.signals
            claim.gained |= absorbed.gained
            claim.joined |= absorbed.joined
            claim.brought |= absorbed.brought
            claim.into |= absorbed.into
            claim.own |= absorbed.own
            claim.demoted |= absorbed.demoted
            claim.keys |= absorbed.keys
            claim.homes |= absorbed.homes


def cause_of(signal: Signal, rule: str) -> Cause:
    """Return why a signal links what it links: a human's word, a match with its weights, a rule."""
    said = signal.properties
    if signal.kind is SignalKind.MERGED:
        rule = str(said.get("reason") or "a human said so")
    elif signal.kind is SignalKind.ALIAS:
        rule = f"alias: the sender said so ({rule})"
    elif signal.kind in _MATCHED and said.get("match_probability") is not None:
        rule = f"fellegi_sunter {said['match_probability']}"
    by = str(said.get("by") or signal.source)
    evidence = str(said.get("match_why") or "")
    return Cause(signal.signal_id, rule, signal.received_at, by, evidence)


def add(profile: Profile, signals: Iterable[Signal], bundle: Bundle) -> Profile:
    """Return the profile with signals added to what is there, which `can_add` must allow.

    It has the same bytes as one that is rebuilt from all of the person's signals.
    """
    for signal in sorted(signals, key=order):
        profile = fold(profile, signal, bundle)
    return settled(profile, bundle)


def unify(
    profile: Profile, signals: Iterable[Signal], bundle: Bundle, log: Iterable[Signal]
) -> Profile:
    """Return the profile rebuilt from every signal of the person."""
    start = Profile(profile_id=profile.profile_id, identifiers=profile.identifiers)
    # Of two deliveries of one signal the logged one is the truth.
    return fold_all(start, [*signals, *log], bundle)


def can_add(profile: Profile, signals: Iterable[Signal]) -> bool:
    """Say whether the signals all come after what the profile has folded, and correct nothing."""
    return all(
        follows(profile, signal)
        and signal.kind not in {SignalKind.RECLASSIFIED, SignalKind.REPLY_READ}
        for signal in signals
    )


def material(signal: Signal, *, known: bool, new: bool, bundle: Bundle) -> tuple[bool, str, str]:
    """Return whether a signal deserves a decision, the row that says so, and why.

    Our own write that comes back is no news, whatever a row says.
    """
    facts: Facts = signal_facts(signal) | {"person.known": known, "person.new": new}
    answer = bundle.table("signals/material").evaluate(facts)
    worth = bool(answer.output.get("material", False)) and not signal.moves_nothing
    worth = worth and not is_own_write(signal, bundle)
    return worth, answer.row_id, answer.why
