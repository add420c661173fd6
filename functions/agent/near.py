"""Routes that a decision almost took, as the simulation layer works them out."""

from functions.agent.tool import Desk
from mos.errors import MosError
from mos.model.base import Facts, Noun
from mos.model.decision import Decision
from mos.model.view import Said


class NearRoute(Noun):
    """Another route, and the smallest change of facts that leads to it.

    `tried` of `cases` changes were tried: where fewer, a smaller one may exist.
    """

    to: str
    said: str
    facts: Facts
    tried: int
    cases: int


def find_near_routes(
    decision: Decision, person_id: str, desk: Desk
) -> tuple[NearRoute, ...] | None:
    """Return the routes that a change of one or two facts leads to; None where nobody can say.

    A record from which somebody was erased cannot be decided again.
    """
    if decision.erased:
        return None
    about = {"body": decision.canonical(), "person_id": person_id}
    try:
        found = desk.simulation.ask("near-routes", about)["routes"]
    except MosError:
        return None
    return tuple(NearRoute.model_validate(one) for one in found)


def render_near_routes(near: tuple[NearRoute, ...] | None, decision: Decision) -> list[Said]:
    """Return it as one would say it: `Almost: ae if account.employees ≥ 200`."""
    if near is None:
        said = "not worked out, the record could not be decided again"
    else:
        said = "; ".join(f"{one.to} if {one.said}" for one in near) or "no other route is near"
    cites = (f"routing/route#{decision.route.row}", decision.decision_id)
    return [Said.of(f"Almost: {said}", *cites)]
