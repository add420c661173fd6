"""Golden cases: at least forty a task, each fit for it, its checks held by what is right alone."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from mos import plugins, tasks
from mos.errors import BundleError
from mos.model.golden_case import AnswerCheck, GoldenCase, find_failures
from mos.model.task import Task
from mos.policy.bundle.bundle import Bundle
from mos.policy.checks.unfit_case import CHECK
from mos.policy.golden_cases import cases_file, read_cases
from tests.builders import NOON, starter

TASKS = {task.name: task for task in plugins.discover(tasks, "TASK", Task).values()}


@pytest.mark.parametrize("task", sorted(TASKS))
def test_a_task_has_forty_golden_cases_of_several_sorts(task: str) -> None:
    cases = read_cases(starter(), task)

    assert len(cases) >= 40
    for by in ("language", "role", "length"):
        assert len({one.slices[by] for one in cases}) > 1, by


def test_golden_cases_fit_their_tasks() -> None:
    assert CHECK.run(starter(), NOON.date()) == []


@pytest.mark.parametrize("task", sorted(TASKS))
def test_no_tasks_own_rule_passes_them_all(task: str) -> None:
    cases, found = read_cases(starter(), task), TASKS[task]

    failed = [
        case.case
        for case in cases
        if find_failures(
            case,
            found.fallback(found.question.model_validate(case.question)).model_dump(mode="json"),
        )
    ]

    assert failed


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        ({"at": "role", "equals": "champion"}, {"role": "champion"}, {"role": "end_user"}),
        ({"at": "role", "one_of": ["a", "b"]}, {"role": "b"}, {"role": "c"}),
        ({"at": "body", "contains": ["One", "two"]}, {"body": "two ONE"}, {"body": "one"}),
        ({"at": "body", "contains_any": ["a", "b"]}, {"body": "xB"}, {"body": "c"}),
        ({"at": "body", "contains_no": ["evil"]}, {"body": "good"}, {"body": "EVIL"}),
        ({"at": "body", "max_length": 2}, {"body": "ab"}, {"body": "abc"}),
        ({"at": "rows", "min_length": 1}, {"rows": [1]}, {"rows": []}),
        ({"at": "sure", "at_most": 0.5}, {"sure": 0.5}, {"sure": 0.6}),
        ({"at": "sure", "at_least": 0.5}, {"sure": 0.5}, {"sure": True}),
        ({"at": "rows.*.a", "one_of": [1]}, {"rows": [{"a": 1}]}, {"rows": [{"a": 1}, {"a": 2}]}),
        ({"at": "rows.1.a", "equals": 2}, {"rows": [{}, {"a": 2}]}, {"rows": [{"a": 2}]}),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) and "at" not in one else None,
)
def test_a_check_holds_of_what_is_right_alone(
    check: dict[str, Any], right: dict[str, Any], wrong: dict[str, Any]
) -> None:
    case = GoldenCase(case="c", question={}, checks=(AnswerCheck(**check),), reference={})

    assert find_failures(case, right) == []
    assert find_failures(case, wrong)


@pytest.mark.parametrize("check", [{"at": "role"}, {"at": "a", "equals": 1, "max_length": 2}])
def test_a_check_says_one_thing(check: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AnswerCheck(**check)


LINE = json.loads(starter().text(cases_file("infer_role")).splitlines()[0])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"question": {"tytle": "CEO"}}, "question: "),
        ({"reference": {"role": "king", "confidence": 1}}, "reference: role"),
        ({"reference": {"role": "end_user", "confidence": 1}}, "reference fails role: equals"),
        ({"checks": []}, "line 1: checks"),
        ({"chekcs": []}, "line 1: chekcs"),
    ],
)
def test_a_case_that_fits_no_task_is_found_before_it_is_published(
    changed: dict[str, Any], says: str
) -> None:
    body = json.dumps(LINE | changed).encode()

    found = CHECK.run(Bundle(starter().files | {cases_file("infer_role"): body}), NOON.date())

    assert says in found[0]["detail"]


def test_a_line_that_is_no_case_and_one_that_stands_twice_are_named() -> None:
    file = cases_file("infer_role")
    twice = f"{json.dumps(LINE)}\n{json.dumps(LINE)}".encode()

    for body, says in ((b"{", "line 1"), (twice, "stands twice"), (b"[]", "line 1")):
        with pytest.raises(BundleError, match=says):
            read_cases(Bundle({file: body}), "infer_role")
