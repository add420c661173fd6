"""Parameters: typed numbers and words with an owner, a unit, a reason and a date of review."""

import tomllib
from datetime import date
from typing import Any

from pydantic import ValidationError

from mos.errors import BundleError
from mos.model.base import Noun

Value = bool | int | float | str | list[str] | dict[str, float]


class Parameter(Noun):
    """One parameter of the business. After `review_by` it is stale and `check` warns."""

    name: str
    value: Value
    unit: str
    owner: str
    why: str
    review_by: date


def parse_parameters(file: str, text: str) -> dict[str, Parameter]:
    """Return the parameters of one TOML page: `[name]` tables with the fields above.

    Raises:
        BundleError: a parameter lacks a field, or a field has another type.
    """
    page: dict[str, Any] = parse_toml(file, text)
    found: dict[str, Parameter] = {}
    for name, fields in page.items():
        try:
            found[name] = Parameter(name=name, **fields)
        except (ValidationError, TypeError) as error:
            raise BundleError(file, f"parameter {name}: {_first(error)}") from None
    return found


def parse_toml(file: str, text: str) -> dict[str, Any]:
    """Return the page, or say where it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BundleError(file, f"not TOML: {error}") from None


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return "expected a table of value, unit, owner, why and review_by"
