"""What is told to the layer that acts, beside decisions: orders to take back, and foreign ids."""

from mos.events import Event
from mos.model.lesson import OutcomeKind


class RecallOrdered(Event):
    """Somebody of ours wants actions taken back, or stopped where they have not left yet."""

    actions: tuple[str, ...]
    why: str


class ProviderReceiptObserved(Event):
    """A provider told what became of something, by its own id of it: it may be ours.

    `outcome` is what came of it for learning, if it was ours; `why` is what it says beside.
    """

    provider: str
    provider_id: str
    receipt: str
    why: str = ""
    outcome: OutcomeKind | None = None
