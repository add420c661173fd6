"""Say the most of a thing in little: what decided it, counts for the rest. Pure."""

from collections import Counter

from mos.model.action import Candidate
from mos.model.base import Fact, Instant, Noun
from mos.model.decision import Decision
from mos.model.stage import Placement

_BEST, _FACTS, _ALMOST = 3, 8, 2


class CompactPlacement(Noun):
    """Where a subject stands and why, without the whole receipt: the row, the first facts."""

    level: str
    subject_id: str
    group_id: str | None
    stage: str
    since: Instant
    row: str
    why: str
    facts: dict[str, Fact]
    almost: tuple[str, ...]


class BriefDecision(Noun):
    """A decision as a row of a list."""

    decision_id: str
    at: Instant
    person_id: str | None
    action: str
    treatment: str
    channel: str
    reason: str
    probability: float
    bundle: str


class CompactRoute(Noun):
    """Who takes it, and the row that says so."""

    to: str
    pool: str | None
    row: str
    why: str
    almost: str | None


class Contender(Noun):
    """An action that was not chosen, for whom it was, and what it was worth."""

    person_id: str | None = None
    action: str
    treatment: str
    worth: float


class CompactDecision(BriefDecision):
    """What was chosen, by which route, what it was worth, what else stood, what fell where.

    `worth` are the factors of the choice, `fell` counts candidates by gate and row.
    """

    run_id: str
    group_id: str
    account_id: str
    owner: str | None
    needs_approval: bool
    correction: str | None
    erased: tuple[str, ...]
    route: CompactRoute
    worth: dict[str, float]
    also: tuple[Contender, ...]
    fell: dict[str, int]


def compact_placement(placement: Placement) -> CompactPlacement:
    """Return where a subject stands and why, without the whole receipt."""
    receipt = placement.receipt
    return CompactPlacement(
        level=placement.level.value,
        subject_id=placement.subject_id,
        group_id=placement.group_id,
        stage=placement.stage,
        since=placement.since,
        row=f"{receipt.table}#{receipt.row}",
        why=receipt.why,
        facts=dict(sorted(receipt.facts.items())[:_FACTS]),
        almost=tuple(near.stage for near in receipt.almost[:_ALMOST]),
    )


def compact_decision(decision: Decision) -> CompactDecision:
    """Return what was chosen, by which route, what it was worth, what else stood, what fell."""
    route = decision.route
    chosen = next((c for c in decision.candidates if _is_chosen(c, decision)), None)
    alive = [c for c in decision.candidates if c.fell is None and not _is_chosen(c, decision)]
    fell = Counter(
        f"{c.fell.gate.value}#{c.fell.row}" for c in decision.candidates if c.fell is not None
    )
    return CompactDecision(
        **dict(brief_decision(decision)),
        run_id=decision.run_id,
        group_id=decision.group_id,
        account_id=decision.account_id,
        owner=decision.owner or route.owner,
        needs_approval=decision.needs_approval,
        correction=decision.correction,
        erased=tuple(decision.erased),
        route=CompactRoute(
            to=route.to,
            pool=route.pool,
            row=f"routing/route#{route.row}",
            why=route.why,
            almost=route.almost,
        ),
        worth={f.name: f.value for f in chosen.factors} if chosen else {},
        also=tuple(
            Contender(
                person_id=c.person_id,
                action=c.action,
                treatment=c.treatment,
                worth=c.priority or 0,
            )
            for c in sorted(alive, key=lambda c: -(c.priority or 0))[:_BEST]
        ),
        fell=dict(fell.most_common()),
    )


def brief_decision(decision: Decision) -> BriefDecision:
    """Return a decision as a row of a list."""
    return BriefDecision(
        decision_id=decision.decision_id,
        at=decision.decided_at,
        person_id=decision.person_id,
        action=decision.action,
        treatment=decision.treatment,
        channel=decision.channel,
        reason=decision.reason,
        probability=decision.probability,
        bundle=decision.bundle,
    )


def _is_chosen(candidate: Candidate, decision: Decision) -> bool:
    return (candidate.person_id, candidate.action, candidate.treatment) == (
        decision.person_id,
        decision.action,
        decision.treatment,
    )
