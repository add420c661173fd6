"""Read what a model said as the answer that a task takes. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Never

from pydantic import ValidationError

from functions.llm.redact import hide, restored
from mos.model.base import Noun
from mos.model.completion import Reason
from mos.model.task import Task

_THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL)
_MOST = 100_000
"""Longer than any answer of a task: not worth reading."""


@dataclass(frozen=True)
class ReadAnswer:
    """An answer, or why what was said is none.

    `kept` is the answer as it is put at rest, with placeholders.
    """

    reason: Reason
    detail: str = ""
    answer: Noun | None = None
    kept: Mapping[str, Any] | None = None


def read_answer(text: str, task: Task, asked: Noun, names: Mapping[str, str]) -> ReadAnswer:
    """Return the answer that a model's text holds, names put back, or what is wrong with it."""
    try:
        said = _find_object(text)
    except (ValueError, RecursionError) as error:
        return ReadAnswer(Reason.UNPARSEABLE, str(error)[:100])
    try:
        answer = task.answer.model_validate(restored(said, names))
    except (ValidationError, RecursionError) as error:
        return ReadAnswer(Reason.OFF_SCHEMA, _name_place(error))
    if task.check and (why := task.check(asked, answer)):
        return ReadAnswer(Reason.CHECK_FAILED, why[:100])
    kept = hide(answer.model_dump(mode="json"), names, least=1)
    return ReadAnswer(Reason.ANSWERED, answer=answer, kept=kept)


def _find_object(text: str) -> dict[str, Any]:
    """Return the JSON object in a text: what was thought before it, and words around it, fall.

    Raises:
        ValueError: there is none.
    """
    if len(text) > _MOST:
        raise ValueError(f"{len(text)} characters")
    text = _THOUGHTS.sub("", text)
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("no JSON object in the answer")
    found = json.loads(text[start : end + 1], parse_constant=_refuse)
    return dict(found)


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is no JSON")


def _name_place(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return type(error).__name__
    first = error.errors(include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['type']}"[:100]
