"""The golden cases of a bundle's tasks, and what is asked of models, as fingerprints. Pure."""

import hashlib
import json
from collections.abc import Mapping

from pydantic import ValidationError

from mos.errors import BundleError
from mos.model.base import canonical
from mos.model.golden_case import GoldenCase
from mos.model.model_card import ModelCard
from mos.model.task_route import TaskRoute
from mos.policy.bundle.bundle import Bundle
from mos.policy.model_routes import TASKS, find_route, read_cards

EVALS, SUFFIX = "evals", ".jsonl"
_CARD = {"provider", "model", "by_schema", "region", "endpoint", "api_version", "temperature"}
_ROUTE = {"models", "temperature", "max_tokens", "timeout_seconds", "regions"}


def cases_file(task: str) -> str:
    """Return where a task's golden cases are."""
    return f"{EVALS}/{task}{SUFFIX}"


def read_cases(bundle: Bundle, task: str) -> tuple[GoldenCase, ...]:
    """Return a task's golden cases, in their order; none where it has none.

    Raises:
        BundleError: a line is no case; the text names it.
    """
    file = cases_file(task)
    if file not in bundle.files:
        return ()
    found: dict[str, GoldenCase] = {}
    for number, line in enumerate(bundle.text(file).splitlines(), 1):
        if not line.strip():
            continue
        case = _read_case(file, number, line)
        if case.case in found:
            raise BundleError(file, f"line {number}: {case.case} stands twice")
        found[case.case] = case
    return tuple(found.values())


def _read_case(file: str, number: int, line: str) -> GoldenCase:
    try:
        return GoldenCase.from_page(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BundleError(file, f"line {number}: {place}: {first['msg']}") from None
    except (ValueError, TypeError) as error:
        raise BundleError(file, f"line {number}: {error}") from None


def digest_cases(bundle: Bundle, task: str) -> str:
    """Return the digest of a task's golden cases; empty where it has none."""
    body = bundle.files.get(cases_file(task))
    return hashlib.sha256(body).hexdigest() if body else ""


def read_fingerprint(bundle: Bundle, task: str) -> str:
    """Return the digest of all that decides what a task's models are asked and who they are.

    Prices, reasons, budgets and shadows are no part of it: they change no answer.

    Raises:
        BundleError: a page is wrong.
    """
    route = find_route(task, bundle)
    if route is None or not route.models:
        return _digest("the task's own rule")
    prompt = bundle.text(route.prompt) if route.prompt else ""
    return fingerprint_route(route, prompt, read_cards(bundle))


def fingerprint_route(route: TaskRoute, prompt: str, cards: Mapping[str, ModelCard]) -> str:
    """Return the digest of a route with its words and its models' cards."""
    if not route.models:
        return _digest("the task's own rule")
    asked = {
        "prompt": prompt,
        "route": route.model_dump(mode="json", include=_ROUTE),
        "cards": [
            cards[name].model_dump(mode="json", include=_CARD) if name in cards else name
            for name in route.models
        ],
    }
    return _digest(canonical(asked))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def list_changed(candidate: Bundle, active: Bundle) -> list[str]:
    """Return the tasks whose prompt, route or model a candidate changes.

    A task that its candidate lets no model answer is none of them: its own rule needs no proof.

    Raises:
        BundleError: a page is wrong.
    """
    return [
        name
        for name in candidate.names(TASKS)
        if (route := find_route(name, candidate)) is not None
        and route.models
        and read_fingerprint(candidate, name) != read_fingerprint(active, name)
    ]
