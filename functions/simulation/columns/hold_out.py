"""Which accounts of a part an experiment holds: drawn once per account, and remembered. Pure."""

from functools import lru_cache

import numpy as np

from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Flags
from mos.model.experiment import Holdout, is_held_out
from mos.policy.bundle.bundle import Bundle


def find_held_out(part: Part, bundle: Bundle) -> Flags:
    """Return which decisions are about accounts that are left alone altogether."""
    percent = bundle.number("holdout_percent")
    accounts = part.accounts
    said = [_alone(str(value), percent) for value in accounts.values]
    return np.array(said, bool)[accounts.coded]


def find_in_control(part: Part, issue: str, bundle: Bundle) -> Flags:
    """Return which decisions are about accounts in the control group of an issue."""
    found = np.zeros(part.count, bool)
    for one in bundle.holdouts:
        if one.issue == issue:
            said = [_holds(one, str(value)) for value in part.accounts.values]
            found |= np.array(said, bool)[part.accounts.coded]
    return found


@lru_cache(maxsize=200_000)
def _alone(account: str, percent: float) -> bool:
    return is_held_out(account, percent)


@lru_cache(maxsize=200_000)
def _holds(holdout: Holdout, account: str) -> bool:
    return holdout.holds(account)
