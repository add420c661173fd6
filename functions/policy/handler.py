"""Policy Lambda: where they stand in, what is allowed out."""

from functions.policy.permit import permit
from mos.aws.bundles import BundleStore, bundles
from mos.events import ActionsPermitted, SubjectPlaced
from mos.ports import Moment
from mos.runtime import on


def step(event: SubjectPlaced, moment: Moment, store: BundleStore) -> ActionsPermitted:  # noqa: ARG001  nothing here depends on when
    """Load the bundle that the run began with, and say what it allows."""
    return permit(event, store.load(event.bundle))


handler = on(SubjectPlaced, lambda event, moment: step(event, moment, bundles()))
