"""A profile is a fold over signals, in the order (occurred_at, signal_id). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mos.identity.activity import add_engagement, add_interests
from mos.identity.company import account_id
from mos.identity.company_word import node_id
from mos.identity.consents import bases_after, consents_after, hold_unproven, stops_after
from mos.identity.correction import (
    ADMINISTRATIVE,
    FROM_ANYBODY,
    MERGED_AT,
    SYSTEM,
    is_allowed,
)
from mos.identity.edges import (
    edges_after,
    foreign_after,
    log_keys_after,
    mailboxes_after,
)  # fmt: skip
from mos.identity.fit import fitting
from mos.identity.hindsight import corrected
from mos.identity.identifier import account_domain
from mos.identity.meetings import is_rescheduled
from mos.identity.reply_word import count_signal, note_reply
from mos.identity.role_statement import state_role
from mos.identity.stated import cleared_names, find_pair, replace_words
from mos.identity.workplace import COMPANY, RECORD, company_of, find_left
from mos.model.consent import ConsentState, most_restrictive
from mos.model.profile import Edge, Profile, Span, Trait
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.fact_values import list_confirming
from mos.policy.facts import counts_as_human
from mos.policy.source_system import is_own_write
from mos.vocabulary.country import read_country

_EVIDENCE, _MOST_OTHERS = 20, 200
_SPANS = 5


@dataclass(frozen=True)
class FoldState:
    """A profile as far as it is folded, and what the next signal must know beside it.

    `apart` are consents of identifiers that no signal has joined so far, `others` the identifiers
    of other people that came along.
    """

    profile: Profile
    apart: tuple[tuple[frozenset[str], tuple[ConsentState, ...]], ...] = ()
    others: frozenset[str] = frozenset()

    @classmethod
    def start(cls, profile: Profile) -> "FoldState":
        """Return the state of a person of whom nothing is folded: their id and identifiers."""
        bare = tuple(Edge(type=i.type, value=i.value) for i in profile.identifiers)
        return cls(profile.model_copy(update={"identifiers": bare}))

    def take(self, signal: Signal, bundle: Bundle) -> "FoldState":
        """Return the state after one more signal, which must follow all that is folded."""
        own = {i.key for i in self.profile.identifiers}
        named = {i.key for i in signal.identifiers if i.collection == "users"}
        keys = {i.key for i in signal.identifiers if i.key in own}
        joined = [part for part in self.apart if part[0] & keys]
        held = most_restrictive(tuple(state for _, states in joined for state in states))
        profile = fold(self.profile.model_copy(update=part_topics(held)), signal, bundle)
        rest = tuple(part for part in self.apart if not part[0] & keys)
        said = (*profile.consents, *profile.topics)
        part = (frozenset(keys).union(*(k for k, _ in joined)), said)
        strange = named - own - self.others if len(self.others) < _MOST_OTHERS else set[str]()
        return FoldState(profile, (*rest, part), self.others | strange if strange else self.others)

    def settle(self, bundle: Bundle) -> Profile:
        """Return the profile: identifiers that are not joined yet bring the strictest consents."""
        held = most_restrictive(tuple(state for _, states in self.apart for state in states))
        return settled(self.profile.model_copy(update=part_topics(held)), bundle)


def fold_all(start: Profile, signals: Iterable[Signal], bundle: Bundle) -> Profile:
    """Return the profile that these signals make: the same bytes in whatever order they came.

    `start` holds the id and the identifiers, and no signal yet. Identifiers that no signal has
    joined so far keep their own consents; when one joins them, the most restrictive hold.
    """
    unique = {signal.signal_id: signal for signal in signals}
    state = FoldState.start(start)
    for signal in sorted(corrected(unique.values()), key=order):
        state = state.take(signal, bundle)
    return state.settle(bundle)


def settled(profile: Profile, bundle: Bundle) -> Profile:
    """Return the profile with its account: that of the company that they work for.

    Where only the CRM's record of that company is known, the account is the record's, and leads to
    the company as soon as the record names its domain. A yes that nobody has confirmed waits where
    that takes a confirmation, and counts elsewhere.
    """
    country = read_country(profile.trait("country"))
    confirmed_in = list_confirming(bundle)
    held = hold_unproven(profile.consents, country, confirmed_in)
    profile = profile.model_copy(update={"consents": held}) if held != profile.consents else profile
    if not profile.is_known:
        return profile.model_copy(update={"account_id": None})
    domain, record = company_of(profile, bundle), profile.trait(RECORD)
    if domain is None and record:
        return profile.model_copy(update={"account_id": node_id(str(record))})
    return profile.model_copy(update={"account_id": account_id(domain, profile.profile_id)})


def follows(profile: Profile, signal: Signal) -> bool:
    """Say whether the signal comes after all that the profile has folded."""
    if profile.last_signal_at is None:
        return True
    return order(signal) > (profile.last_signal_at, profile.last_signal_id or "")


def fold(profile: Profile, signal: Signal, bundle: Bundle) -> Profile:
    """Return the profile after one more signal, which must follow all that it has folded.

    A signal that may not say what it says (a correction from outside) changes nothing but the
    place in the log.
    """
    changed: dict[str, object] = {
        "last_signal_at": signal.occurred_at,
        "last_signal_id": signal.signal_id,
        "log_keys": log_keys_after(profile, signal),
    }
    if not is_allowed(signal):
        return profile.model_copy(update=changed)
    profile = profile.model_copy(update={"identifiers": edges_after(profile, signal, bundle)})
    changed["foreign"] = foreign_after(profile, signal)
    changed |= note_reply(profile, signal, bundle)
    if signal.moves_nothing:
        only_tests = (signal.is_test or profile.is_test) and profile.first_signal_at is None
        return profile.model_copy(update=changed | {"is_test": only_tests})
    own = {edge.key for edge in profile.identifiers}
    changed["suppressions"] = stops_after(profile.suppressions, signal)
    if signal.kind in ADMINISTRATIVE:
        told_apart = {
            "apart": apart_after(profile.apart, signal),
            "undone": _undone(profile, signal),
        }
        return profile.model_copy(update=changed | told_apart)
    changed |= {
        "traits": fitting(_with_traits(profile.traits, signal, bundle)),
        **part_topics(consents_after((*profile.consents, *profile.topics), signal, own)),
        "bases": bases_after(profile.bases, signal),
        "mailboxes": mailboxes_after(profile, signal),
        "first_signal_at": profile.first_signal_at or signal.occurred_at,
        "evidence": (*profile.evidence, signal.signal_id)[-_EVIDENCE:],
        "is_test": False,
    }
    if counts_as_human(signal) and not is_own_write(signal, bundle):
        changed |= count_signal(profile, signal)
        changed |= {"interests": add_interests(profile, signal, bundle)}
        if not is_rescheduled(signal):
            changed |= add_engagement(profile, signal, bundle)
    return profile.model_copy(update=changed | state_role(profile, signal))


def part_topics(states: tuple[ConsentState, ...]) -> dict[str, object]:
    """Return what holds of purposes, and what of single topics, as a profile keeps them."""
    return {
        "consents": tuple(state for state in states if state.topic is None),
        "topics": tuple(state for state in states if state.topic is not None),
    }


def order(signal: Signal) -> tuple[datetime, str]:
    """Return the sort key of a signal: when it occurred, then its id."""
    return (signal.occurred_at, signal.signal_id)


def apart_after(apart: Mapping[str, datetime], signal: Signal) -> dict[str, datetime]:
    """Return whose identifiers must stay apart from these after a human's word, and since when."""
    if signal.kind is SignalKind.MERGED:
        joined = {i.key for i in signal.identifiers}
        return {key: at for key, at in apart.items() if key not in joined}
    if signal.kind not in {SignalKind.UNMERGED, SignalKind.KEPT_APART}:
        return dict(apart)
    named = signal.properties.get("apart_from")
    keys = named if isinstance(named, tuple | list) else ()
    return dict(apart) | dict.fromkeys(map(str, keys), signal.occurred_at)


