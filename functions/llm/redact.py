"""Keep personal fields at home: placeholders out, values back. Pure."""

from collections.abc import Mapping
from typing import Any


def redacted(
    question: Mapping[str, Any], personal: frozenset[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the question with placeholders for its personal fields, and what they stand for.

    A value is replaced wherever it occurs, in other fields too.
    """
    names = {f"[[{name}]]": str(question[name]) for name in sorted(personal) if question.get(name)}
    clean: dict[str, Any] = {}
    for field, value in question.items():
        text = value
        if isinstance(text, str):
            for placeholder, secret in names.items():
                text = text.replace(secret, placeholder) if len(secret) > 1 else text
        clean[field] = text
    return clean, names


def restored(answer: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  any JSON
    """Return the answer with the real values back in place."""
    if isinstance(answer, str):
        for placeholder, value in names.items():
            answer = answer.replace(placeholder, value)
        return answer
    if isinstance(answer, dict):
        return {key: restored(value, names) for key, value in answer.items()}
    if isinstance(answer, list):
        return [restored(value, names) for value in answer]
    return answer
