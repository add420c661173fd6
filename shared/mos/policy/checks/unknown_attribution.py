"""A bundle attributes by a model that there is. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.model.attribution import AttributionModel
from mos.policy.attribution_rule import MODEL
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield a model of attribution that code does not know: it would be the last touch."""
    stated = bundle.parameters.get(MODEL)
    known = [model.value for model in AttributionModel]
    if stated is not None and stated.value not in known:
        yield Flaw("parameters", f"{MODEL} is {stated.value}: there are {', '.join(known)}")


CHECK = Check("unknown_attribution", find)
