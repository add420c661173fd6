"""How far back, and by which model, the business attributes outcomes. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from mos.model.attribution import AttributionModel
from mos.policy.bundle.bundle import Bundle

WINDOW, MODEL = "attribution_window_days", "attribution_model"
_USUAL_DAYS = 14.0


@dataclass(frozen=True)
class AttributionRule:
    """The window before an outcome, and the model that splits it."""

    window: timedelta = timedelta(days=_USUAL_DAYS)
    model: AttributionModel = AttributionModel.LAST_TOUCH

    @property
    def days(self) -> float:
        """Return the window in days."""
        return self.window / timedelta(days=1)


def read_attribution(bundle: Bundle) -> AttributionRule:
    """Return what the bundle states: the last touch of a fortnight where it states nothing.

    A model that there is none of is the last touch: `mos policy check` refuses it, and an outcome
    that comes under it all the same must not be lost.

    >>> read_attribution(Bundle({})).days
    14.0
    """
    stated = bundle.parameters
    days = bundle.number(WINDOW) if WINDOW in stated else _USUAL_DAYS
    named = str(stated[MODEL].value) if MODEL in stated else ""
    is_known = named in set(AttributionModel)
    model = AttributionModel(named) if is_known else AttributionModel.LAST_TOUCH
    return AttributionRule(timedelta(days=days), model)
