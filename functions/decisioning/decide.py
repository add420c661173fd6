"""Decide the next best action for a buying group. Pure: no clock, no storage."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from functions.decisioning.arbitrate import Exploring, draw, odds, weigh
from functions.decisioning.constrain import bids_of, use_of
from functions.decisioning.gates import HUMAN, Room, judge, options
from functions.decisioning.learned import Learned, segment_of
from functions.decisioning.nominate import Spoken
from functions.decisioning.rest import Stopped, do_nothing, resting, stopped
from functions.decisioning.settings import settings_for
from mos.events import ActionsPermitted
from mos.model.action import ActionClass, Candidate
from mos.model.base import canonical, derive_id
from mos.model.decision import Arm, Decision
from mos.model.nomination import Nomination
from mos.model.past import Past
from mos.policy.bundle.bundle import Bundle

Ranked = tuple[list[Candidate], list[Candidate]]
"""The candidates that may win, and those that may not."""
FIRST = (ActionClass.TRANSACTIONAL, ActionClass.MANDATORY)
"""What goes before all others, in this order."""


@dataclass(frozen=True)
class Known:
    """What the ledger and learning know when the decision is made."""

    past: Past
    arms: tuple[Arm, ...]
    nominations: tuple[Nomination, ...] = ()


def decide(event: ActionsPermitted, known: Known, bundle: Bundle) -> Decision:
    """Return the decision with all that made it: candidates, gates, factors, odds, seed.

    The choice is a person, an action and a treatment, over the whole buying group. Doing nothing
    (worth zero) and waiting for something to open are candidates like any other.
    """
    own = settings_for(event.account_id, event.occurred_at, bundle).bundle
    return decide_among(ranked(event, known, own), event, known, bundle)


def decide_among(
    candidates: Ranked, event: ActionsPermitted, known: Known, bundle: Bundle
) -> Decision:
    """Return the decision among candidates that were `ranked` with what is known."""
    decision_id = derive_id("dec", event.run_id)
    settings = settings_for(event.account_id, event.occurred_at, bundle)
    bundle, held_out = settings.bundle, settings.held_out
    alive, others = candidates
    # A control group is left alone by us; what somebody asked for themselves they get.
    asked_for = any(bundle.actions[c.action].klass is ActionClass.TRANSACTIONAL for c in alive)
    still = _still_because(event, held_out=held_out and not asked_for)
    chosen, drawn, reason = _choose(alive, still, decision_id, bundle)
    action = bundle.actions[chosen.action]
    turn = room_of(event, known, bundle).turn if action.group == HUMAN else None
    quiet = held_out or event.correction
    # Who was only too late for a scarce thing wanted it all the same: what is left out is not
    # demand that was not there.
    late = [c for c in others if c.fell and c.fell.facts.get("action.over_volume") is True]
    wanting = [*alive, *late]
    bids = {} if quiet else bids_of(wanting, known.past.prices, bundle.constraints, bundle)
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
        segment=segment_of(event.group_facts, bundle),
        held_out=held_out,
        challenges=settings.challenges,
        nominations=known.nominations,
        needs_approval=action.approval,
        expires_at=event.occurred_at + timedelta(hours=action.ttl_hours),
        owner=turn.rep if turn else event.route.owner,
        owner_why=turn.why if turn else None,
        replaces=known.past.keeper_decisions if turn and turn.instead_of else (),
        wait_until=chosen.until,
        group_facts=event.group_facts,
        people=event.people,
        route=event.route,
        verdicts=event.verdicts,
        limits=event.limits,
        correction=event.correction,
        cause_id=event.cause_id,
        past=known.past,
        bids=bids,
        arms=known.arms,
        candidates=tuple(drawn + [c for c in others if c.action != chosen.action or c.fell]),
        inputs_digest=_digest(event, known, bundle),
        seed=decision_id,
    )


def ranked(event: ActionsPermitted, known: Known, bundle: Bundle) -> Ranked:
    """Return the candidates that may win, each with its priority, and those that may not.

    The latter fell at a gate, or are outranked: where anything transactional or mandatory has
    passed the gates, it bypasses ranking.
    """
    learned = Learned(segment_of(event.group_facts, bundle), known.arms)
    room = room_of(event, known, bundle)
    fallen: list[Candidate] = []
    alive: list[Candidate] = []
    waiting: list[Stopped] = []
    held_out = held_out_of(event.account_id, bundle)
    spoken = Spoken.of(known.nominations, event, bundle)
    said = (event.people, event.group_facts, event.verdicts, bundle)
    for option in options(*said, event.occurred_at, held_out):
        judged = judge(option, room, bundle)
        weighed = weigh(judged, option, learned, bundle, known.past.prices, spoken)
        if weighed.fell is None:
            alive.append(weighed)
            continue
        fallen.append(weighed)
        if later := stopped(weighed, option, room, bundle):
            waiting.append(later)
    rest = resting(waiting, event.occurred_at, bundle)
    first = _first_class(alive, bundle)
    if first is None:
        return alive + rest, fallen
    of = [c for c in alive if bundle.actions[c.action].klass is first]
    behind = [c for c in alive + rest if c not in of]
    outranked = [c.model_copy(update={"outranked": first.value}) for c in behind]
    return of, outranked + fallen


def held_out_of(account_id: str, bundle: Bundle) -> frozenset[str]:
    """Return the issues whose control group an account is in."""
    return frozenset(one.issue for one in bundle.holdouts if one.holds(account_id))


def room_of(event: ActionsPermitted, known: Known, bundle: Bundle) -> Room:
    """Return what is left of caps, reps, and constraints on the whole business."""
    full = frozenset(
        name
        for one in bundle.constraints
        for name in one.actions
        if known.past.volumes.get(one.name, 0.0) + use_of(one, bundle.actions[name], bundle)
        > one.at_most
    )
    account = event.account_id
    return Room(known.past, event.limits, event.group_id, event.route, full, account)


def _first_class(alive: list[Candidate], bundle: Bundle) -> ActionClass | None:
    classes = {bundle.actions[c.action].klass for c in alive}
    return next((klass for klass in FIRST if klass in classes), None)


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
        # Nothing is drawn: the road not taken stays in the record, without odds.
        chosen = do_nothing(bundle).model_copy(update={"probability": 1.0})
        others = [c for c in alive if c.action != chosen.action]
        return chosen, [*others, chosen], still_because
    probabilities = odds(alive, Exploring.of(bundle))
    drawn = [
        c.model_copy(update={"probability": p}) for c, p in zip(alive, probabilities, strict=True)
    ]
    chosen = drawn[draw(probabilities, seed)]
    worth, best = chosen.priority or 0, max(c.priority or 0 for c in drawn)
    if worth == best:
        return chosen, drawn, f"best of {len(drawn)}: worth ${worth:.2f}"
    reason = f"explored with probability {chosen.probability:.4f}: worth ${worth:.2f}"
    return chosen, drawn, reason


_NEW: dict[str, Any] = {
    "turn": 1, "passes": 0, "day_since": None, "weights": {}, "late": [], "broke_hours": None,
}  # fmt: skip


_WIDE: dict[str, Any] = {"window": "rolling", "people": []}


def _digest(event: ActionsPermitted, known: Known, bundle: Bundle) -> str:
    past = known.past
    said = event.model_dump(mode="json")
    # What a release before this one didn't know counts once it says something: its records stay
    # what they were.
    said["route"] = {n: v for n, v in said["route"].items() if n not in _NEW or v != _NEW[n]}
    said["people"] = [{n: v for n, v in p.items() if n != "former" or v} for p in said["people"]]
    said["limits"] = [{n: v for n, v in one.items() if n not in _WIDE or v != _WIDE[n]}
                      for one in said["limits"]]  # fmt: skip
    # Whose touches count, and in which of their days, is read in `past`; no record keeps it.
    said["shared"] = []
    del said["joined_accounts"], said["calendars"]
    inputs: dict[str, Any] = {
        "event": said,
        "used": past.used,
        "hours": past.hours_since,
        "opens": past.opens,
        "loads": past.loads,
        "volumes": past.volumes,
        "prices": past.prices,
        "arms": [arm.model_dump(mode="json") for arm in known.arms],
        "bundle": bundle.digest,
    }
    if past.today or past.keeper:
        inputs |= {"today": past.today, "keeper": past.keeper}
    if past.keeper_decisions:
        inputs |= {"keeper_hours": past.keeper_hours, "keeper_decisions": past.keeper_decisions}
    if past.used_exactly:
        inputs["used_exactly"] = past.used_exactly
    if known.nominations:
        inputs["nominations"] = [one.model_dump(mode="json") for one in known.nominations]
    return hashlib.sha256(canonical(inputs).encode()).hexdigest()
