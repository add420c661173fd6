"""A person's likely part in a purchase, per solution: title, behaviour, and what humans said. Pure.

Each piece of evidence is a role with a confidence. Pieces for one role add up as independent hints
do (noisy or: 1 - Π(1 - c)); roles that contradict each other share what is there, so the winner's
confidence is its own times its share. What a human stated outweighs all of it, and what only a
model says is less than any row of a table: it adds to other hints, and chooses nothing alone.
"""

from collections.abc import Iterable

from mos.model.base import Facts
from mos.model.profile import BuyingRole, Profile, Statement
from mos.policy.bundle.bundle import Bundle
from mos.policy.facts import words

CONFIRMED, DISMISSED = "role_confirmed", "role_dismissed"
MODEL_MOST = 0.25
"""How sure a model alone can be: it reads what a stranger wrote of himself, and may obey it."""

Hint = tuple[str, float, tuple[str, ...]]
"""A role, how sure one piece of evidence is of it, and what the evidence is."""


def role_of(profile: Profile, solution: str, bundle: Bundle) -> BuyingRole | None:
    """Return the role that is most likely here, or None where nothing is known.

    A confirmed role holds with certainty until it is dismissed; a dismissed one is never proposed
    again, and the next likely one takes its place.
    """
    said = stated(profile.statements, solution)
    confirmed = [s for s in said if s.kind == CONFIRMED and s.role]
    if confirmed:
        last = confirmed[-1]
        return BuyingRole(
            role=str(last.role), confidence=1.0, evidence=(last.signal_id,), source=last.by
        )
    dismissed = {s.role for s in said if s.kind == DISMISSED}
    hints = [h for h in _hints(profile, solution, bundle) if h[0] not in dismissed]
    return _likeliest(hints)


def stated(statements: Iterable[Statement], solution: str) -> list[Statement]:
    """Return what humans said of this solution, the last word on each role only, oldest first."""
    latest: dict[str | None, Statement] = {}
    for statement in statements:
        if statement.kind in (CONFIRMED, DISMISSED) and statement.solution in (None, solution):
            latest.pop(statement.role, None)
            latest[statement.role] = statement
    return list(latest.values())


def _hints(profile: Profile, solution: str, bundle: Bundle) -> list[Hint]:
    hints: list[Hint] = []
    title = profile.traits.get("title")
    if title is not None:
        facts: Facts = {"title.words": words(title.value), "group.solution": solution}
        answer = bundle.table("roles/title").evaluate(facts)
        if answer.row is not None:
            cited = (title.signal_id, f"roles/title#{answer.row_id}")
            hints.append((answer.output["role"], float(answer.output["confidence"]), cited))
    if profile.inferred_role and profile.inferred_role.role != "unknown":
        inferred = profile.inferred_role
        hints.append((inferred.role, min(MODEL_MOST, inferred.confidence), inferred.evidence))
    if not hints:
        return hints  # Behaviour sharpens what a title says; alone it would guess.
    for interest in profile.interests:
        read: Facts = {
            "interest.topic": interest.topic,
            "interest.score": interest.score,
            "group.solution": solution,
        }
        for row in bundle.table("roles/behaviour").evaluate(read).rows:
            cites: tuple[str, ...] = (*interest.signal_ids[-2:], f"roles/behaviour#{row.id}")
            hints.append((row.then["role"], float(row.then["confidence"]), cites))
    return hints


def _likeliest(hints: Iterable[Hint]) -> BuyingRole | None:
    doubt: dict[str, float] = {}
    evidence: dict[str, tuple[str, ...]] = {}
    for role, confidence, cites in hints:
        doubt[role] = doubt.get(role, 1.0) * (1 - min(0.99, max(0.0, confidence)))
        evidence[role] = evidence.get(role, ()) + cites
    sure = {role: 1 - left for role, left in doubt.items() if left < 1}
    if not sure:
        return None
    role = min(sure, key=lambda r: (-sure[r], r))
    share = sure[role] / sum(sure.values())
    return BuyingRole(
        role=role,
        confidence=round(sure[role] * share, 4),
        evidence=evidence[role],
        source="policy",
    )
