"""A golden case asks what its task takes, and its reference passes its own checks. Pure."""

from collections.abc import Iterator
from datetime import date

from pydantic import ValidationError

from mos import plugins, tasks
from mos.errors import BundleError
from mos.model.golden_case import GoldenCase, find_failures
from mos.model.task import Task
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.golden_cases import EVALS, SUFFIX, cases_file, read_cases


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield golden cases that no task takes, and those that their own reference fails."""
    known = {task.name: task for task in plugins.discover(tasks, "TASK", Task).values()}
    for name in bundle.names(EVALS, SUFFIX):
        if name not in known:
            yield Flaw(cases_file(name), f"there is no task {name}")
            continue
        try:
            cases = read_cases(bundle, name)
        except BundleError as error:
            yield Flaw(error.file, error.detail)
            continue
        for case in cases:
            if wrong := _find_wrong(known[name], case):
                yield Flaw(cases_file(name), f"{case.case}: {wrong}")


def _find_wrong(task: Task, case: GoldenCase) -> str | None:
    try:
        asked = task.question.model_validate(case.question)
    except ValidationError as error:
        return f"question: {_name_first(error)}"
    try:
        answer = task.answer.model_validate(case.reference)
    except ValidationError as error:
        return f"reference: {_name_first(error)}"
    if task.check and (why := task.check(asked, answer)):
        return f"reference: the task objects to it: {why}"
    failures = find_failures(case, answer.model_dump(mode="json"))
    return f"reference fails {', '.join(failures)}" if failures else None


def _name_first(error: ValidationError) -> str:
    first = error.errors(include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


CHECK = Check("unfit_case", find)
