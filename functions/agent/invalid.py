"""Say in plain words what is wrong with a tool's arguments; no value is repeated. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_MOST = 5
_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is needed",
    "string_too_short": lambda c: f"expected at least {_count(c['min_length'], 'character')}",
    "string_too_long": lambda c: f"expected at most {_count(c['max_length'], 'character')}",
    "too_short": lambda c: f"expected at least {c['min_length']}",
    "too_long": lambda c: f"expected at most {c['max_length']}",
    "literal_error": lambda c: f"expected {c['expected']}",
    "enum": lambda c: f"expected {c['expected']}",
    "greater_than_equal": lambda c: f"expected {c['ge']} or more",
    "less_than_equal": lambda c: f"expected {c['le']} or less",
    "greater_than": lambda c: f"expected more than {c['gt']}",
    "less_than": lambda c: f"expected less than {c['lt']}",
    "int_type": lambda _: "expected a whole number",
    "int_parsing": lambda _: "expected a whole number",
    "int_from_float": lambda _: "expected a whole number",
    "float_type": lambda _: "expected a number",
    "float_parsing": lambda _: "expected a number",
    "bool_type": lambda _: "expected true or false",
    "bool_parsing": lambda _: "expected true or false",
    "string_type": lambda _: "expected text",
    "tuple_type": lambda _: "expected a list",
    "list_type": lambda _: "expected a list",
    "dict_type": lambda _: "expected an object",
    "model_type": lambda _: "expected an object",
    "model_attributes_type": lambda _: "expected an object",
    "value_error": lambda c: str(c["error"]),
}


def describe_invalid(arguments: type[BaseModel], error: ValidationError) -> str:
    """Return what must be otherwise, each place with what is expected there.

    A name that the question does not have is answered with those that it has. A list is not called
    too short because what stands in it is wrong.
    """
    found = error.errors(include_input=False, include_url=False)
    places = [one["loc"] for one in found]
    said = [
        _describe(arguments, one["loc"], one["type"], one.get("ctx", {}), one["msg"])
        for one in found
        if not (one["type"] == "too_short" and any(_is_within(p, one["loc"]) for p in places))
    ]
    more = f"; and {len(said) - _MOST} more" if len(said) > _MOST else ""
    return "; ".join(said[:_MOST]) + more


def _describe(
    arguments: type[BaseModel],
    place: Sequence[int | str],
    kind: str,
    context: Mapping[str, Any],
    message: str,
) -> str:
    name = ".".join(map(str, place)) or "arguments"
    if kind == "extra_forbidden":
        known = ", ".join(_model_at(arguments, place[:-1]).model_fields) or "no arguments"
        return f"{name}: is not known here; known are {known}"
    words = _WORDS.get(kind)
    return f"{name}: {words(context) if words else message}"


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


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
