"""Decide the next best action for a buying group. Pure: no clock, no storage."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from functions.decisioning.arbitrate import arms_by_name, draw, is_held_out, odds, weigh
from functions.decisioning.gates import Past, judge, options
from mos.events import ActionsPermitted
from mos.model.action import Action, ActionClass, Candidate, Factor, Gate
from mos.model.base import canonical, derive_id
from mos.model.decision import Arm, Decision
from mos.policy.bundle import Bundle


@dataclass(frozen=True)
class Known:
    """What the ledger and learning know when the decision is made."""

    past: Past
    arms: tuple[Arm, ...]


def decide(event: ActionsPermitted, known: Known, bundle: Bundle) -> Decision:
    """Return the decision with all that made it: candidates, gates, factors, odds, seed.

    The choice is a person, an action and a treatment, over the whole buying group. Doing nothing
    (worth zero) and waiting for a cap to open are candidates like any other.
    """
    decision_id = derive_id("dec", event.run_id)
    segment = segment_of(event)
    alive, judged = ranked(event, known, bundle)
    held_out = is_held_out(event.account_id, bundle.number("holdout_percent"))
    chosen, drawn, reason = _choose(
        alive, _still_because(event, held_out=held_out), decision_id, bundle
    )
    action = bundle.actions[chosen.action]
    return Decision(
        decision_id=decision_id,
        run_id=event.run_id,
        trace_id=event.trace_id,
        account_id=event.account_id,
        group_id=event.group_id,
        decided_at=event.occurred_at,
        bundle=bundle.digest,
        person_id=chosen.person_id,
        action=chosen.action,
        treatment=chosen.treatment,
        channel=chosen.channel,
        probability=chosen.probability,
        reason=reason,
        segment=segment,
        held_out=held_out,
        needs_approval=action.approval,
        expires_at=event.occurred_at + timedelta(hours=action.ttl_hours),
        group_facts=event.group_facts,
        people=event.people,
        route=event.route,
        verdicts=event.verdicts,
        limits=event.limits,
        correction=event.correction,
        cause_id=event.cause_id,
        used=dict(known.past.used),
        hours_since=known.past.named_hours,
        arms=known.arms,
        candidates=tuple(drawn + judged),
        inputs_digest=_digest(event, known, bundle),
        seed=decision_id,
    )


def ranked(
    event: ActionsPermitted, known: Known, bundle: Bundle
) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates that may win, each with its priority, and those that fell."""
    arms = arms_by_name(known.arms)
    judged: list[Candidate] = []
    alive: list[Candidate] = []
    for option in options(event.people, event.group_facts, event.verdicts, bundle):
        candidate = judge(option, known.past, event.limits, event.group_id, bundle)
        arm = arms.get((candidate.action, candidate.treatment))
        weighed = weigh(candidate, option, arm, bundle)
        (judged if candidate.fell else alive).append(weighed)
    return _mandatory_first(alive, bundle) + _rest(judged, bundle), judged


def segment_of(event: ActionsPermitted) -> str:
    """Return the segment in which outcomes of this group are counted: its ICP tier."""
    return str(event.group_facts.get("account.icp_tier", "unknown"))


def _mandatory_first(alive: list[Candidate], bundle: Bundle) -> list[Candidate]:
    """Keep mandatory candidates alone where there are any: they bypass ranking."""
    forced = [c for c in alive if bundle.actions[c.action].klass is ActionClass.MANDATORY]
    return forced or alive


def _rest(fallen: Sequence[Candidate], bundle: Bundle) -> list[Candidate]:
    """Return the two candidates that touch nobody."""
    rest = [_still("do_nothing", 0.0, "worth nothing and costs nothing", bundle.actions)]
    capped = [
        c for c in fallen if c.fell and c.fell.gate is Gate.CONTACT_POLICY and (c.priority or 0) > 0
    ]
    if capped and capped[0].fell:
        best = max(capped, key=lambda c: c.priority or 0)
        worth = round((best.priority or 0) * bundle.number("wait_discount"), 9)
        why = f"{best.action} has no room now ({best.fell.row if best.fell else ''})"
        rest.append(_still("wait_until", worth, why, bundle.actions))
    return rest


def _still(name: str, worth: float, why: str, actions: Mapping[str, Action]) -> Candidate:
    treatment = actions[name].treatments[0]
    return Candidate(
        person_id=None,
        action=name,
        treatment=treatment.name,
        channel=treatment.channel,
        factors=(Factor(name="worth", value=worth, why=why),),
        priority=worth,
    )


def _still_because(event: ActionsPermitted, *, held_out: bool) -> str | None:
    """Return why nothing may be done whatever it is worth, or None."""
    if event.correction:
        return f"correction: {event.correction}; the past is put right, nothing is done anew"
    return "held_out: this account is in the control group" if held_out else None


def _choose(
    alive: list[Candidate],
    still_because: str | None,
    seed: str,
    bundle: Bundle,
) -> tuple[Candidate, list[Candidate], str]:
    if still_because:
        still = next(c for c in alive if c.action == "do_nothing")
        chosen = still.model_copy(update={"probability": 1.0})
        drawn = [chosen if c is still else c for c in alive]
        return chosen, drawn, still_because
    probabilities = odds(alive, bundle.number("exploration_gamma"))
    drawn = [
        c.model_copy(update={"probability": p}) for c, p in zip(alive, probabilities, strict=True)
    ]
    index = draw(probabilities, seed)
    best = max(c.priority or 0 for c in drawn)
    chosen = drawn[index]
    if (chosen.priority or 0) == best:
        return chosen, drawn, f"best of {len(drawn)}: worth ${chosen.priority or 0:.2f}"
    reason = (
        f"explored with probability {chosen.probability:.4f}: worth ${chosen.priority or 0:.2f}"
    )
    return chosen, drawn, reason


def _digest(event: ActionsPermitted, known: Known, bundle: Bundle) -> str:
    inputs = {
        "event": event.model_dump(mode="json"),
        "used": dict(known.past.used),
        "hours": known.past.named_hours,
        "arms": [arm.model_dump(mode="json") for arm in known.arms],
        "bundle": bundle.digest,
    }
    return hashlib.sha256(canonical(inputs).encode()).hexdigest()
