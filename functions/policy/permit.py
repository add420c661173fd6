"""Work out what the business allows for a group. Pure: no clock, no storage."""

import hashlib

from mos.events import ActionsPermitted, SubjectPlaced
from mos.model.base import Facts
from mos.model.consent import Purpose
from mos.model.decision import Limit, Route
from mos.policy.bundle import Bundle
from mos.policy.consent import consent_to


def permit(event: SubjectPlaced, bundle: Bundle) -> ActionsPermitted:
    """Return fit, route, a verdict per person and purpose, and the caps that hold."""
    facts = dict(event.group_facts)
    facts |= fit(facts, bundle)
    route = _route(facts, event.account_id, bundle)
    facts |= {"route.to": route.to}
    verdicts = tuple(
        consent_to(person.person_id, person.facts, purpose, bundle)
        for person in event.person_facts
        for purpose in Purpose
    )
    return ActionsPermitted.following(
        event,
        run_id=event.run_id,
        bundle=event.bundle,
        group_id=event.group_id,
        account_id=event.account_id,
        group_facts=facts,
        people=event.person_facts,
        route=route,
        verdicts=verdicts,
        limits=_limits(facts, bundle),
        correction=event.correction,
    )


def fit(facts: Facts, bundle: Bundle) -> Facts:
    """Return the ICP score, 0 to 100, and its tier: the points of every row that holds."""
    answer = bundle.table("scorecards/icp").evaluate(facts)
    score = min(100, max(0, sum(row.then["points"] for row in answer.rows)))
    tier = bundle.table("scorecards/tier").evaluate({"account.icp_score": score})
    return {
        "account.icp_score": score,
        "account.icp_tier": str(tier.output["tier"]),
        "account.icp_rows": tuple(row.id for row in answer.rows),
        "account.icp_unknown": answer.hinges_on,
    }


def _route(facts: Facts, account_id: str, bundle: Bundle) -> Route:
    answer = bundle.table("routing/route").explain(facts, most=20)
    pool = answer.output.get("pool")
    almost = next(
        (
            f"{row.then['to']} (row {row.id}) but for {column} = {facts.get(column)}"
            for row, column in reversed(answer.almost)
            if row.then["to"] != answer.output["to"]
        ),
        None,
    )
    return Route(
        to=str(answer.output["to"]),
        pool=pool,
        owner=_owner(str(pool), account_id, bundle) if pool else None,
        row=answer.row_id,
        why=answer.why,
        almost=almost,
    )


def _owner(pool: str, account_id: str, bundle: Bundle) -> str | None:
    """Return the rep of a pool for this account: always the same one, and evenly spread."""
    reps = bundle.value(pool)
    if not isinstance(reps, list) or not reps:
        return None
    draw = int.from_bytes(hashlib.sha256(f"{pool}:{account_id}".encode()).digest()[:8], "big")
    return reps[draw % len(reps)]


def _limits(facts: Facts, bundle: Bundle) -> tuple[Limit, ...]:
    answer = bundle.table("contact/limits").evaluate(facts)
    return tuple(
        Limit(
            scope=row.then["scope"],
            channel=row.then["channel"],
            at_most=row.then["at_most"],
            window_hours=row.then["hours"],
            row=row.id,
        )
        for row in answer.rows
    )
