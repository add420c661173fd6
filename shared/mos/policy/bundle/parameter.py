"""Parameters: typed numbers and words with an owner, a unit, a reason and a date of review."""

import csv
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mos.errors import BundleError
from mos.model.base import Stated
from mos.policy.bundle.ladder import Override
from mos.policy.table.literal import LiteralError, finite, literal, stated

Value = bool | int | float | str | list[str] | dict[str, float]
CODE = "code"
_NUMERIC = tuple("+-.0123456789")
_ENDLESS = ("nan", "inf", "infinity")


class Parameter(Stated):
    """One parameter of the business. After `review_by` it is stale and `check` warns.

    `same_as` names another parameter whose value this one takes. `read_by` says who reads it:
    code, or who else; a company states much that no program reads. `overrides` hold for a business
    unit, a region, a segment or an account alone. One that states `least` or `most` is a number
    within them.
    """

    name: str
    value: Value
    unit: str
    owner: str
    why: str
    review_by: date
    valid_from: date | None = None
    read_by: str = CODE
    same_as: str | None = None
    override: tuple[Override, ...] = ()
    least: float | None = None
    most: float | None = None

    def refusal(self, value: Value) -> str | None:
        """Return what was expected of a value that is no number, or none within the bounds."""
        if self.least is None and self.most is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and _within(float(value), self.least, self.most):  # type: ignore[arg-type]
            return None
        return f"expected {self.bounds}, found {value!r}"

    @property
    def bounds(self) -> str:
        """Return which numbers it may be, in words; nothing where it may be anything."""
        ends = (("at least", self.least), ("at most", self.most))
        said = " and ".join(f"{s} {e:g}" for s, e in ends if e is not None)
        return said and f"a number, {said}"


_PARAMETERS = TypeAdapter(list[Parameter])
_NEEDED = ("value", "unit", "owner", "why", "review_by")


def parse_parameters(file: str, text: str) -> dict[str, Parameter]:
    """Return the parameters of one page: `[name]` tables, or lines of a CSV, with the fields above.

    Raises:
        BundleError: a parameter lacks a field, or a field has another type.
    """
    given = _lines(file, text) if file.endswith(".csv") else _tables(file, text)
    try:
        found = _PARAMETERS.validate_python(given, extra="forbid")
    except ValidationError as error:
        raise BundleError(file, _first(error, given)) from None
    return {parameter.name: parameter for parameter in found}


def settled(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Return the parameters with every `same_as` followed to its value.

    Raises:
        BundleError: one refers to nothing, or several refer to one another in a circle.
    """
    found = dict(parameters)
    for name, parameter in parameters.items():
        path, end = [name], parameter
        while end.same_as is not None:
            if end.same_as not in parameters:
                raise BundleError("parameters", f"{path[-1]}: there is no {end.same_as}")
            if end.same_as in path:
                circle = " → ".join([*path[path.index(end.same_as) :], end.same_as])
                raise BundleError("parameters", f"refer to one another in a circle: {circle}")
            path.append(end.same_as)
            end = parameters[end.same_as]
        if end is not parameter:
            found[name] = parameter.model_copy(update={"value": end.value})
    return found


def _tables(file: str, text: str) -> list[dict[str, Any]]:
    found = []
    for name, fields in stated(file, text).items():
        if not isinstance(fields, dict):
            raise BundleError(
                file, f"parameter {name}: expected a table of value, unit, owner, why and review_by"
            )
        if "same_as" in fields:
            fields.setdefault("value", "")
        found.append({"name": name, **fields})
    return found


def _lines(file: str, text: str) -> list[dict[str, Any]]:
    """Return each line's fields; a line with `level` and `of` overrides the one of its name."""
    reader = csv.reader(text.removeprefix("\ufeff").splitlines(keepends=True), strict=True)
    found: dict[str, dict[str, Any]] = {}
    try:
        header = next(reader, [])
        if missing := [n for n in ("name", *_NEEDED) if n not in header]:
            raise BundleError(file, f"line 1: there is no column {missing[0]!r}")
        for cells in reader:
            if cells:
                line = {k: text for k, text in zip(header, cells, strict=True) if text}
                _take(file, reader.line_num, line, found)
    except (csv.Error, ValueError) as error:
        raise BundleError(file, f"line {reader.line_num}: {error}") from None
    return list(found.values())


def _take(file: str, number: int, line: dict[str, str], found: dict[str, dict[str, Any]]) -> None:
    name = line.get("name", "")
    try:
        line["value"] = value = valued(line.get("value", ""))
    except ValueError as error:
        raise BundleError(file, f"line {number}: {name}: {error}") from None
    if level := line.get("level"):
        if name not in found:
            raise BundleError(file, f"line {number}: override of {name}, which is not stated above")
        fields = {"level": level, "of": line.get("of"), "value": value, "why": line.get("why")}
        found[name].setdefault("override", []).append(fields)
        return
    if name in found:
        raise BundleError(file, f"line {number}: parameter {name} is stated twice")
    found[name] = line


def valued(text: str) -> Any:  # noqa: ANN401  any parameter's value
    """Return the value that a cell states: a number, true, false, a TOML value, or bare text."""
    text = text.strip()
    found = _read(text)
    if not finite(found) or text.lower().lstrip("+-") in _ENDLESS:
        raise ValueError(f"expected a finite number, found {text:.60}")
    return found


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _read(text: str) -> Any:  # noqa: ANN401  as above
    if text in ("true", "false"):
        return text == "true"
    if text[:1] in tuple("[{\"'"):
        try:
            return literal(text)
        except LiteralError as error:
            raise ValueError(str(error)) from None
    if text[:1] in _NUMERIC:
        for read in (int, float):
            with suppress(ValueError):
                return read(text)
    return text


def _first(error: ValidationError, given: Iterable[Mapping[str, Any]]) -> str:
    first = error.errors()[0]
    number, *loc = first["loc"]
    name = list(given)[int(number)].get("name")
    return f"parameter {name}: {'.'.join(map(str, loc[:1]))}: {first['msg']}"
