"""Say what a candidate bundle would change, from what each part of an archive shows. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import numpy as np

from functions.simulation.columns.engine import Numbers
from functions.simulation.evaluate.estimate import Logged, evaluate_against
from functions.simulation.impact.partial import Partial
from functions.simulation.impact.verdict import (
    find_broken,
    find_eyes,
    find_waivable,
    render_number,
    summarise,
)
from mos.model.estimate import Evaluation
from mos.model.impact import Breach, Change, Impact, Named, Slice, Tally
from mos.model.report import Reach
from mos.policy.bundle.bundle import Bundle
from mos.policy.diff.bundle import compare_bundles
from mos.policy.diff.loosened import list_loosened
from mos.policy.diff.touched import list_touched

_STRANGEST = 10
_FEWEST_OF_A_SLICE = 20


def rehearse(
    parts: Iterable[Partial],
    candidate: Bundle,
    baseline: Bundle,
    *,
    made_at: datetime,
    source: str,
    accepted: str = "",
) -> Impact:
    """Return who and what changes, by how much, and which guardrails break.

    `accepted` is somebody's word for guardrails that break on purpose; nobody can accept a touch
    without a basis.
    """
    found = Partial()
    for part in parts:
        found.add(part)
    successes, dollars = _valued(found)
    known = Impact(
        candidate=candidate.digest,
        baseline=baseline.digest,
        made_at=made_at,
        source=source,
        since=_moment(found.since),
        until=_moment(found.until),
        decisions=found.decisions,
        compared=found.compared,
        accounts=len(found.accounts),
        left_out=found.left_out,
        left_out_ids=tuple(found.left_out_ids),
        held_out=found.held_out,
        corrections=found.corrections,
        outcomes=sum(len(log["reward"]) for log in found.logs),
        differs=tuple(one["says"] for one in compare_bundles(baseline, candidate)),
        changes=_changes(found),
        groups={kind: len(groups) for kind, groups in sorted(found.touched.items())},
        slices=_slices(found),
        breaches=_breaches(found, candidate),
        reps=_reps(found),
        funnel=_tallies(found.funnel),
        actions=_tallies(found.actions),
        money=_tallies(found.money),
        lost_count=found.lost,
        lost=tuple(found.lost_leads),
        conflict_count=found.conflicts,
        conflicts=tuple(found.conflict_leads),
        strangest=_strangest(found),
        successes=successes,
        dollars=dollars,
        cannot_tell=_doubts(found, baseline),
        compared_accounts=len(found.reached_accounts.get("", ())),
        reach=_reach(found, candidate, baseline),
        loosened=list_loosened(baseline, candidate),
        accepted=accepted,
    )
    return judged(known, baseline)


def judged(impact: Impact, baseline: Bundle) -> Impact:
    """Return the impact with its summary, and the guardrails that it breaks: waived or not."""
    hard, soft = tuple(find_broken(impact, baseline)), tuple(find_waivable(impact, baseline))
    broken, waived = (hard, soft) if impact.accepted else (hard + soft, ())
    said = {"summary": tuple(summarise(impact)), "broken": broken, "waived": waived}
    return impact.model_copy(update=said | {"eyes": tuple(find_eyes(impact))})


def _reach(found: Partial, candidate: Bundle, baseline: Bundle) -> tuple[Reach, ...]:
    """Return how many decisions and accounts meet each thing that the candidate changes."""
    return tuple(
        Reach(
            what=one.name,
            decisions=found.reached[one.name],
            accounts=len(found.reached_accounts.get(one.name, ())),
        )
        for one in list_touched(baseline, candidate)
    )


def _valued(found: Partial) -> tuple[Evaluation | None, Evaluation | None]:
    """Return the candidate's value in successes and in US dollars net of cost, per decision."""
    if not found.logs:
        return None, None
    log = {name: np.concatenate([one[name] for one in found.logs]) for name in found.logs[0]}
    names = [name for names in found.log_accounts for name in names]
    accounts = np.unique(np.array(names), return_inverse=True)[1].astype(np.int64)
    value, cost = log["value"], log["cost"]
    shared = {"logged": log["logged"], "target": np.clip(log["target"], 0, 1), "accounts": accounts}
    successes = Logged(
        reward=log["reward"], model_logged=log["success"], model_target=log["new_success"], **shared
    )
    dollars = Logged(
        reward=log["reward"] * value - cost,
        model_logged=log["success"] * value - cost,
        model_target=log["new_dollars"],
        **shared,
    )
    return (
        evaluate_against(successes, log["old_success"]),
        evaluate_against(dollars, log["old_dollars"]),
    )


