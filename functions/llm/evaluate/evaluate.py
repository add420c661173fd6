"""Evaluate a task: its candidate and its baseline over the same cases, one comparison. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.llm.evaluate.report import AskedSide, EvaluationSetting, compare_sides
from functions.llm.evaluate.run import EvaluatedSide, Evaluation, GradedAnswer, ask_cases
from mos.errors import BundleError
from mos.model.prompt_report import PromptComparison
from mos.model.task import Task
from mos.policy.bundle.bundle import Bundle
from mos.policy.golden_cases import cases_file, read_cases
from mos.policy.model_routes import find_route

RULE = "rule"
"""The baseline that asks no model: the task's own answer."""
Say = Callable[[float, str], None]


@dataclass(frozen=True)
class WantedEvaluation:
    """A task, and the two sides that are set against each other."""

    task: Task
    candidate: Bundle
    before: EvaluatedSide
    after: EvaluatedSide

    @classmethod
    def against_bundle(
        cls, task: Task, candidate: Bundle, baseline: Bundle, name: str
    ) -> "WantedEvaluation":
        """Return the candidate against another bundle.

        Raises:
            BundleError: a page is wrong.
        """
        before = EvaluatedSide.of(name, baseline, task)
        return cls(task, candidate, before, EvaluatedSide.of("candidate", candidate, task))

    @classmethod
    def against_models(
        cls, task: Task, candidate: Bundle, models: tuple[str, ...], name: str
    ) -> "WantedEvaluation":
        """Return the candidate against other models of it, or none: the task's own rule.

        Raises:
            BundleError: a page is wrong.
        """
        after = EvaluatedSide.of("candidate", candidate, task)
        return cls(task, candidate, after.with_models(name, models), after)


def evaluate(
    wanted: WantedEvaluation, evaluation: Evaluation, setting: EvaluationSetting, say: Say
) -> PromptComparison:
    """Return the comparison over the candidate's golden cases.

    Raises:
        BundleError: it has none, or a page is wrong.
    """
    task, sides = wanted.task, (wanted.before, wanted.after)
    cases = read_cases(wanted.candidate, task.name)
    if not cases:
        raise BundleError(cases_file(task.name), f"there are no golden cases of {task.name}")
    if find_route(task.name, wanted.candidate) is None:
        raise BundleError(f"tasks/{task.name}.toml", "the bundle has no such task")
    total, asked = len(cases) * setting.repeats * len(sides), list[AskedSide]()
    for side in sides:
        answers = list[GradedAnswer]()
        for one in ask_cases(side, cases, setting.repeats, evaluation):
            answers.append(one)
            done = len(answers) + sum(len(other.answers) for other in asked)
            say(done / total, f"{side.name}: {len(answers):,} answers")
        asked.append(AskedSide(side, answers))
    return compare_sides(asked[0], asked[1], setting)
