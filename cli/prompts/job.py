"""One evaluation as it was asked for: which sides, and where their answers come from."""

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from cli.bundle import bundle_at
from cli.prompts.cassettes import read_cassettes, write_cassettes
from functions.llm.call import Model
from functions.llm.evaluate.evaluate import RULE, Say, WantedEvaluation, evaluate
from functions.llm.evaluate.report import EvaluationSetting
from functions.llm.evaluate.run import Evaluation, EvaluationPurse
from mos import plugins, tasks
from mos.errors import BundleError
from mos.model.prompt_report import PromptComparison, PromptReport
from mos.model.task import Task
from mos.policy.bundle.bundle import Bundle
from mos.policy.golden_cases import digest_cases
from mos.policy.model_routes import read_cards

_MICRO = 1_000_000


@dataclass(frozen=True)
class PromptJob:
    """What is evaluated against what.

    `fresh` takes no cassette for an answer: what is signed was asked now.
    """

    task: Task
    candidate: Bundle
    against: str
    cassettes: Path
    repeats: int
    margin: float
    usd: float
    live: Model | None
    fresh: bool

    def run(self, say: Say) -> PromptComparison:
        """Return the comparison; what was asked live is kept as cassettes.

        Raises:
            BundleError: a bundle, a page, a case or a file of cassettes is wrong.
        """
        known = read_cassettes(self.cassettes)
        purse = EvaluationPurse(round(self.usd * _MICRO))
        heard = {} if self.fresh else dict(known)
        evaluation = Evaluation(heard, purse, self.live, time.monotonic)
        source = f"asked live, {'all of it' if self.fresh else 'what no cassette holds'}"
        setting = EvaluationSetting(
            cases=digest_cases(self.candidate, self.task.name),
            made_at=datetime.now(UTC),
            source=source if self.live else "from cassettes, nothing asked live",
            repeats=self.repeats,
            margin=self.margin,
        )
        try:
            return evaluate(self._wanted(), evaluation, setting, say)
        finally:
            if evaluation.fresh:
                write_cassettes(self.cassettes, known | {c.key: c for c in evaluation.fresh})

    def _wanted(self) -> WantedEvaluation:
        if self.against == RULE:
            return WantedEvaluation.against_models(self.task, self.candidate, (), RULE)
        if self.against in read_cards(self.candidate):
            models = (self.against,)
            return WantedEvaluation.against_models(self.task, self.candidate, models, self.against)
        baseline = bundle_at(self.against)
        name = self.against if self.against == "active" else baseline.digest[:12]
        return WantedEvaluation.against_bundle(self.task, self.candidate, baseline, name)


def find_task(name: str) -> Task:
    """Return a task.

    Raises:
        BundleError: there is none of this name.
    """
    try:
        return plugins.load(tasks, name, "TASK", Task)
    except KeyError:
        known = ", ".join(sorted(t.name for t in plugins.discover(tasks, "TASK", Task).values()))
        raise BundleError(
            f"tasks/{name}.toml", f"there is no such task; there are {known}"
        ) from None


def sign(found: PromptComparison, accepted: str) -> None:
    """Store a signed report with the stage, where activation looks for it."""
    from cli.deployment import deployment  # noqa: PLC0415  slow: reaches AWS
    from mos.deployment import storage  # noqa: PLC0415  as above

    text = found.canonical().encode()
    report = PromptReport(
        task=found.task,
        candidate=found.candidate,
        baseline=found.baseline,
        cases=found.cases,
        made_at=found.made_at,
        source=found.source,
        paired=found.paired,
        accepted=accepted,
        findings=hashlib.sha256(text).hexdigest(),
    )
    key = storage.open_prompt_reports(deployment(), storage.PUBLISHER).keep(report, text)
    typer.secho(f"report: {key}", err=True)
