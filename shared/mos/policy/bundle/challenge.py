"""The pages of `challenges/`, and the bundle as a challenger has it. Pure."""

from collections.abc import Iterable, Mapping
from copy import copy
from functools import lru_cache

from pydantic import ValidationError

from mos.errors import BundleError
from mos.model.base import Instant
from mos.model.challenge import CHAMPION, Assigned, Challenge, Setting
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.parameter import settled
from mos.policy.table.literal import stated

_BRANCHES = ("bool", "int", "float", "str")
"""Pydantic names the branch of a union that failed: no word of the page."""


@lru_cache(maxsize=16)
def challenges(bundle: Bundle) -> tuple[Challenge, ...]:
    """Return the challenges that a bundle states, by name.

    Raises:
        BundleError: a page lacks a field, or says what cannot be.
    """
    return tuple(_parsed(bundle, name) for name in bundle.names("challenges"))


def assign(account_id: str, at: Instant, bundle: Bundle) -> tuple[Assigned, ...]:
    """Return the arm in which a whole account stands, of each challenge that runs."""
    found = []
    for one in challenges(bundle):
        if one.runs(at):
            drawn = one.drawn(account_id)
            share = drawn.percent if drawn else 100 - sum(c.percent for c in one.challenger)
            arm = drawn.name if drawn else CHAMPION
            chance = round(share / 100, 9)
            found.append(Assigned(challenge=one.name, arm=arm, probability=chance))
    return tuple(found)


def seen_by(assigned: Iterable[Assigned], bundle: Bundle) -> Bundle:
    """Return the bundle as an account is decided on by: a champion's is the bundle itself.

    A challenger's keeps the digest, since bundle and account say together who decides. What a
    region, a segment or an account insists on holds there, too.
    """
    arms = tuple((one.challenge, one.arm) for one in assigned if one.arm != CHAMPION)
    return _view(bundle, arms) if arms else bundle


def settings_of(arms: Iterable[tuple[str, str]], bundle: Bundle) -> dict[str, Setting]:
    """Return the parameters that these challengers set otherwise than the bundle."""
    found: dict[str, Setting] = {}
    named = {(c.name, one.name): one for c in challenges(bundle) for one in c.challenger}
    for arm in arms:
        found |= named[arm].parameters
    return found


@lru_cache(maxsize=64)
def _view(bundle: Bundle, arms: tuple[tuple[str, str], ...]) -> Bundle:
    return _under(bundle, settings_of(arms, bundle))


def _under(bundle: Bundle, settings: Mapping[str, Setting]) -> Bundle:
    own = {
        # What takes its value from another parameter no longer does where it is set itself.
        name: bundle.parameters[name].model_copy(update={"value": value, "same_as": None})
        for name, value in settings.items()
    }
    view = copy(bundle)
    view.parameters = settled(bundle.parameters | own)
    return view


def _parsed(bundle: Bundle, name: str) -> Challenge:
    file = f"challenges/{name}.toml"
    try:
        return Challenge.from_page({"name": name} | stated(file, bundle.text(file)))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part not in _BRANCHES)
        said = first["msg"].removeprefix("Value error, ")
        raise BundleError(file, f"{place}: {said}" if place else said) from None
