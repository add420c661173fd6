"""What came of us in some days, which arms did better, and which channels stood on the way?"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.decisioning.value import read_rates
from functions.simulation.lesson_log import LessonLog, stand
from functions.simulation.measure.channels import (
    GroupPath,
    credit_channels,
    cut_path,
    explain_difference,
)
from functions.simulation.measure.outcome_lines import count_outcomes, find_usd
from functions.simulation.measure.read_out import Metric, ReadOut, Standards, read_out
from functions.simulation.question import Question, Room
from mos.errors import MalformedError
from mos.model.learn_report import LearnReport
from mos.model.lesson import KeptOutcome, OutcomeKind
from mos.policy.attribution_rule import read_attribution
from mos.policy.bundle.bundle import Bundle

_NO_TRUTH = "No experiment has accounts in two arms: nothing says yet what would have come anyway."
MOST_OUTCOMES, MOST_GROUPS = 20_000, 2_000
_MILESTONES = (OutcomeKind.MEETING, OutcomeKind.OPPORTUNITY)
_READ = (OutcomeKind.MEETING, OutcomeKind.OPPORTUNITY, OutcomeKind.WON)
_NAMED = {OutcomeKind.MEETING: "meetings", OutcomeKind.OPPORTUNITY: "opportunities",
          OutcomeKind.WON: "deals won"}  # fmt: skip


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return the report of the last days up to a moment, by the bundle that is named.

    Raises:
        MalformedError: it is no such question.
        MissingError: the bundle was never published.
    """
    try:
        at = datetime.fromisoformat(str(about["at"])).astimezone(UTC)
        days, kind = int(about["days"]), OutcomeKind(about["kind"])
    except (KeyError, ValueError, TypeError) as error:
        raise MalformedError(f"not a question about a report: {error}") from None
    bundle = room.find(str(about["bundle"]))
    return {"report": report(LessonLog(room.table("lessons"), at, days), kind, bundle).canonical()}


def report(log: LessonLog, kind: OutcomeKind, bundle: Bundle) -> LearnReport:
    """Return what stands in learning's records of a span."""
    kept, rule = log.list_outcomes(MOST_OUTCOMES + 1), read_attribution(bundle)
    standing = stand(kept)
    rates = read_rates(bundle)
    read = read_out(
        {name: log.list_enrolled(name) for name in log.list_experiments()},
        standing, _list_metrics(rates), _read_standards(bundle), log.at,
    )  # fmt: skip
    groups = log.list_groups(MOST_GROUPS + 1)
    firsts = _find_firsts(standing)
    touched = dict.fromkeys(groups[:MOST_GROUPS])
    reached = {group: at for (group, what), at in firsts.items() if what is kind}
    paths = [_path(group, log, firsts, kind, rule.window) for group in {**touched, **reached}]
    lines = credit_channels(paths, log.sum_spend())
    won = [path for path in paths if path.won_at]
    return LearnReport(
        at=log.at,
        days=log.days,
        bundle=bundle.digest,
        complete=len(kept) <= MOST_OUTCOMES and len(groups) <= MOST_GROUPS,
        model=rule.model.value,
        window_days=rule.days,
        outcomes=count_outcomes(kept, standing, rates),
        ratios=read.ratios,
        arms=read.arms,
        attributed=kind.value,
        groups=len(won),
        untouched=sum(not path.contacts for path in won),
        channels=lines,
        says=tuple(explain_difference(lines, rule.model.value) + _say_truth(read, kind)),
    )


def _list_metrics(rates: Mapping[str, float]) -> list[Metric]:
    def count(kind: OutcomeKind) -> Metric:
        return Metric(
            f"{_NAMED[kind]} per account", _NAMED[kind],
            lambda kept: float(kept.outcome.kind is kind),
        )  # fmt: skip

    money = Metric(
        "US dollars won per account", "US dollars",
        lambda k: find_usd(k, rates) if k.outcome.kind is OutcomeKind.WON else 0.0,
    )  # fmt: skip
    return [*(count(kind) for kind in _READ), money]


def _read_standards(bundle: Bundle) -> Standards:
    usual, stated = Standards(), bundle.parameters

    def read(name: str, default: float) -> float:
        return bundle.number(name) if name in stated else default

    return Standards(
        alpha=read("experiment_alpha", usual.alpha),
        power=read("experiment_power", usual.power),
        least_lift=read("experiment_lift_least", usual.least_lift),
        accounts_least=round(read("experiment_accounts_least", usual.accounts_least)),
    )


def _find_firsts(standing: Sequence[KeptOutcome]) -> dict[tuple[str, OutcomeKind], datetime]:
    found: dict[tuple[str, OutcomeKind], datetime] = {}
    for kept in standing:
        found.setdefault((kept.outcome.group_id, kept.outcome.kind), kept.outcome.at)
    return found


def _path(
    group: str,
    log: LessonLog,
    firsts: Mapping[tuple[str, OutcomeKind], datetime],
    kind: OutcomeKind,
    window: timedelta,
) -> GroupPath:
    milestones = sorted(at for one in _MILESTONES if (at := firsts.get((group, one))))
    return cut_path(log.list_contacts(group), milestones, firsts.get((group, kind)), log.at, window)


def _say_truth(read: ReadOut, kind: OutcomeKind) -> list[str]:
    """Return what experiments say of the outcome that channels are credited with."""
    named = f"{_NAMED.get(kind, kind.value)} per account"
    said = [line.says for line in read.arms if line.metric == named]
    if not said:
        return [_NO_TRUTH]
    return [f"What the experiments say: {one}." for one in said]


QUESTION = Question(answer)
