"""How what a task asks of models differs between two bundles, line by line."""

from difflib import unified_diff
from typing import Any

from mos.policy.bundle.bundle import Bundle
from mos.policy.golden_cases import cases_file
from mos.policy.model_routes import find_route, model_file, task_file


def list_differences(old: Bundle, new: Bundle, task: str) -> list[dict[str, Any]]:
    """Return each file of the task that differs: its page, prompt, cards and golden cases.

    Raises:
        BundleError: a page of the task is wrong.
    """
    files = dict.fromkeys([*_list_files(old, task), *_list_files(new, task)])
    found = []
    for file in files:
        before, after = _read(old, file), _read(new, file)
        if before != after:
            lines = unified_diff(before, after, f"before/{file}", f"after/{file}", lineterm="")
            found.append({"file": file, "lines": list(lines)})
    return found


def _list_files(bundle: Bundle, task: str) -> list[str]:
    route = find_route(task, bundle)
    if route is None:
        return [cases_file(task)]
    named = [task_file(task), route.prompt, *map(model_file, route.models), cases_file(task)]
    return [file for file in named if file]


def _read(bundle: Bundle, file: str) -> list[str]:
    return bundle.text(file).splitlines() if file in bundle.files else []
