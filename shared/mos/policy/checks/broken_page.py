"""Pages that cannot be read: of actions, limits, experiments, parameters, overrides. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.golden import goldens
from mos.policy.check import Check, Flaw

_PARTS = ("actions", "constraints", "holdouts", "parameters", "variants")


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield the first mistake of each kind of page.

    Raises:
        BundleError: a golden decision is wrong.
    """
    for part in _PARTS:
        try:
            getattr(bundle, part)
        except BundleError as error:
            yield Flaw(error.file, error.detail)
    goldens(bundle)


CHECK = Check("schema", find)
