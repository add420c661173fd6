"""The facts of an account, its group and a member that stages are judged by. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from functions.lifecycle.amounts import deal_amounts
from mos.model.account import Account
from mos.model.base import Facts
from mos.model.deal import Deal, DealState
from mos.model.profile import Profile, Trait
from mos.model.stage import ClockStatus, Placement
from mos.policy.bundle.bundle import Bundle
from mos.policy.declared_facts import declared_facts
from mos.policy.facts import decayed, is_unread, trait_facts
from mos.policy.ownership import company_links, is_named

_TRAITS = ("employees", "industry", "country", "revenue", "plan", "crm_deleted")
_COUNTS = ("meeting_booked", "lead_submitted", "email_replied")
_SAID = ("lifecycle_stage", "lead_status")


def account_facts(
    account: Account, people: Sequence[Profile], at: datetime, bundle: Bundle
) -> Facts:
    """Return what policy may ask about an account: its traits, and all its people added up."""
    half_life = bundle.number("engagement_half_life_days")
    facts: Facts = {
        "account.is_company": account.domain is not None,
        "account.named": is_named(account.domain, bundle),
        "account.competitor": account.domain in texts(bundle, "competitors"),
        "account.people": len(people),
        "account.known_people": sum(p.is_known for p in people),
        "account.engagement": round(
            sum(decayed(p.engagement, p.engagement_at, at, half_life) for p in people), 6
        ),
    }
    if account.domain:
        facts["account.domain"] = account.domain
    facts |= deal_facts("account", account, None) | trait_facts(account.trait, "account", _TRAITS)
    facts |= declared_facts(account.trait, "account", bundle) | company_links(account)
    facts["account.country_unread"] = is_unread(account.trait, "country")
    facts |= count_facts("account", people, at)
    quiet = days_quiet(people, at)
    if quiet is not None:
        facts["account.days_quiet"] = quiet
    return facts


def deal_facts(level: str, account: Account, solution: str | None) -> Facts:
    """Return how many deals are open, won and lost; nothing where no deal was ever heard of."""
    if not account.deals:
        return {}
    facts: Facts = {
        f"{level}.{state.value}_deals": account.deals_of(solution, state) for state in DealState
    }
    standing = account.standing_deals(solution)
    owners = {deal.owner for deal in standing if deal.owner and deal.state is DealState.OPEN}
    return facts | {
        f"{level}.contracts": _count_contracts(standing),
        **deal_amounts(level, standing),
        **({f"{level}.deal_owners": tuple(sorted(owners))} if owners else {}),
    }


def _count_contracts(deals: Iterable[Deal]) -> int:
    """Return how many contracts run: those that were won, less those that ended.

    A renewal tells of a contract that was won before anybody told us.
    """
    states: dict[str | None, list[DealState]] = {}
    for deal in deals:
        states.setdefault(deal.solution, []).append(deal.state)
    return sum(
        max(
            0,
            max(of.count(DealState.WON), any(s in _RUNS for s in of)) - of.count(DealState.CHURNED),
        )
        for of in states.values()
    )


_RUNS = {DealState.RENEWED, DealState.RENEWING}


def count_facts(level: str, people: Sequence[Profile], at: datetime) -> Facts:
    """Return how often and how lately a hand was raised, over several people."""
    facts: Facts = {}
    for kind in _COUNTS:
        facts[f"{level}.count.{kind}"] = sum(p.counts.get(kind, 0) for p in people)
        last = [p.last[kind] for p in people if kind in p.last]
        if last:
            facts[f"{level}.hours_since.{kind}"] = _hours(max(last), at)
    return facts


def said_facts(name: str, said: Trait | None, at: datetime) -> Facts:
    """Return what the CRM says, in plain letters, and how old its word is."""
    if said is None or said.value is None:
        return {}
    return {name: plain(said.value), f"{name}_days": round(_hours(said.at, at) / 24, 3)}


def plain(word: object) -> str:
    """Return a CRM's word as the tables write it.

    >>> plain("Marketing Qualified Lead"), plain("closedWon")
    ('marketingqualifiedlead', 'closedwon')
    """
    return "".join(c for c in str(word).lower() if c.isalnum())


def engaged(
    people: Iterable[Profile],
    roles: Mapping[str, str],
    weights: Mapping[str, float],
    at: datetime,
    bundle: Bundle,
) -> float:
    """Return a group's engagement, 0 to 100: each member's activity times their role's weight.

    Activity is points per action that halve every half-life; `group_engagement_midpoint` weighted
    points are half of the way.
    """
    half_life = bundle.number("engagement_half_life_days")
    weighted = sum(
        decayed(p.engagement, p.engagement_at, at, half_life)
        * weights.get(roles.get(p.profile_id, "unknown"), 1.0)
        for p in people
    )
    midpoint = bundle.number("group_engagement_midpoint")
    return round(100 * weighted / (weighted + midpoint), 3) if weighted else 0.0


def pace(people: Iterable[Profile], at: datetime, bundle: Bundle) -> float | None:
    """Return the last days' activity as a multiple of the last month's: 1 is steady."""
    fast = bundle.number("momentum_fast_half_life_days")
    slow = bundle.number("momentum_slow_half_life_days")
    late = early = 0.0
    for p in people:
        late += decayed(p.engagement_fast, p.engagement_at, at, fast)
        early += decayed(p.engagement_slow, p.engagement_at, at, slow)
    return round((late / fast) / (early / slow), 3) if early else None


def days_quiet(people: Iterable[Profile], at: datetime) -> float | None:
    """Return how many days ago anybody last did something that counts."""
    last = [p.engagement_at for p in people if p.engagement_at]
    return round(_hours(max(last), at) / 24, 3) if last else None


def moments(
    account: Account, solution: str | None, people: Sequence[Profile]
) -> dict[str, datetime]:
    """Return the latest moment of each kind of signal that touches a subject.

    Deals count by what became of them (`deal_open`), the CRM's statements by their trait
    (`crm_lead_status`).
    """
    found: dict[str, datetime] = {}
    seen = [pair for profile in people for pair in profile.last.items()]
    seen += [(f"deal_{deal.state.value}", deal.at) for deal in account.standing_deals(solution)]
    seen += [
        (f"crm_{name}", trait.at)
        for profile in people
        for name in _SAID
        if (trait := profile.traits.get(name))
    ]
    for kind, at in seen:
        found[kind] = max(at, found.get(kind, at))
    return found


def standing_facts(placement: Placement, at: datetime) -> Facts:
    """Return where a subject stands as facts for the levels below it, and for what follows."""
    level = placement.level.value
    since_first = placement.since - (placement.first_at or placement.since)
    states = {clock.status for clock in placement.clocks if clock.stage == placement.stage}
    sla = next(
        (s for s in (ClockStatus.BREACHED, ClockStatus.DUE, ClockStatus.MET) if s in states), None
    )
    facts: Facts = {
        f"{level}.stage": placement.stage,
        f"{level}.days_in_stage": round(_hours(placement.since, at) / 24, 3),
        f"{level}.days_to_stage": round(since_first.total_seconds() / 86_400, 3),
        f"{level}.sla": sla.value if sla else "none",
        f"{level}.sla_breached": sla is ClockStatus.BREACHED,
        f"{level}.conflict": placement.conflict is not None,
    }
    if placement.reason:
        facts[f"{level}.reason"] = placement.reason
    broken = [c.due_at for c in placement.clocks if c.status is ClockStatus.BREACHED]
    if sla is ClockStatus.BREACHED:
        facts[f"{level}.hours_since_sla_breach"] = _hours(max(broken), at)
    return facts


def texts(bundle: Bundle, name: str) -> list[str]:
    """Return a parameter that lists texts; nothing where the bundle does not state it."""
    found = bundle.parameters.get(name)
    return found.value if found and isinstance(found.value, list) else []


def _hours(since: datetime, at: datetime) -> float:
    return round(max(0.0, (at - since).total_seconds() / 3600), 3)
