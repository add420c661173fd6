"""The account and the buying group behind a person. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from mos.identity.identifier import account_domain
from mos.identity.stated import STATED, find_pair, replace_words
from mos.model.account import Account, Deal, DealState, Member
from mos.model.base import Fact, Facts, derive_id
from mos.model.profile import Profile, Trait
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.facts import signal_facts
from mos.policy.members import solutions
from mos.vocabulary.currency import read_currency
from mos.vocabulary.number import read_number
from mos.vocabulary.size import read_size

_CURRENCIES = (
    "currency", "deal_currency_code", "currency_code", "currencyIsoCode", "CurrencyIsoCode",
)  # fmt: skip
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

    The latest statement wins, a stranger's over a stranger's only. A deal counts as open until its
    stage says that it closed.
    """
    said: dict[str, Fact] = {
        name: str(signal.company[name]) for name in _WORDS if signal.company.get(name) is not None
    }
    for name, reader in _READERS.items():
        number = reader(signal.company.get(name))
        if number is not None:
            said[name] = number
    traits = _with_words(account.traits, said, signal)
    first = min(account.first_signal_at or signal.occurred_at, signal.occurred_at)
    deals = _deals(account.deals, signal)
    return account.model_copy(update={"traits": traits, "deals": deals, "first_signal_at": first})


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


def _deals(held: tuple[Deal, ...], signal: Signal) -> tuple[Deal, ...]:
    """Return the deals after a signal: the latest statement about each one holds."""
    said = signal.properties
    stage = str(said.get("deal_stage") or "")
    if signal.kind is not SignalKind.DEAL_CHANGED or not stage or signal.is_anybodys:
        return held
    name, solution = said.get("deal_id"), said.get("solution")
    made = Deal(
        deal_id=str(name) if name is not None else "unnamed",
        state=deal_state(stage),
        stage=stage,
        solution=str(solution) if solution else None,
        amount=read_number(said.get("amount")),
        currency=next(filter(None, (read_currency(said.get(n)) for n in _CURRENCIES)), None),
        at=signal.occurred_at,
        signal_id=signal.signal_id,
    )
    before = next((deal for deal in held if deal.deal_id == made.deal_id), None)
    if before and (before.at, before.signal_id) >= (made.at, made.signal_id):
        return held
    if before:
        made = made.model_copy(update=_unsaid(made, before))
    others = [deal for deal in held if deal.deal_id != made.deal_id]
    return tuple(sorted((*others, made), key=lambda deal: deal.deal_id))


def _unsaid(made: Deal, before: Deal) -> dict[str, object]:
    """Return what was known of a deal, and a statement that holds now says nothing of."""
    kept: dict[str, object] = {} if made.solution else {"solution": before.solution}
    if made.amount is None:
        kept |= {"amount": before.amount, "currency": made.currency or before.currency}
    elif made.currency is None:
        kept["currency"] = before.currency
    return kept


def deal_state(stage: str) -> DealState:
    """Return what a CRM's name of a deal's stage means.

    >>> [deal_state(name).value for name in ("Closed Won", "closedlost", "Proposal sent")]
    ['won', 'lost', 'open']
    """
    plain = stage.lower().replace(" ", "").replace("_", "")
    if plain in {"closedwon", "won"}:
        return DealState.WON
    return DealState.LOST if plain.startswith(("closed", "lost")) else DealState.OPEN


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
