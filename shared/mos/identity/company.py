"""The account and the buying group behind a person. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from mos.identity.identifier import account_domain
from mos.identity.stated import STATED, cleared_names, find_pair, replace_words
from mos.model.account import Account, Member
from mos.model.base import Fact, Facts, derive_id
from mos.model.profile import Profile, Trait
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.facts import signal_facts
from mos.policy.members import solutions
from mos.vocabulary.number import read_number
from mos.vocabulary.size import read_size

DELETED = "crm_deleted"
_ENDS = MappingProxyType({"deletion": True, "restore": False})
_MOST_OWN, _MOST_ANYBODYS, _LONGEST_OWN = 100, 20, 200
"""Fields of a sender's own that an account keeps, of strangers', and how much of a text."""
_MOST_PARTS, _LONGEST_PART = 20, 40
_KEYS = ("domain", "id", "account_id")
_READ = ("country", "region", "currency", "employees", "revenue", "domain")
_WORDS = (
    "name", "industry", "country", "region", "currency", "plan", "lifecycle_stage",
    *(f"{name}{STATED}" for name in _READ),
)  # fmt: skip
_READERS: Mapping[str, Callable[[object], float | int | None]] = MappingProxyType({
    "employees": read_size, "revenue": read_number,
})  # fmt: skip


def account_id(domain: str | None, profile_id: str) -> str:
    """Return the account's id: its domain's, or where no company is known the person's own."""
    return derive_id("acc", "domain", domain) if domain else derive_id("acc", "solo", profile_id)


def group_id(account: str, solution: str) -> str:
    """Return the id of the group that buys `solution` for this account."""
    return derive_id("grp", account, solution)


def enrich_all(
    account: Account, domain: str | None, signals: Iterable[Signal], bundle: Bundle
) -> Account:
    """Return the account after these signals, leaving out what they say of other companies.

    Tests and machines' answers say nothing of a company.
    """
    account = account.model_copy(update={"domain": account.domain or domain})
    for signal in signals:
        if signal.moves_nothing:
            continue
        if account_domain([signal.company.get("domain")], bundle) in (None, domain):
            account = enrich(account, signal)
    return account


def enrich(account: Account, signal: Signal) -> Account:
    """Return the account after what the signal says of the company.

    The latest statement wins, a stranger's over a stranger's only. What its CRM has emptied is
    known no more.
    """
    said: dict[str, Fact] = {
        name: str(signal.company[name]) for name in _WORDS if signal.company.get(name) is not None
    }
    for name, reader in _READERS.items():
        number = reader(signal.company.get(name))
        if number is not None:
            said[name] = number
    said |= _list_own(signal, account.traits)
    if signal.kind is SignalKind.COMPANY_CHANGED:
        known = {*_WORDS, *_READERS, *account.traits}
        said |= {name: None for name in cleared_names(signal) if name in known}
        if (change := str(signal.properties.get("change"))) in _ENDS:
            said[DELETED] = _ENDS[change]
    traits = _with_words(account.traits, said, signal)
    first = min(account.first_signal_at or signal.occurred_at, signal.occurred_at)
    return account.model_copy(update={"traits": traits, "first_signal_at": first})


def _list_own(signal: Signal, held: Mapping[str, Trait]) -> Facts:
    """Return a sender's own fields about a company, as far as one account holds them.

    What is held already may always be said anew; of new names there is room for so many, and for
    fewer that only strangers say: they take no place from whom we know.
    """
    known = {*_WORDS, *_READERS, *_KEYS}
    own = {n: v for n, v in signal.company.items() if n not in known and v not in (None, "", ())}
    ours = [trait for name, trait in held.items() if name not in known]
    taken = sum(trait.is_anybodys is signal.is_anybodys for trait in ours)
    room = (_MOST_ANYBODYS if signal.is_anybodys else _MOST_OWN) - taken
    new = [name for name in sorted(own) if name not in held][: max(0, room)]
    return {n: _bound(v) for n, v in own.items() if n in held or n in new}


def drop_own_words(account: Account, signals: Collection[str]) -> Account:
    """Return an account without the fields of their own that some signals said of it.

    Somebody who fills in a form about a company writes there what they like: names, notes. What
    every company has, such as a country or a size, is about nobody and stays.
    """
    known = {*_WORDS, *_READERS, *_KEYS, DELETED}
    kept = {
        name: trait
        for name, trait in account.traits.items()
        if name in known or trait.signal_id not in signals
    }
    return account.model_copy(update={"traits": kept})


def _bound(value: Fact) -> Fact:
    if isinstance(value, str):
        return value[:_LONGEST_OWN]
    if isinstance(value, tuple):
        return tuple(one[:_LONGEST_PART] for one in value[:_MOST_PARTS])
    return value


def _with_words(held: Mapping[str, Trait], said: Facts, signal: Signal) -> dict[str, Trait]:
    """Return the traits after a statement: of each value, the latest word that was read or not."""
    fresh = {
        name: Trait(
            value=value,
            at=signal.occurred_at,
            signal_id=signal.signal_id,
            is_anybodys=signal.is_anybodys,
        )
        for name, value in said.items()
    }
    older = {
        name: trait
        for name, trait in fresh.items()
        for one in (held.get(name), held.get(find_pair(name)))
        if one is not None and _rank(one) > _rank(trait)
    }
    return replace_words(held, {n: t for n, t in fresh.items() if n not in older})


def _rank(trait: Trait) -> tuple[bool, datetime, str]:
    """Return a sort key: what a sender whom we know says, then what was said last."""
    return (not trait.is_anybodys, trait.at, trait.signal_id)


def member_since(profile: Profile, signal: Signal) -> Member:
    """Return a person's place in a group that a signal brings them into.

    What a human says of a membership stands with the person (`mos.policy.members.membership`).
    """
    return Member(
        profile_id=profile.profile_id, since=signal.occurred_at, signal_id=signal.signal_id
    )


def solutions_of(profile: Profile, bundle: Bundle) -> list[str]:
    """Return the solutions whose buying groups a person belongs to.

    The first solution is everybody's; a further one is theirs once they have read enough about it
    (table `groups/solution`), or a human has put them into its group.
    """
    known = solutions(bundle)
    found = set(known[:1]) | {s.solution for s in profile.statements if s.solution}
    for interest in profile.interests:
        facts: Facts = {"interest.topic": interest.topic, "interest.score": interest.score}
        rows = bundle.table("groups/solution").evaluate(facts).rows
        found |= {row.then["solution"] for row in rows}
    return [solution for solution in known if solution in found]


def concerned(signal: Signal, own: list[str], bundle: Bundle) -> list[str]:
    """Return which of a person's groups a signal concerns: those it names, else all of theirs.

    A page about one topic concerns the solution of that topic; a hand raised without a word about
    what for, and whatever changes what we may do, concerns every group.
    """
    named = signal.properties.get("solution")
    if named is not None and str(named) in own:
        return [str(named)]
    if signal.kind not in {SignalKind.PAGE, SignalKind.TRACK}:
        return own
    topics = {
        row.then["topic"]
        for row in bundle.table("signals/interest").evaluate(signal_facts(signal)).rows
    }
    found: set[str] = set()
    for topic in topics:
        facts: Facts = {"interest.topic": topic, "interest.score": 1e6}
        rows = bundle.table("groups/solution").evaluate(facts).rows
        found |= {row.then["solution"] for row in rows}
    return [s for s in own if s in found] or own[:1]
