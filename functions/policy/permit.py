"""Work out what the business allows for a group. Pure: no clock, no storage."""

from collections.abc import Iterable
from datetime import datetime

from functions.policy.limits import find_calendars, limits_of
from functions.policy.record import recorded
from functions.policy.route import route_of
from mos.events import ActionsPermitted, SubjectPlaced
from mos.model.base import Fact, Facts
from mos.model.consent import Purpose
from mos.model.decision import PersonFacts, Verdict
from mos.policy.bundle.bundle import Bundle
from mos.policy.consent import consent_to
from mos.policy.ownership import OWNER_FACTS, owner_facts
from mos.policy.quiet import home_facts


def permit(event: SubjectPlaced, bundle: Bundle) -> ActionsPermitted:
    """Return fit, route, a verdict per person and purpose, and the caps that hold.

    The hour that matters to working hours is the run's, so that a replay finds the same rep.
    """
    facts = known_facts(event.group_facts, event.occurred_at, bundle)
    route = route_of(facts, event.account_id, bundle)
    facts |= {"route.to": route.to}
    limits = limits_of(facts, event.person_facts, bundle)
    return ActionsPermitted.following(
        event,
        run_id=event.run_id,
        bundle=event.bundle,
        group_id=event.group_id,
        account_id=event.account_id,
        group_facts=facts,
        people=tuple(
            recorded(_at_home(person, facts, event.occurred_at, bundle), bundle)
            for person in event.person_facts
        ),
        route=route,
        verdicts=verdicts_on(event.person_facts, bundle),
        limits=limits,
        correction=event.correction,
        shared=event.shared,
        joined_accounts=event.joined_accounts,
        calendars=find_calendars(limits, facts, event.person_facts, event.occurred_at),
    )


def _at_home(person: PersonFacts, group: Facts, at: datetime, bundle: Bundle) -> PersonFacts:
    """Return a person with the hour where they are, and how long ago they last did anything."""
    company = {"account.country": group.get("account.country")}
    there = home_facts(person.facts | company, at, bundle)
    return person.model_copy(update={"facts": person.facts | there})


def verdicts_on(people: Iterable[PersonFacts], bundle: Bundle) -> tuple[Verdict, ...]:
    """Return whether each person's data may be used for each purpose."""
    return tuple(
        consent_to(person.person_id, person.facts, purpose, bundle)
        for person in people
        for purpose in Purpose
    )


def permitted_facts(facts: Facts, account_id: str, at: datetime, bundle: Bundle) -> Facts:
    """Return what the gates may ask about a group: its own facts, fit, territory and route."""
    known = known_facts(facts, at, bundle)
    return known | {"route.to": route_of(known, account_id, bundle).to}


def known_facts(facts: Facts, at: datetime, bundle: Bundle) -> Facts:
    """Return a group's facts with fit, unit, region, segment and territory, and when the run is."""
    return supposed_facts(facts, {}, at, bundle)


def supposed_facts(facts: Facts, held: Facts, at: datetime, bundle: Bundle) -> Facts:
    """Return a group's facts as they would be if those `held` were so.

    What policy works out from a held fact follows it; a held one is not worked out.
    """
    known = dict(facts) | {
        "run.date": int(at.strftime("%Y%m%d")),
        "run.weekday": at.isoweekday(),
        "run.hour": round(at.hour + at.minute / 60, 2),
    }
    known |= held
    known |= fit(known, bundle)
    if "account.icp_score" in held:
        known["account.icp_tier"] = _tier(held["account.icp_score"], bundle)
    known |= held
    for table, output in _PLACES:
        name = f"account.{output}"
        if table in bundle.names("tables") and name not in held:
            answer = bundle.table(bundle.table_for(table, known).value).evaluate(known)
            if answer.output.get(output) is not None:
                known[name] = answer.output[output]
    known |= {name: v for name, v in owner_facts(known, bundle).items() if name not in held}
    return known


def own_facts(facts: Facts, bundle: Bundle) -> Facts:
    """Return a group's recorded facts without those that policy has worked out from the rest."""
    return {name: value for name, value in facts.items() if name not in worked_out(bundle)}


def worked_out(bundle: Bundle) -> frozenset[str]:
    """Return the names of the facts that policy works out."""
    places = {f"account.{out}" for table, out in _PLACES if table in bundle.names("tables")}
    return frozenset(
        places | set(_FIT) | set(OWNER_FACTS) | {"run.date", "run.weekday", "run.hour", "route.to"}
    )


_FIT = ("account.icp_score", "account.icp_tier", "account.icp_rows", "account.icp_unknown")
_PLACES = (
    ("routing/units", "unit"),
    ("routing/regions", "region"),
    ("scorecards/segments", "segment"),
    ("routing/territories", "territory"),
)


def fit(facts: Facts, bundle: Bundle) -> Facts:
    """Return the ICP score, 0 to 100, and its tier: the points of every row that holds."""
    answer = bundle.table("scorecards/icp").evaluate(facts)
    score = min(100, max(0, sum(row.then["points"] for row in answer.rows)))
    return {
        "account.icp_score": score,
        "account.icp_tier": _tier(score, bundle),
        "account.icp_rows": tuple(row.id for row in answer.rows),
        "account.icp_unknown": answer.hinges_on,
    }


def _tier(score: Fact, bundle: Bundle) -> str:
    answer = bundle.table("scorecards/tier").evaluate({"account.icp_score": score})
    return str(answer.output["tier"])
