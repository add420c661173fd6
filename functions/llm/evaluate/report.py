"""Two sides beside each other: verdict, slices, cost, and which cases changed. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from functions.llm.evaluate.compare import MARGIN, compare_pairs
from functions.llm.evaluate.run import EvaluatedSide, GradedAnswer
from mos.model.golden_case import GoldenCase
from mos.model.prompt_report import (
    ChangedCase,
    EvaluatedSlice,
    Paired,
    PromptComparison,
    SideScore,
    Verdict,
)

_MOST_MISSING = 0.1
_P95 = 0.95


@dataclass(frozen=True)
class AskedSide:
    """A side and its answers."""

    side: EvaluatedSide
    answers: Sequence[GradedAnswer]


@dataclass(frozen=True)
class EvaluationSetting:
    """What an evaluation was: the digest of its cases, when, by what, and the stated margin."""

    cases: str
    made_at: datetime
    source: str
    repeats: int
    margin: float = MARGIN


def compare_sides(
    before: AskedSide, after: AskedSide, setting: EvaluationSetting
) -> PromptComparison:
    """Return the comparison. Only what both sides answered counts, repeat by repeat.

    Where more than a tenth of the answers is missing, nobody can tell: what is missing is seldom
    what is easy.
    """
    pairs = _pair(before.answers, after.answers)
    cases = {one.case.case: one.case for one in after.answers}
    shares = {name: (_share(b), _share(a)) for name, (b, a) in pairs.items()}
    paired = compare_pairs([a - b for b, a in shares.values()], setting.margin)
    missing = max((_missing_of(one.answers) for one in (before, after)), default=0.0)
    if missing > _MOST_MISSING:
        why = f"{missing:.0%} of the answers are missing: not recorded, or the provider gave none"
        paired = paired.model_copy(update={"verdict": Verdict.CANNOT_TELL, "why": why})
    return PromptComparison(
        task=after.side.task.name,
        candidate=after.side.fingerprint,
        baseline=before.side.fingerprint,
        cases=setting.cases,
        made_at=setting.made_at,
        source=setting.source,
        repeats=setting.repeats,
        paired=paired,
        before=score_side(before),
        after=score_side(after),
        slices=tuple(_slice(shares, cases, setting.margin)),
        changed=tuple(_list_changed(shares, pairs)),
    )


Pairs = dict[str, tuple[list[GradedAnswer], list[GradedAnswer]]]


def _pair(before: Iterable[GradedAnswer], after: Iterable[GradedAnswer]) -> Pairs:
    old = {(one.case.case, one.repeat): one for one in before if not one.is_missing}
    pairs: Pairs = {}
    for one in after:
        key = (one.case.case, one.repeat)
        if not one.is_missing and key in old:
            both = pairs.setdefault(one.case.case, ([], []))
            both[0].append(old[key])
            both[1].append(one)
    return pairs


def _share(answers: Sequence[GradedAnswer]) -> float:
    return fmean(float(one.has_passed) for one in answers)


def _missing_of(answers: Sequence[GradedAnswer]) -> float:
    return fmean(float(one.is_missing) for one in answers) if answers else 1.0


def score_side(asked: AskedSide) -> SideScore:
    """Return how a side did, by the answers that it has."""
    there = [one for one in asked.answers if not one.is_missing]
    seconds = sorted(one.seconds for one in there if not one.by_rule)
    return SideScore(
        name=asked.side.name,
        models=asked.side.route.models,
        answers=len(there),
        missing=len(asked.answers) - len(there),
        passed=round(_share(there), 6) if there else 0.0,
        by_rule=sum(one.by_rule for one in there),
        usd=round(sum(one.usd for one in there), 6),
        seconds_median=round(median(seconds), 3) if seconds else None,
        seconds_p95=seconds[min(len(seconds) - 1, int(_P95 * len(seconds)))] if seconds else None,
    )


Shares = Mapping[str, tuple[float, float]]


def _slice(
    shares: Shares, cases: Mapping[str, GoldenCase], margin: float
) -> Iterable[EvaluatedSlice]:
    parts: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for name, both in shares.items():
        for by, value in cases[name].slices.items():
            parts[by, value].append(both)
    for (by, value), rows in sorted(parts.items()):
        paired: Paired = compare_pairs([a - b for b, a in rows], margin)
        yield EvaluatedSlice(
            by=by,
            value=value,
            paired=paired,
            before=round(fmean(b for b, _ in rows), 6),
            after=round(fmean(a for _, a in rows), 6),
        )


def _list_changed(shares: Shares, pairs: Pairs) -> Iterable[ChangedCase]:
    for name, (b, a) in sorted(shares.items(), key=lambda row: row[1][1] - row[1][0]):
        if a != b:
            failures = sorted({f for one in pairs[name][1] for f in one.failures})
            yield ChangedCase(
                case=name, before=round(b, 6), after=round(a, 6), failures=tuple(failures)
            )
