"""Part by part, those decisions that the same settings make: challengers have their own. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import numpy as np

from functions.decisioning.settings import settings_for
from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Codes, Column, Flags
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.challenge import challenges

_BY_PERSON = ("of", "persons", "people", "allowed", "since", "nominated")
_BY_STATE = ("trials", "successes", "arm_names")
_A_PERSONS = "person|"
_DAY = 86_400


def split_by_settings(part: Part, *bundles: Bundle) -> Iterator[tuple[Part, tuple[Bundle, ...]]]:
    """Yield the decisions that each combination of settings makes, with the bundles as those are.

    A part that nobody challenges is yielded as it is.
    """
    found = [_settings(part, bundle) for bundle in bundles]
    keys = np.zeros(part.count, np.int64)
    for codes, views in found:
        keys = keys * len(views) + codes
    several, first = np.unique(keys, return_index=True)
    for key, at in zip(several, first, strict=True):
        some = part if len(several) == 1 else select_rows(part, keys == key)
        yield some, tuple(views[codes[at]] for codes, views in found)


def select_rows(part: Part, where: Flags) -> Part:
    """Return the part with some of its decisions alone."""
    members = where[part.of]
    made: dict[str, Any] = {}
    for one in fields(part):
        value = getattr(part, one.name)
        if one.name in _BY_STATE:
            made[one.name] = value
        elif isinstance(value, Mapping):
            by_person = one.name in _BY_PERSON
            made[one.name] = {
                key: _at(held, members if by_person or key.startswith(_A_PERSONS) else where)
                for key, held in value.items()
            }
        else:
            made[one.name] = _at(value, members if one.name in _BY_PERSON else where)
    made["of"] = (np.cumsum(where) - 1)[made["of"]]
    return Part(**made)


def _at(value: Any, where: Flags) -> Any:  # noqa: ANN401  a column or an array
    return value.take(np.flatnonzero(where)) if isinstance(value, Column) else value[where]


def _settings(part: Part, bundle: Bundle) -> tuple[Codes, list[Bundle]]:
    """Return which settings decide on each account on its day, and all that occur."""
    if not challenges(bundle):
        return np.zeros(part.count, np.int64), [bundle]
    days = (part.at // _DAY).astype(np.int64)
    keys = part.accounts.coded * (int(days.max(initial=0)) + 1) + days
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    views: dict[int, tuple[int, Bundle]] = {}
    said = []
    for at in first:
        account, moment = str(part.accounts.fact(int(at))), datetime.fromtimestamp(part.at[at], UTC)
        view = settings_for(account, moment, bundle).bundle
        said.append(views.setdefault(id(view), (len(views), view))[0])
    return np.array(said, np.int64)[places], [view for _, view in views.values()]
