"""A.10.9: a changed prompt, route or model ships on a fresh, signed evaluation of that change."""

from datetime import timedelta

import pytest

from mos.aws.prompt_reports import PromptReportStore
from mos.deployment.release import must_be_evaluated
from mos.errors import UnevaluatedError
from mos.memory.bucket import FakeBucket
from mos.memory.signer import FakeSigner
from mos.model.prompt_report import Paired, PromptReport, Verdict
from mos.policy.bundle.bundle import Bundle
from mos.policy.golden_cases import cases_file, digest_cases, list_changed, read_fingerprint
from mos.policy.model_routes import read_routes
from tests.builders import NOON, starter
from tests.evaluating import PROMPT, reworded

ROLE, PAGE = "infer_role", "tasks/infer_role.toml"
CHANGED = reworded("Answer briefly.")


def store(bucket: FakeBucket | None = None, signer: str = "ours") -> PromptReportStore:
    return PromptReportStore(bucket or FakeBucket(), FakeSigner(signer))


def report(bundle: Bundle = CHANGED, verdict: str = "same", **fields: object) -> PromptReport:
    given: dict[str, object] = {
        "task": ROLE,
        "candidate": read_fingerprint(bundle, ROLE),
        "baseline": read_fingerprint(starter(), ROLE),
        "cases": digest_cases(bundle, ROLE),
        "made_at": NOON,
        "source": "asked live, all of it",
        "paired": Paired(verdict=Verdict(verdict), cases=58, margin=0.1),
    }
    return PromptReport.model_validate(given | fields)


def edited(file: str, was: str, now: str) -> Bundle:
    text = starter().text(file)
    assert was in text
    return Bundle(starter().files | {file: text.replace(was, now).encode()})


@pytest.mark.parametrize("verdict", ["same", "better"])
def test_a10_09_a_fresh_signed_evaluation_lets_a_prompt_change(verdict: str) -> None:
    reports = store()
    reports.keep(report(verdict=verdict), b"{}")

    found = must_be_evaluated(CHANGED, starter(), reports, NOON + timedelta(days=6))

    assert [one.task for one in found] == [ROLE]


@pytest.mark.parametrize(
    ("fields", "days_later", "says"),
    [
        ({"candidate": "0" * 64}, 0, "never evaluated as it is now"),
        ({"task": "nominate"}, 0, "never evaluated as it is now"),
        ({"baseline": "0" * 64}, 0, "no longer active"),
        ({"cases": "0" * 64}, 0, "other golden cases"),
        ({}, 8, "at most 7 days count"),
        ({"made_at": NOON + timedelta(days=1)}, 0, "at most 7 days count"),
        ({"verdict": "worse"}, 0, "the evaluation says worse"),
        ({"verdict": "cannot tell"}, 0, "the evaluation says cannot tell"),
    ],
)
def test_a10_09_without_one_it_is_refused_and_told_what_to_do(
    fields: dict[str, object], days_later: int, says: str
) -> None:
    reports = store()
    reports.keep(report(**fields), b"{}")  # type: ignore[arg-type]

    with pytest.raises(UnevaluatedError, match=says) as refused:
        must_be_evaluated(CHANGED, starter(), reports, NOON + timedelta(days=days_later))

    assert "mos prompt eval infer_role --against active" in str(refused.value)


def test_a10_09_somebody_may_stand_for_it_in_words() -> None:
    reports = store()
    reports.keep(report(verdict="cannot tell", accepted="no key yet: Vera"), b"{}")

    found = must_be_evaluated(CHANGED, starter(), reports, NOON)

    assert found[0].accepted == "no key yet: Vera"


def test_a10_09_a_report_that_somebody_else_wrote_or_moved_counts_for_nothing() -> None:
    bucket = FakeBucket()
    store(bucket, "a thief's").keep(report(), b"{}")
    with pytest.raises(UnevaluatedError, match="signature is not ours"):
        must_be_evaluated(CHANGED, starter(), store(bucket), NOON)

    other = reworded("Another.")
    store(bucket).keep(report(other), b"{}")
    there, here = (f"reports/prompts/{ROLE}/{read_fingerprint(b, ROLE)}" for b in (other, CHANGED))
    for name in ("report.json", "report.sig"):
        bucket.objects[f"{here}/{name}"] = bucket.objects[f"{there}/{name}"]

    with pytest.raises(UnevaluatedError, match="about another change"):
        must_be_evaluated(CHANGED, starter(), store(bucket), NOON)


@pytest.mark.parametrize(
    "candidate",
    [
        CHANGED,
        edited(PAGE, 'models = ["openai_mini"]', 'models = ["claude_haiku"]'),
        edited(PAGE, 'models = ["openai_mini"]', 'models = ["openai_mini", "claude_haiku"]'),
        edited(PAGE, "temperature = 0.0", "temperature = 0.7"),
        edited(PAGE, "max_tokens = 60", "max_tokens = 90"),
    ],
    ids=["prompt", "model", "second model", "temperature", "length"],
)
def test_a10_09_what_changes_an_answer_needs_one(candidate: Bundle) -> None:
    with pytest.raises(UnevaluatedError):
        must_be_evaluated(candidate, starter(), store(), NOON)


def test_a10_09_another_model_behind_the_same_card_needs_one_for_each_task_that_asks_it() -> None:
    card = edited("models/openai_mini.toml", 'model = "gpt-4.1-mini"', 'model = "gpt-5-mini"')

    asking = [r.name for r in read_routes(starter()).values() if "openai_mini" in r.models]
    assert list_changed(card, starter()) == sorted(asking)
    assert len(asking) > 1


@pytest.mark.parametrize(
    "candidate",
    [
        starter(),
        edited(PAGE, "daily_budget_usd = 2.0", "daily_budget_usd = 1.0"),
        edited("models/openai_mini.toml", "usd_in = 0.40", "usd_in = 0.50"),
        edited("parameters/decisioning.toml", "value = 5\n", "value = 4\n"),
        edited(PAGE, 'models = ["openai_mini"]', "models = []"),
    ],
    ids=["nothing", "budget", "price", "a parameter", "no model at all"],
)
def test_a10_09_what_changes_no_answer_and_the_way_to_the_rule_need_none(candidate: Bundle) -> None:
    assert must_be_evaluated(candidate, starter(), store(), NOON) == []


def test_a10_09_golden_cases_made_easier_after_the_evaluation_are_noticed() -> None:
    reports = store()
    reports.keep(report(), b"{}")
    few = starter().text(cases_file(ROLE)).splitlines()[0].encode()
    easier = Bundle(CHANGED.files | {cases_file(ROLE): few})

    assert PROMPT in easier.files
    with pytest.raises(UnevaluatedError, match="other golden cases"):
        must_be_evaluated(easier, starter(), reports, NOON)
