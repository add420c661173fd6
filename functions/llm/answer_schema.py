"""A task's schema in the words that every provider takes. Pure.

What some refuse (limits of length and size, references, titles) goes into descriptions instead;
the answer is checked against the task's own type anyway.
"""

from collections.abc import Mapping
from typing import Any

from mos.model.base import Noun, canonical

NAME = "answer"
"""What a model's tool is called, or its schema."""
_KEPT = ("type", "enum", "const", "description")
_LIMITS = {
    "minLength": "at least {} characters", "maxLength": "at most {} characters",
    "minimum": "at least {}", "maximum": "at most {}", "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}", "minItems": "at least {} of them",
    "maxItems": "at most {} of them", "pattern": "matches {}", "format": "a {}",
}  # fmt: skip


def schema_of(answer: type[Noun]) -> dict[str, Any]:
    """Return the schema of an answer: closed objects, each field required, nothing referred to."""
    whole = answer.model_json_schema()
    return _reduce(whole, whole.get("$defs", {}))


def in_words(schema: Mapping[str, Any]) -> str:
    """Return what a model is told that no schema can be given to."""
    return f"Answer with one JSON object alone, which fits this schema:\n{canonical(schema)}"


def _reduce(part: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in part:
        return _reduce(known[part["$ref"].rpartition("/")[2]], known)
    made = {name: part[name] for name in _KEPT if name in part}
    limits = [text.format(part[name]) for name, text in _LIMITS.items() if name in part]
    if limits:
        made["description"] = "; ".join([*filter(None, [part.get("description")]), *limits])
    if "properties" in part:
        made["properties"] = {n: _reduce(one, known) for n, one in part["properties"].items()}
        made["required"] = list(part["properties"])
        made["additionalProperties"] = False
    if "items" in part:
        made["items"] = _reduce(part["items"], known)
    if "anyOf" in part:
        made["anyOf"] = [_reduce(one, known) for one in part["anyOf"]]
    return made
