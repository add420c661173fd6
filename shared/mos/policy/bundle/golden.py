"""The pages of `golden/`: corrected decisions that a bundle must make right. Pure."""

from functools import lru_cache

from mos.model.golden import Golden
from mos.policy.bundle.bundle import Bundle


@lru_cache(maxsize=16)
def goldens(bundle: Bundle) -> tuple[Golden, ...]:
    """Return the corrected decisions of a bundle, by name.

    Raises:
        BundleError: a page lacks a field, or says what cannot be.
    """
    return bundle.nouns(Golden, "golden")
