"""A golden case: one question of a task, what its answer must be like, and one that is right."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import Field, model_validator

from mos.model.base import Stated

_EACH = "*"
_KINDS = ("equals", "one_of", "contains", "contains_any", "contains_no", "max_length",
          "min_length", "at_most", "at_least")  # fmt: skip


class AnswerCheck(Stated):
    """One thing that must hold of an answer, at a place such as `role` or `nominations.*.why`.

    Where a place has several values (`*`), it must hold of each; a number counts from 0.
    Texts are compared whatever their capitals are. A check names one kind and no more.
    """

    at: str = Field(min_length=1)
    equals: str | float | bool | None = None
    one_of: tuple[str | float | bool, ...] = ()
    contains: tuple[str, ...] = ()
    contains_any: tuple[str, ...] = ()
    contains_no: tuple[str, ...] = ()
    max_length: int | None = Field(default=None, ge=0)
    min_length: int | None = Field(default=None, ge=0)
    at_most: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _has_one_kind(self) -> "AnswerCheck":
        if len(self.model_fields_set - {"at"}) != 1:
            raise ValueError(f"a check says one of {', '.join(_KINDS)}")
        return self

    @property
    def kind(self) -> str:
        """Return which kind it is."""
        return next(iter(self.model_fields_set - {"at"}))


class GoldenCase(Stated):
    """One line of `evals/<task>.jsonl`.

    `reference` is an answer that a person holds to be right; `slices` say of what sort the
    question is: its language, the role it is about, how long it is.
    """

    case: str = Field(min_length=1, max_length=80)
    why: str = ""
    question: dict[str, Any]
    checks: tuple[AnswerCheck, ...] = Field(min_length=1)
    reference: dict[str, Any]
    slices: dict[str, str] = Field(default_factory=dict)


def find_failures(case: GoldenCase, answer: Mapping[str, Any]) -> list[str]:
    """Return the checks that an answer does not hold, each in words: none where it passes."""
    return [
        f"{check.at}: {check.kind}"
        for check in case.checks
        if not all(_is_held(check, value) for value in _find_values(answer, check.at.split(".")))
    ]


def _find_values(value: Any, path: Sequence[str]) -> Iterator[Any]:  # noqa: ANN401  any JSON
    if not path:
        yield value
    elif path[0] == _EACH:
        for one in value if isinstance(value, list | tuple) else ():
            yield from _find_values(one, path[1:])
    else:
        yield from _find_values(_find_child(value, path[0]), path[1:])


def _find_child(value: Any, name: str) -> Any:  # noqa: ANN401  any JSON
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list | tuple) and name.isdecimal() and int(name) < len(value):
        return value[int(name)]
    return None


def _is_held(check: AnswerCheck, value: Any) -> bool:  # noqa: ANN401  any JSON
    match check.kind:
        case "equals":
            return bool(value == check.equals)
        case "one_of":
            return value in check.one_of
        case "contains" | "contains_any" | "contains_no":
            return _is_text_held(check, str(value).casefold())
        case "max_length" | "min_length":
            return _is_length_held(check, value)
    return _is_number_held(check, value)


def _is_text_held(check: AnswerCheck, text: str) -> bool:
    if check.kind == "contains":
        return all(one.casefold() in text for one in check.contains)
    if check.kind == "contains_any":
        return any(one.casefold() in text for one in check.contains_any)
    return not any(one.casefold() in text for one in check.contains_no)


def _is_length_held(check: AnswerCheck, value: Any) -> bool:  # noqa: ANN401  any JSON
    if not isinstance(value, str | list | tuple):
        return False
    if check.max_length is not None:
        return len(value) <= check.max_length
    return len(value) >= (check.min_length or 0)


def _is_number_held(check: AnswerCheck, value: Any) -> bool:  # noqa: ANN401  any JSON
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if check.at_most is not None:
        return value <= check.at_most
    return value >= (check.at_least or 0)
