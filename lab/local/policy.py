"""Which bundle the local stage decides by when it comes up."""

from dataclasses import dataclass

from mos.aws.bundles import BundleStore
from mos.errors import BundleError, MissingError
from mos.policy.bundle.bundle import Bundle

_SHOWN = 12
ACTOR = "mos up"


@dataclass(frozen=True)
class Standing:
    """The digest that is active, and what there is to say about it, if anything."""

    active: str
    note: str = ""


def bring(store: BundleStore, bundle: Bundle) -> Standing:
    """Publish the repository's bundle, and activate it only where no other can be decided by.

    What somebody has activated outlives a restart.
    """
    store.publish(bundle)
    try:
        active = store.active_digest()
    except (MissingError, BundleError):
        return replace(store, bundle)
    if active == bundle.digest:
        return Standing(active)
    try:
        store.load(active)
        store.admissions.must_let(active)
    except (MissingError, BundleError) as error:
        told = replace(store, bundle)
        return Standing(
            told.active,
            f"Bundle {active[:_SHOWN]} was active and can decide no more ({error}): "
            f"policies/ ({told.active[:_SHOWN]}) is active now.",
        )
    return Standing(
        active,
        f"Bundle {active[:_SHOWN]} is still active; policies/ is {bundle.digest[:_SHOWN]}, "
        "published and not active: run `mos rehearse --bundle policies --world 7 --sign` and, if "
        f"it passes, `mos policy activate {bundle.digest}`; `mos up --policies` skips that.",
    )


def replace(store: BundleStore, bundle: Bundle) -> Standing:
    """Publish and activate the repository's bundle, whatever is active."""
    store.publish(bundle)
    store.activate(bundle.digest, ACTOR)
    return Standing(bundle.digest)