def _undone(profile: Profile, signal: Signal) -> tuple[Span, ...]:
    merged = signal.properties.get(MERGED_AT)
    if signal.kind not in {SignalKind.UNMERGED, SignalKind.KEPT_APART} or not merged:
        return profile.undone
    span = Span(since=datetime.fromisoformat(str(merged)), until=signal.received_at)
    return (*profile.undone, span)[-_SPANS:]


def _with_traits(held: Mapping[str, Trait], signal: Signal, bundle: Bundle) -> dict[str, Trait]:
    """Return the traits: the latest statement wins; what a record's owner has cleared is gone.

    A row of a list that was only matched to a person tells nothing that is known already.
    """
    said = {
        n: t
        for n, t in _traits(signal, bundle).items()
        if all(_may_say(t, held.get(name)) for name in (n, find_pair(n)))
    }
    if signal.kind is SignalKind.LIST_ROW and "match_probability" in signal.properties:
        return said | dict(held)
    is_crms = signal.kind is SignalKind.CONTACT_CHANGED
    cleared = {*cleared_names(signal), *find_left(held, signal)} if is_crms else set[str]()
    return {n: trait for n, trait in replace_words(held, said).items() if n not in cleared}


def _may_say(said: Trait, held: Trait | None) -> bool:
    """Say whether a statement may stand: a stranger's replaces no one's but a stranger's."""
    return held is None or held.is_anybodys or not said.is_anybodys


def _traits(signal: Signal, bundle: Bundle) -> dict[str, Trait]:
    said = {name: value for name, value in signal.traits.items() if name != COMPANY}
    said[COMPANY] = account_domain([signal.company.get("domain")], bundle)
    concluded = signal.source == SYSTEM and signal.properties.get(FROM_ANYBODY)
    said["company_name"] = signal.company.get("name")
    if signal.properties.get("removed") is not True:
        said[RECORD] = signal.company.get("record")
    return {
        name: Trait(
            value=value,
            at=signal.occurred_at,
            signal_id=signal.signal_id,
            is_anybodys=signal.is_anybodys or bool(concluded),
        )
        for name, value in said.items()
        if value is not None
    }
