"""Who may be told of an action: by its purpose, and by its topic. Pure."""

from collections.abc import Mapping

import numpy as np

from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Flags
from mos.model.action import Action
from mos.policy.bundle.bundle import Bundle
from mos.policy.topics import REFUSED, WANTED, hears_of


def find_agreed(
    part: Part, action: Action, allowed: Mapping[str, Flags], bundle: Bundle
) -> Flags | None:
    """Return who may be told of an action; None where everybody may.

    `allowed` says of each purpose for whom it may be used.
    """
    if action.purpose is None and action.topic is None:
        return None
    agreed = np.ones(len(part.of), bool)
    if action.purpose is not None:
        agreed = agreed & allowed[action.purpose.value]
    if action.topic is not None:
        known = {name: part.people[name] for name in (WANTED, REFUSED) if name in part.people}
        facts = [{n: c.fact(i) for n, c in known.items()} for i in range(len(part.of))]
        agreed = agreed & np.array([hears_of(action, one, bundle) for one in facts], bool)
    return agreed
