"""Read an experiment out: its arms by account, from when each account was first decided on. Pure.

An account counts in its arm whether or not anything was done to it (intention to treat). Its own
past explains away what it would have done anyway (CUPED). A ratio that cannot be chance blocks all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite, sqrt

import numpy as np

from functions.simulation.measure.compare import Difference, compare
from functions.simulation.measure.discovery import adjust_any
from functions.simulation.measure.power import Aim, plan
from functions.simulation.measure.ratio import RatioCheck, check_ratio
from functions.simulation.measure.sample import (
    Estimate,
    Numbers,
    adjust_by_past,
    estimate_mean,
)
from mos.model.challenge import CHAMPION
from mos.model.learn_report import ArmLine, RatioLine
from mos.model.lesson import Enrolment, KeptOutcome
from mos.policy.bundle.arms import HELD_OUT, TREATED

_WEEK = timedelta(days=7)
_TOO_LONG = 520
_NO_SHARE = 1e-6
_FIRSTS = (HELD_OUT, CHAMPION)
"""The arms that others are compared with."""


@dataclass(frozen=True)
class Metric:
    """What is counted of an account: `of` returns what one outcome adds, `unit` says what it is."""

    name: str
    unit: str
    of: Callable[[KeptOutcome], float]


@dataclass(frozen=True)
class Standards:
    """What the business asks of a read-out; `least_lift` is relative to the arm compared with."""

    alpha: float = 0.05
    power: float = 0.8
    least_lift: float = 0.1
    accounts_least: int = 200


@dataclass(frozen=True)
class ReadOut:
    """The arms of experiments, and whether they were drawn as stated."""

    ratios: tuple[RatioLine, ...]
    arms: tuple[ArmLine, ...]


def read_out(
    enrolled: Mapping[str, Sequence[Enrolment]],
    outcomes: Sequence[KeptOutcome],
    metrics: Sequence[Metric],
    standards: Standards,
    now: datetime,
) -> ReadOut:
    """Return each experiment's arms in each metric; what is found holds over all of them."""
    by_account: dict[str, list[KeptOutcome]] = {}
    for kept in outcomes:
        by_account.setdefault(kept.outcome.account_id, []).append(kept)
    ratios, lines = list[RatioLine](), list[ArmLine]()
    for experiment, accounts in sorted(enrolled.items()):
        arms = _by_arm(accounts)
        check = _check(arms)
        counts = {name: len(one) for name, one in arms.items()}
        ratios.append(
            RatioLine(experiment=experiment, arms=counts, p=check.p, broken=check.is_broken)
        )
        for metric in metrics:
            lines += _compare_arms(experiment, arms, by_account, metric, standards, now)
    broken = {ratio.experiment for ratio in ratios if ratio.broken}
    qs = adjust_any([line.p for line in lines]) if lines else []
    judged = (_judge(line, q, standards, broken) for line, q in zip(lines, qs, strict=True))
    return ReadOut(tuple(ratios), tuple(judged))


def _by_arm(accounts: Sequence[Enrolment]) -> dict[str, list[Enrolment]]:
    found: dict[str, list[Enrolment]] = {}
    for one in accounts:
        found.setdefault(one.arm, []).append(one)
    return dict(sorted(found.items()))


def _check(arms: Mapping[str, Sequence[Enrolment]]) -> RatioCheck:
    """Return whether the arms are as large as the shares by which each account was drawn.

    Of two arms a share may have changed meanwhile: each account counts by its own. Of more arms
    whose shares were changed nothing is said.
    """
    chances = {name: {one.probability for one in members} for name, members in arms.items()}
    if set(arms) <= {HELD_OUT, TREATED}:
        everybody = sum(len(members) for members in arms.values())
        out = sum(one.probability for one in arms.get(HELD_OUT, ()))
        out += sum(1 - one.probability for one in arms.get(TREATED, ()))
        counts = [len(arms.get(HELD_OUT, ())), len(arms.get(TREATED, ()))]
        return check_ratio(counts, [out, everybody - out])
    if any(len(one) > 1 for one in chances.values()):
        return RatioCheck(0.0, 1.0, is_broken=False)
    shares = [next(iter(one)) for one in chances.values()]
    counts, missing = [len(members) for members in arms.values()], 1 - sum(shares)
    if missing > _NO_SHARE:  # An arm that was stated, and has nobody.
        return check_ratio([*counts, 0], [*shares, missing])
    return check_ratio(counts, shares)


def _compare_arms(
    experiment: str,
    arms: Mapping[str, Sequence[Enrolment]],
    outcomes: Mapping[str, Sequence[KeptOutcome]],
    metric: Metric,
    standards: Standards,
    now: datetime,
) -> list[ArmLine]:
    first = next((name for name in _FIRSTS if name in arms), None)
    if first is None or len(arms) < 2:  # noqa: PLR2004  nobody to compare with
        return []
    columns = {name: _columns(members, outcomes, metric) for name, members in arms.items()}
    adjusted = adjust_by_past(list(columns.values()))
    values = dict(zip(columns, adjusted, strict=True))
    theirs = estimate_mean(values[first])
    return [
        _line(experiment, metric, (name, first), (estimate_mean(values[name]), theirs),
              (arms[name], arms[first]), standards, now)
        for name in arms
        if name != first
    ]  # fmt: skip


