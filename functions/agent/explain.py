"""Put a decision into sentences. Each cites the row, the facts or the signal it rests on. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from functions.agent.promises import say_promise
from mos.model.action import Candidate
from mos.model.base import Facts
from mos.model.decision import Decision, said_chance
from mos.model.delivery import Delivery
from mos.model.stage import Placement
from mos.model.view import Said
from mos.policy.bundle.bundle import Bundle
from mos.policy.consent import explain_fall
from mos.policy.fact_values import say_dollars, say_fact, say_number

_RUNNERS_UP = 2


def where_it_stands(placements: Sequence[Placement], solution: str | None = None) -> list[Said]:
    """Return where subjects stand: the stage, the row, the facts that it saw, and what else holds.

    `solution` names the group where there are several.
    """
    return [said for p in placements for said in _standing(p, solution)]


def _standing(p: Placement, solution: str | None) -> Iterator[Said]:
    who = p.level.value.capitalize() + (f" ({solution})" if solution else "")
    why = f"{p.reason}: {p.receipt.why}" if p.reason else p.receipt.why
    row = f"{p.receipt.table}#{p.receipt.row}"
    facts = f"{row}: {render_facts(p.receipt.facts)}"
    yield Said.of(f"{who} is {p.stage} since {p.since:%Y-%m-%d %H:%M} UTC: {why}", facts)
    if p.until:
        back = f"  set back until {p.until:%Y-%m-%d}, unless a row says earlier"
        yield Said.of(back, "lifecycle/reentry")
    if p.held_by:
        until = f" until {p.held_by.until:%Y-%m-%d %H:%M} UTC" if p.held_by.until else ""
        held = f"  would be {p.held_by.stage}, held by {p.held_by.by}{until}: {p.held_by.why}"
        yield Said.of(held, row)
    if p.conflict:
        c = p.conflict
        told = f"  the CRM says {c.crm} ({c.means}), the model {c.model}; "
        yield Said.of(f"{told}we believe the {c.winner}: {c.why}", f"lifecycle/crm#{c.row}")
    for clock in p.clocks:
        if clock.stage == p.stage:
            yield Said.of(f"  promise {clock.name}: {say_promise(clock)}", clock.name)
    for near in p.receipt.almost[:1]:
        found = say_fact(near.found) if near.found is not None else "not known"
        # The receipt is of the move that led here: what holds now is the decision's to say.
        almost = f"  almost {near.stage}: {near.column} would be {near.wants}, and was {found} then"
        yield Said.of(almost, p.receipt.table)


def what_was_decided(decision: Decision, name: str) -> list[Said]:
    """Return what was chosen and why, how sure the draw was, and who takes it."""
    what = f"{decision.action} ({decision.treatment}, {decision.channel}) for {name}"
    odds = f"drawn with probability {said_chance(decision.probability)}"
    said = [Said.of(f"Decided {what}: {decision.reason}, {odds}", decision.decision_id)]
    chosen = next((c for c in decision.candidates if _is_chosen(c, decision)), None)
    if chosen and chosen.factors:
        sums = " · ".join(f"{f.name} {say_number(f.value)} ({f.why})" for f in chosen.factors)
        cite = f"actions/{decision.action}.toml"
        said.append(Said.of(f"Its worth: {sums} = {say_dollars(chosen.priority or 0)}", cite))
    route = decision.route
    almost = f"; almost {route.almost}" if route.almost else ""
    rep, turn = decision.owner or route.owner, decision.owner_why or route.chose
    owner = f" → {rep}" if rep else ""
    if rep and turn:
        skipped = [said for said in route.skipped if not said.startswith(f"{rep}:")]
        passed = f"; passed over: {', '.join(skipped)}" if skipped else ""
        owner += f" ({turn}{passed})"
    routing = f"Routing: {route.to}{owner}, {route.why}{almost}"
    return [*said, Said.of(routing, f"routing/route#{route.row}")]


def what_was_said(delivery: Delivery) -> list[Said]:
    """Return which words a delivery says, in which version, and what they claim."""
    if not delivery.asset:
        return []
    cite = f"content/{delivery.asset}.toml"
    claims = "; ".join(delivery.claims) or "nothing"
    said = f"It says {delivery.asset}, version {delivery.asset_version}, which claims: {claims}"
    if not delivery.language_missing:
        return [Said.of(said, cite)]
    wants, has = delivery.language_missing, delivery.language
    fell = f"They read {wants}, in which it is not written: it was said in {has}"
    return [Said.of(said, cite), Said.of(fell, cite)]


def who_was_left_out(decision: Decision) -> list[Said]:
    """Return whom a decision did not look at and did not weigh, where a company is that large."""
    facts, weighed = decision.group_facts, len(decision.people)
    members, left = facts.get("group.members"), facts.get("group.members_left_out")
    if not isinstance(members, int):
        return []
    page, said = "parameters/groups.toml", list[Said]()
    if isinstance(left, int):
        text = (f"Looked at {members} members of the group: whom the run is about, then the most "
                f"engaged; {left} were left out")  # fmt: skip
        said.append(Said.of(text, f"{page}#most_people"))
    if weighed < members:
        text = (f"Weighed {weighed} of them: whom the run is about, then the most engaged, as many "
                f"as one run carries; {members - weighed} were not weighed")  # fmt: skip
        said.append(Said.of(text, f"{page}#most_members"))
    return said


def what_fell(decision: Decision, person_id: str | None, bundle: Bundle) -> list[Said]:
    """Return where each action fell for this person: one sentence per gate and row."""
    actions: dict[tuple[str, str], list[str]] = {}
    for candidate in decision.candidates:
        if candidate.fell is None or candidate.person_id != person_id:
            continue
        fall = candidate.fell
        shared = {k: v for k, v in fall.facts.items() if k != "action.name"}
        facts = f": {render_facts(shared)}" if shared else ""
        cite = f"gates/{fall.gate.value}#{fall.row}{facts}"
        names = actions.setdefault((explain_fall(candidate, decision, bundle), cite), [])
        if candidate.action not in names:
            names.append(candidate.action)
    return [Said.of(f"Not {', '.join(n)}: {why}", cite) for (why, cite), n in actions.items()]


def runners_up(decision: Decision, names: Mapping[str, str]) -> list[Said]:
    """Return the best candidates that were not chosen, with their worth and odds.

    Each says whom it was for, where that is somebody else than who was chosen: by `names`, else id.
    """
    return [
        Said.of(
            f"Also possible: {c.action}/{c.treatment}{_for(c, decision, names)}, "
            f"worth {say_dollars(c.priority or 0)}, p = {said_chance(c.probability)}",
            decision.decision_id,
        )
        for c in list_runners_up(decision)
    ]


def list_runners_up(decision: Decision, most: int = _RUNNERS_UP) -> list[Candidate]:
    """Return the best candidates that were not chosen."""
    alive = [c for c in decision.candidates if c.fell is None and not _is_chosen(c, decision)]
    return sorted(alive, key=lambda c: -(c.priority or 0))[:most]


def _for(one: Candidate, decision: Decision, names: Mapping[str, str]) -> str:
    if one.person_id == decision.person_id or one.person_id is None:
        return ""
    return f" for {names.get(one.person_id, one.person_id)}"


def _is_chosen(candidate: Candidate, decision: Decision) -> bool:
    return (candidate.person_id, candidate.action, candidate.treatment) == (
        decision.person_id,
        decision.action,
        decision.treatment,
    )


def render_facts(facts: Facts) -> str:
    """Return facts as `name = value`, sets in braces."""
    return ", ".join(f"{name} = {say_fact(value)}" for name, value in facts.items())