def _changes(found: Partial) -> tuple[Change, ...]:
    ranked = sorted(found.changes.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        Change(kind=k[0], before=k[1], after=k[2], count=n, leads=tuple(found.leads.get(k, ())))
        for k, n in ranked
    )


def _slices(found: Partial) -> tuple[Slice, ...]:
    rows = []
    for (by, value), numbers in sorted(found.slices.items(), key=lambda p: (p[0][0], -p[1][0])):
        count, route, action, before, after = (float(n) for n in numbers)
        if count < _FEWEST_OF_A_SLICE:
            continue
        rows.append(
            Slice(
                by=by,
                value=value,
                decisions=int(count),
                route_changes=int(route),
                action_changes=int(action),
                human_before=before / count,
                human_after=after / count,
            )
        )
    return tuple(rows)


def _breaches(found: Partial, bundle: Bundle) -> tuple[Breach, ...]:
    """Return the weeks in which a rep would hold more than they can, and did not before."""
    able: dict[str, float | None] = {}
    rows = []
    for (rep, week), numbers in sorted(found.handoffs.items()):
        if rep not in able:
            able[rep] = _capacity(rep, bundle)
        most, (before, after) = able[rep], (int(n) for n in numbers)
        if most is not None and after > most and after > before:
            rows.append(Breach(rep=rep, week=week, before=before, after=after, capacity=most))
    return tuple(rows[:200])


def _capacity(rep: str, bundle: Bundle) -> float | None:
    if "routing/reps" not in bundle.names("tables"):
        return None
    most = bundle.table("routing/reps").evaluate({"rep.id": rep}).output.get("capacity")
    return None if most is None else float(most)


def _reps(found: Partial) -> tuple[Tally, ...]:
    sums: dict[str, list[float]] = {}
    for (rep, _), numbers in found.handoffs.items():
        held = sums.setdefault(rep, [0.0, 0.0])
        held[0], held[1] = held[0] + float(numbers[0]), held[1] + float(numbers[1])
    return tuple(Tally(name=n, before=b, after=a) for n, (b, a) in sorted(sums.items()))


def _tallies(
    held: Mapping[str, Numbers],
) -> tuple[Tally, ...]:
    return tuple(
        Tally(name=name, before=round(float(n[0]), 6), after=round(float(n[1]), 6))
        for name, n in held.items()
    )


def _strangest(found: Partial) -> tuple[Named, ...]:
    """Return the most surprising cases, each of another kind of change while there are such."""
    ranked = sorted(found.strange, key=lambda pair: (-pair[0], pair[1].decision_id))
    seen = Counter[tuple[str, str]]()
    first: list[Named] = []
    later: list[Named] = []
    for _, one in ranked:
        (later if seen[one.before, one.after] else first).append(one)
        seen[one.before, one.after] += 1
    return tuple((first + later)[:_STRANGEST])


def _doubts(found: Partial, bundle: Bundle) -> tuple[str, ...]:
    said = [f"{count:,} {what}" for what, count in found.unknown.items() if count]
    if found.left_out:
        said.append(
            f"{found.left_out:,} decisions are not made again as recorded, and are left out"
        )
    least = render_number(bundle, "rehearsal_decisions_least", 0)
    if found.compared < least:
        said.append(f"{found.compared:,} decisions say little; {least:g} are wanted")
    return tuple(said)


def _moment(at: float) -> datetime | None:
    return datetime.fromtimestamp(at, UTC) if np.isfinite(at) else None
