"""What would spoil a challenge: settings nobody reads, arms that pull at one another. Pure."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from mos.model.challenge import Challenge, Setting
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.challenge import challenges
from mos.policy.bundle.parameter import CODE
from mos.policy.check import Check, Flaw

_SHARE = "holdout_percent"


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each reason why a challenge could not be run, or would show nothing.

    Raises:
        BundleError: a page of a challenge, or a parameter, is wrong.
    """
    every = challenges(bundle)
    for one in every:
        for challenger in one.challenger:
            for name, value in challenger.parameters.items():
                if found := _of_setting(name, value, bundle):
                    yield Flaw(_file(one), f"challenger {challenger.name}: {name} {found}")
    for one, other in combinations(every, 2):
        if one.meets(other):
            yield from (Flaw(_file(other), detail) for detail in _between(one, other))


def _of_setting(name: str, value: Setting, bundle: Bundle) -> str | None:
    parameter = bundle.parameters.get(name)
    if parameter is None:
        return "is not stated"
    if name == _SHARE:
        return "says who is left alone: a challenge is not about who takes part"
    if parameter.read_by != CODE:
        return f"is read by {parameter.read_by}: no decision would differ"
    if _kind(parameter.value) != _kind(value):
        return f"is {_kind(parameter.value)}, found {value!r}"
    if refused := parameter.refusal(value):
        return f"is out of its bounds: {refused}"
    return f"is {value!r} for the champion, too" if parameter.value == value else None


def _between(one: Challenge, other: Challenge) -> Iterator[str]:
    if one.draws_by == other.draws_by:
        yield f"draws the same accounts as {one.name}: state another salt"
    for name in sorted(_set_by(one) & _set_by(other)):
        yield f"sets {name}, as {one.name} does at the same time: nobody could tell them apart"


def _set_by(one: Challenge) -> set[str]:
    return {name for challenger in one.challenger for name in challenger.parameters}


def _kind(value: Setting) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return {str: "text", list: "a list", dict: "a table"}[type(value)]


def _file(one: Challenge) -> str:
    return f"challenges/{one.name}.toml"


CHECK = Check("challenge", find)
