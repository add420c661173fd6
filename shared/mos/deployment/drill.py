"""The undo drill: a release is rolled forward and back, and each way the stage itself is asked."""

import time

from mos.aws.bundles import BundleStore
from mos.deployment.deployment import Deployment

_MOST_SECONDS = 60.0
Step = tuple[str, float | None]
"""What was done, and after how many seconds the stage answered by it; None where it did not."""


def drill(where: Deployment, store: BundleStore, old: str, new: str, actor: str) -> list[Step]:
    """Move the pointer forward and back twice; return how long each step took to be taken."""
    found: list[Step] = []
    for way in ("first", "second"):
        began = time.monotonic()
        store.activate(new, actor)
        found.append((f"{way} time forward", _taken(where, new, began)))
        began = time.monotonic()
        store.roll_back(actor)
        found.append((f"{way} time back", _taken(where, old, began)))
    return found


def _taken(where: Deployment, digest: str, began: float) -> float | None:
    """Return after how many seconds the stage answers by a bundle; None where it does not."""
    while (passed := time.monotonic() - began) < _MOST_SECONDS:
        answer = where.ask("policy")
        if answer.get("ok") and answer["data"]["bundle"] == digest:
            return passed
        time.sleep(1)
    return None


def missed_steps(steps: list[Step]) -> list[str]:
    """Return the steps that were not taken."""
    return [name for name, seconds in steps if seconds is None]
