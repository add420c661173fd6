"""Whether what a treatment says might be said, on the day of each decision. Pure."""

from datetime import UTC, datetime

import numpy as np

from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Flags
from mos.model.action import Treatment
from mos.policy.bundle.bundle import Bundle
from mos.policy.content import find_fault

_DAY = 86_400


def find_content_ok(part: Part, treatment: Treatment, bundle: Bundle) -> Flags:
    """Return per decision whether a treatment's asset was approved and valid: asked once a day."""
    days, places = np.unique(part.at // _DAY, return_inverse=True)
    moments = [datetime.fromtimestamp(float(day) * _DAY, UTC) for day in days]
    ok = np.array([find_fault(treatment, bundle, at) is None for at in moments], bool)
    return np.asarray(ok[places], bool)