def _columns(
    members: Sequence[Enrolment], outcomes: Mapping[str, Sequence[KeptOutcome]], metric: Metric
) -> tuple[Numbers, Numbers]:
    """Return what each account brought since it is compared, and what it had brought before."""
    since, before = np.zeros(len(members)), np.zeros(len(members))
    for place, one in enumerate(members):
        for kept in outcomes.get(one.account_id, ()):
            column = since if kept.outcome.at >= one.at else before
            column[place] += metric.of(kept)
    return since, before


def _line(
    experiment: str,
    metric: Metric,
    names: tuple[str, str],
    arms: tuple[Estimate, Estimate],
    members: tuple[Sequence[Enrolment], Sequence[Enrolment]],
    standards: Standards,
    now: datetime,
) -> ArmLine:
    found = compare(*arms, alpha=standards.alpha)
    needs = _plan(arms, members, standards, now)
    bounds = (found.always_low, found.always_high)
    low, high = (round(b, 9) if isfinite(b) else None for b in bounds)
    return ArmLine(
        experiment=experiment,
        arm=names[0],
        against=names[1],
        metric=metric.name,
        accounts=arms[0].accounts,
        accounts_against=arms[1].accounts,
        mean=round(arms[0].value, 9),
        mean_against=round(arms[1].value, 9),
        effect=round(found.value, 9),
        low=low,
        high=high,
        p=found.p,
        q=1.0,
        verdict=_verdict(found),
        says=metric.unit,
        needs_accounts=needs[0],
        needs_weeks=needs[1],
    )


def _verdict(found: Difference) -> str:
    if found.always_low > 0:
        return "more"
    return "less" if found.always_high < 0 else "cannot_tell"


def _plan(
    arms: tuple[Estimate, Estimate],
    members: tuple[Sequence[Enrolment], Sequence[Enrolment]],
    standards: Standards,
    now: datetime,
) -> tuple[int | None, float | None]:
    """Return the accounts that both arms need, and the weeks until they are there."""
    accounts = arms[0].accounts + arms[1].accounts
    share = min(arm.accounts for arm in arms) / accounts
    variance = sum(a.error**2 * a.accounts * a.accounts for a in arms if isfinite(a.error))
    spread = sqrt(variance / accounts) if variance else float("inf")
    first = min(one.at for arm in members for one in arm)
    per_week = accounts / max((now - first) / _WEEK, 1.0)
    # Adjusted, what came of those compared with may lie below nothing: no share of that is an aim.
    aim = Aim(standards.least_lift * max(0.0, arms[1].value), standards.alpha, standards.power)
    needed = plan(spread, aim, share, accounts, per_week)
    if needed.accounts is None:
        return None, None
    least = max(needed.accounts, round(standards.accounts_least / share))
    weeks = max(0, least - accounts) / per_week
    return least, round(weeks, 1)


def _judge(line: ArmLine, q: float, standards: Standards, broken: set[str]) -> ArmLine:
    """Return the line with its verdict over all that was looked at, in words."""
    verdict = line.verdict
    if line.experiment in broken:
        verdict = "blocked"
    elif verdict != "cannot_tell" and q > standards.alpha:
        verdict = "cannot_tell"
    judged = line.model_copy(update={"q": q, "verdict": verdict})
    return judged.model_copy(update={"says": say_arm(judged, line.says)})


def say_arm(line: ArmLine, unit: str) -> str:
    """Return what one arm did beside another, in a sentence."""
    who = f"{line.experiment}: {line.arm} against {line.against}, {line.metric}"
    if line.verdict == "blocked":
        return f"{who}: not read out, its arms are not as large as they were drawn to be"
    if line.verdict == "cannot_tell":
        return f"{who}: cannot tell, {_say_need(line)}"
    low, high = sorted((abs(line.low or 0.0), abs(line.high or 0.0)))
    amount = f"{abs(line.effect):.4g} {unit} {line.verdict} ({low:.4g} to {high:.4g})"
    return f"{who}: {amount}, over {line.accounts + line.accounts_against:,} accounts"


def _say_need(line: ArmLine) -> str:
    there = f"{line.accounts + line.accounts_against:,} accounts are compared"
    if line.needs_accounts is None:
        return f"{there}; nothing has come in yet by which to say how many it needs"
    more = line.needs_accounts - line.accounts - line.accounts_against
    if more <= 0:
        return f"{there}: as many as a usual effect needs, so that it is likely smaller"
    weeks = line.needs_weeks or 0.0
    pace = f"{weeks:,.1f} weeks" if weeks <= _TOO_LONG else "more than ten years"
    return f"needs about {line.needs_accounts:,} accounts / {pace}; {there}"
