"""Whether what a treatment says might be said, on the day of each decision, and is read. Pure."""

from datetime import UTC, datetime

import numpy as np

from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Flags
from mos.model.action import Action, Treatment
from mos.policy.asset_language import READS, find_missing_language
from mos.policy.bundle.bundle import Bundle
from mos.policy.content import find_fault

_DAY = 86_400


def find_content_ok(part: Part, treatment: Treatment, bundle: Bundle) -> Flags:
    """Return per decision whether a treatment's asset was approved and valid: asked once a day."""
    days, places = np.unique(part.at // _DAY, return_inverse=True)
    moments = [datetime.fromtimestamp(float(day) * _DAY, UTC) for day in days]
    ok = np.array([find_fault(treatment, bundle, at) is None for at in moments], bool)
    return np.asarray(ok[places], bool)


def find_language_ok(part: Part, action: Action, treatment: Treatment, bundle: Bundle) -> Flags:
    """Return who reads what a treatment's asset is written in, or is not known to: asked once."""
    column = part.people.get(READS)
    if column is None or column.codes is None:
        return np.ones(len(part.of), bool)
    ok = [not find_missing_language(action, treatment, reads, bundle) for reads in column.values]
    return np.asarray(np.array(ok, bool)[column.codes], bool)
