"""Which way a Choice of the States Language goes. Pure."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from lab.play.paths import NoSuchPathError, read_path

_TYPES: dict[str, tuple[type, ...]] = {
    "Boolean": (bool,), "String": (str,), "Numeric": (int, float), "Timestamp": (str,),
}  # fmt: skip
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq, "LessThan": operator.lt, "GreaterThan": operator.gt,
    "LessThanEquals": operator.le, "GreaterThanEquals": operator.ge,
}  # fmt: skip
_IS: dict[str, Callable[[Any], bool]] = {
    "IsPresent": lambda _value: True,
    "IsNull": lambda value: value is None,
    "IsString": lambda value: isinstance(value, str),
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsNumeric": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}


class UnknownStateError(Exception):
    """The workflow uses what this interpreter doesn't know; the text says what."""


def choose(state: Mapping[str, Any], data: Any, context: Any) -> str:  # noqa: ANN401  any JSON
    """Return the name of the state that follows.

    Raises:
        UnknownStateError: a rule compares in a way that is not known here, or none holds.
    """
    for rule in state["Choices"]:
        if holds(rule, data, context):
            return str(rule["Next"])
    if "Default" not in state:
        raise UnknownStateError("States.NoChoiceMatched")
    return str(state["Default"])


def holds(rule: Mapping[str, Any], data: Any, context: Any) -> bool:  # noqa: ANN401  as above
    """Say whether one rule holds."""
    for name, fold in (("And", all), ("Or", any)):
        if name in rule:
            return fold(holds(one, data, context) for one in rule[name])
    if "Not" in rule:
        return not holds(rule["Not"], data, context)
    [(name, wanted)] = [(k, v) for k, v in rule.items() if k not in {"Variable", "Next"}]
    try:
        value = read_path(rule["Variable"], data, context)
    except NoSuchPathError:
        if name == "IsPresent":
            return not wanted
        raise
    return _compare(name, value, wanted)


def _compare(name: str, value: Any, wanted: Any) -> bool:  # noqa: ANN401  as above
    if name in _IS:
        return _IS[name](value) is wanted
    kind = next((kind for kind in _TYPES if name.startswith(kind)), "")
    how = name.removeprefix(kind)
    if not kind or how not in _COMPARE:
        raise UnknownStateError(f"a Choice that compares by {name}")
    return isinstance(value, _TYPES[kind]) and _COMPARE[how](value, wanted)
