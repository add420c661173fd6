"""Facts, routes and choices as one would say them. Pure."""

from mos.model.action import Candidate, Factor
from mos.model.decision import Decision, said_chance
from mos.policy.fact_values import say_dollars, say_number


def render_route(found: Decision, *, why: bool = False) -> str:
    """Return who takes the group, the row that says so and, where asked for, its reason.

    The turn is taken by the decision: the route alone names who is first in line.
    """
    owner = found.owner or found.route.owner
    whose = f" → {owner}" if owner else ""
    reason = f", {found.route.why}" if why else ""
    return f"{found.route.to}{whose}{reason} [routing/route#{found.route.row}]"


def render_person(person_id: str | None, named: tuple[str, str]) -> str:
    """Return what to call a person: `named` is the id of the one asked about, and their name."""
    if person_id is None:
        return "the group"
    return (named[1] or person_id) if person_id == named[0] else f"a colleague ({person_id})"


def render_choice(decision: Decision, named: tuple[str, str]) -> str:
    """Return what was chosen for whom, and how it came out of the draw."""
    chance = said_chance(decision.probability)
    return (
        f"{decision.action}/{decision.treatment} by {decision.channel} for "
        f"{render_person(decision.person_id, named)} (p = {chance}; {decision.reason})"
    )


def render_worth(candidate: Candidate) -> str:
    """Return a priority with every factor and where it comes from."""
    sums = " · ".join(f"{f.name} {say_number(f.value)} ({_source(f)})" for f in candidate.factors)
    return f"{sums} = {say_dollars(candidate.priority or 0)} [actions/{candidate.action}]"


def _source(factor: Factor) -> str:
    rows = factor.name == "context" and factor.why != "no row holds"
    return f"arbitration/context#{factor.why}" if rows else factor.why
