"""The events beside the path: what layers tell each other, and nobody on the path waits for."""

from mos.events.base import Event
from mos.model.approval import ApprovalClaim
from mos.model.base import Instant
from mos.model.consent import Purpose
from mos.model.lesson import Outcome, OutcomeKind
from mos.model.lookup import ReadReason, RecordName
from mos.model.stage import Clock, Conflict, Level
from mos.model.switch import Switch


class ConsentWithdrawn(Event):
    """Somebody (all their ids) withdrew purposes, or stopped channels: take back what was done."""

    people: tuple[str, ...]
    purposes: tuple[Purpose, ...] = ()
    channels: tuple[str, ...] = ()


class ConfirmationNeeded(Event):
    """Anybody can have sent this yes: the mailbox that it came with is asked whether it was theirs.

    `door` is at which door, and by whose key, the yes came in.
    """

    person_id: str
    purpose: Purpose
    address: str
    door: str
    language: str = ""


class ReceiptObserved(Event):
    """A provider told what became of an action: found by our id of it.

    `why` is what it says beside: of a bounce, whether it is for good.
    """

    action_id: str
    receipt: str
    why: str = ""


class ActionUnsent(Event):
    """What was decided never left, or was taken back with proof: what it took of caps comes back.

    Whoever says it of the second knows that nobody had acted on it.
    `taken_back_at` is when a word of ours took a hand-off back, null where it was anything else.
    """

    decision_id: str
    action_id: str
    why: str
    taken_back_at: Instant | None = None


class TouchMoved(Event):
    """What was decided leaves at another moment than the one it was counted at, or is to.

    `occurred_at` is when that was known: what was known later counts.
    """

    decision_id: str
    action_id: str
    leaves_at: Instant


class DeliveryProved(Event):
    """A receipt proves that a delivery left, or that it did not, whatever was known before."""

    action_id: str
    decision_id: str
    group_id: str
    has_left: bool


class TouchObserved(Event):
    """Somebody was reached outside the path: it takes of the same budgets, once per signal."""

    signal_id: str
    person_id: str
    group_id: str
    account_id: str
    channel: str
    weight: float


class ReadNeeded(Event):
    """A notice names a record and says too little of it: the system that keeps it is asked."""

    record: RecordName
    why: ReadReason


class RecordRead(Event):
    """What a system says of a record, as JSON; an empty `body`: it knows no such record."""

    record: RecordName
    body: str


class ErasureOrdered(Event):
    """Somebody is to be forgotten: each layer erases what its table holds and leaves a receipt.

    `people` are all ids that they had, `groups` where they were, `runs` those groups' recent runs.
    """

    request_id: str
    people: tuple[str, ...]
    groups: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()


class StoreErased(Event):
    """A layer has erased what its table held of somebody; `what` says it in words."""

    request_id: str
    store: str
    what: str


class Noted(Event):
    """What every note about a subject says: which one, in which run and group."""

    run_id: str
    bundle: str
    level: Level
    subject_id: str
    group_id: str
    account_id: str
    stage: str


class StageConflicted(Noted):
    """The CRM and the model name different stages; the bundle has said whom we believe."""

    conflict: Conflict


class SlaChanged(Noted):
    """A promise about a stage began to run, was kept, was broken, or no longer matters."""

    clock: Clock


class DealStalled(Noted):
    """A deal is open and its group no longer moves."""

    momentum: str


class OutcomeObserved(Event):
    """A signal says that something came of what we did."""

    outcome: Outcome


class RecallOrdered(Event):
    """Somebody of ours wants actions taken back, or stopped where they have not left yet.

    One that is `final` is a person's word: what was promised about a hand-off ends with it.
    """

    actions: tuple[str, ...]
    why: str
    final: bool = False


class SwitchSet(Event):
    """Somebody stopped something, or lets it leave again."""

    switch: Switch


class ApprovalSaid(Event):
    """Somebody said yes or no to a decision that waits, at a door that proves who they are.

    Whether they may is for the operators' desk: this says what was said, by whom, and where.
    """

    claim: ApprovalClaim
    via: str


class ProviderReceiptObserved(Event):
    """A provider told what became of something, by its own id of it: it may be ours.

    `outcome` is what came of it for learning, if it was ours; `why` is what it says beside.
    """

    provider: str
    provider_id: str
    receipt: str
    why: str = ""
    outcome: OutcomeKind | None = None
