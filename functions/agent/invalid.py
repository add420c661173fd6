"""Say in plain words what is wrong with a tool's arguments; no value is repeated. Pure."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from functions.agent.counted import suggest_names
from functions.agent.tool import Tool
from mos.errors import MalformedError

_MOST, _LONGEST = 5, 120
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")
_OTHERWISE = "is not what is expected here"
_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is needed",
    "string_too_short": lambda c: f"expected at least {_count(c['min_length'], 'character')}",
    "string_too_long": lambda c: f"expected at most {_count(c['max_length'], 'character')}",
    "string_pattern_mismatch": lambda _: "is written otherwise",
    "too_short": lambda c: f"expected at least {c['min_length']}",
    "too_long": lambda c: f"expected at most {c['max_length']}",
    "literal_error": lambda c: f"expected {c['expected']}",
    "enum": lambda c: f"expected {c['expected']}",
    "greater_than_equal": lambda c: f"expected {_number(c['ge'])} or more",
    "less_than_equal": lambda c: f"expected {_number(c['le'])} or less",
    "greater_than": lambda c: f"expected more than {_number(c['gt'])}",
    "less_than": lambda c: f"expected less than {_number(c['lt'])}",
    "value_error": lambda c: str(c["error"]),
}
_TYPES = (
    (("int_",), "a whole number"),
    (("float_", "finite_number"), "a number"),
    (("bool_",), "true or false"),
    (("string_",), "text"),
    (("tuple_", "list_", "set_", "frozen_set_", "iterable_"), "a list"),
    (("dict_", "mapping_", "model_", "dataclass_"), "an object"),
    (("datetime_", "timezone_"), "a moment such as 2026-01-31T09:00:00Z"),
    (("date_",), "a date such as 2026-01-31"),
)


def check_arguments(tool: Tool, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401  the tool's own question
    """Return the tool's question.

    Raises:
        MalformedError: the arguments are not the tool's; it says which, and what is expected.
    """
    try:
        return tool.arguments.model_validate(arguments)
    except ValidationError as error:
        said = describe_invalid(tool.arguments, error, tool.examples)
        raise MalformedError(f"{tool.name}: {said}") from None


def describe_invalid(
    arguments: type[BaseModel],
    error: ValidationError,
    examples: Sequence[Mapping[str, object]] = (),
) -> str:
    """Return what must be otherwise: each place, what is expected there, and one of its examples.

    A name that the question does not have is answered with those that it has. A list is not called
    too short because what stands in it is wrong.
    """
    found = error.errors(include_input=False, include_url=False)
    places = [one["loc"] for one in found]
    said = [
        _describe(arguments, one, examples)
        for one in found
        if not (one["type"] == "too_short" and any(_is_within(p, one["loc"]) for p in places))
    ]
    said = list(dict.fromkeys(said))
    more = f"; and {len(said) - _MOST} more" if len(said) > _MOST else ""
    return "; ".join(said[:_MOST]) + more


def _describe(
    arguments: type[BaseModel], one: ErrorDetails, examples: Sequence[Mapping[str, object]]
) -> str:
    place, kind, context = one["loc"], one["type"], one.get("ctx", {})
    if kind == "extra_forbidden":
        return _describe_unknown(_model_at(arguments, place[:-1]), place)
    words = describe_kind(kind, context)
    like = "" if kind == "value_error" else _write_example(place, examples)
    return f"{_name(place)}: {words}{like}"


def describe_kind(kind: str, context: Mapping[str, Any]) -> str:
    """Return what is expected where something is wrong, by the kind of it.

    >>> describe_kind("int_parsing", {}), describe_kind("less_than_equal", {"le": 50})
    ('expected a whole number', 'expected 50 or less')
    """
    return _WORDS[kind](context) if kind in _WORDS else _name_type(kind)


def _describe_unknown(model: type[BaseModel], place: Sequence[int | str]) -> str:
    known = list(model.model_fields)
    meant = suggest_names(str(place[-1]), known, "") if known else ""
    hint = f"; {meant}" if meant else ""
    return f"{_name(place)}: is not known here; known are {', '.join(known) or 'none'}{hint}"


def _name(place: Sequence[int | str]) -> str:
    """Return where it is, by the names of arguments: what is none may be anybody's data."""
    parts = [str(part) for part in place]
    return ".".join(p if p.isdecimal() or _NAME.fullmatch(p) else "…" for p in parts) or "arguments"


def _name_type(kind: str) -> str:
    found = (words for begins, words in _TYPES if kind.startswith(begins))
    named = next(found, "")
    return f"expected {named}" if named else _OTHERWISE


def _write_example(place: Sequence[int | str], examples: Iterable[Mapping[str, object]]) -> str:
    """Return how an argument is said, as the tool's own examples say it."""
    name = str(place[0]) if place else ""
    said = next((one[name] for one in examples if name in one), None)
    if said is None:
        return ""
    text = json.dumps(said, ensure_ascii=False)
    return f", such as {text}" if len(text) <= _LONGEST else ""


def _number(bound: Any) -> str:  # noqa: ANN401  whatever a bound is
    return f"{bound:g}" if isinstance(bound, float) else str(bound)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _model_at(model: type[BaseModel], place: Sequence[int | str]) -> type[BaseModel]:
    """Return the noun that stands at a place within a question."""
    for part in place:
        field = model.model_fields.get(str(part))
        within = _list_nouns(field.annotation) if field else []
        model = within[0] if within else model
    return model


def _list_nouns(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401  any type of a question
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [noun for part in get_args(annotation) for noun in _list_nouns(part)]


def _is_within(place: Sequence[int | str], outer: Sequence[int | str]) -> bool:
    return len(place) > len(outer) and tuple(place[: len(outer)]) == tuple(outer)
