"""The path of a signal: the first file to read. CDK builds from it; tests check that it joins up.

receive → unify → place → permit → decide → deliver → learn
"""

from dataclasses import dataclass
from enum import StrEnum

from mos.events import (
    ActionDecided,
    ActionDelivered,
    ActionHeld,
    ActionsPermitted,
    ActionUnsent,
    ApprovalSaid,
    ConfirmationNeeded,
    ConsentWithdrawn,
    DealStalled,
    DeliveryProved,
    ErasureOrdered,
    Event,
    LessonLearned,
    OutcomeObserved,
    ProfileUnified,
    ProviderReceiptObserved,
    ReadNeeded,
    RecallOrdered,
    ReceiptObserved,
    RecordRead,
    SignalReceived,
    SlaChanged,
    StageConflicted,
    StoreErased,
    SubjectPlaced,
    SwitchSet,
    TouchMoved,
    TouchObserved,
)


class Door(StrEnum):
    """How work reaches a layer."""

    HTTP = "http"
    QUEUE = "queue"
    BUS = "bus"
    WORKFLOW = "workflow"
    CALL = "call"
    IAM = "iam"


@dataclass(frozen=True)
class Hop:
    """One layer: its verb, what it takes and gives, where it runs and what it may touch.

    `owns` are the tables that only this layer writes; `reads` are other layers' tables that it
    may read. Both become IAM grants, and nothing else does. `raises` are events that it publishes
    beside the one that it gives; nobody on the path waits for them. What it `holds` is given in its
    place until the moment that it names: then the hop is taken again. `listens` are events of the
    bus that reach its function too, `answers` what that returns to them. `pages` are tables that it
    may read from end to end (operators' checks and previews), `erases` own ones in which it may
    delete: what a person asks to be forgotten, and a reward that was a machine's. One that
    `watches` looks after the canary every few minutes, and may end it; one that
    `sweeps` is woken as often, to finish what it has left undone. One with the `archive`
    works on exports of tables, in a stack of its own: nothing on the path waits for it. `code` is
    the module that it runs where that is not its own folder's handler: two doors over one room.
    `glimpses` are others' tables of which only partitions that begin so may be read. `queued` are
    events that wait for it in a queue of their own: on the bus, or sent there by whom it concerns.
    One that `holds_secrets` may read those under its own name.
    """

    layer: str
    verb: str
    takes: type[Event] | None
    gives: type[Event] | None
    door: Door
    owns: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    glimpses: tuple[tuple[str, str], ...] = ()
    erases: tuple[str, ...] = ()
    bundles: bool = False
    listens: tuple[type[Event], ...] = ()
    answers: tuple[type[Event], ...] = ()
    raises: tuple[type[Event], ...] = ()
    holds: type[Event] | None = None
    timers: bool = False
    watches: bool = False
    sweeps: bool = False
    asks: bool = False
    archive: bool = False
    queued: tuple[type[Event], ...] = ()
    holds_secrets: bool = False
    code: str = ""

    @property
    def module(self) -> str:
        """Return the module whose `handler` runs this hop."""
        return f"functions.{self.code or f'{self.layer}.handler'}"


PATH = (
    Hop(
        "webhook", "receive", None, SignalReceived, Door.HTTP,
        glimpses=(("actions", "PAGE#"),), queued=(RecordRead,), holds_secrets=True,
    ),
    Hop(
        "data", "unify", SignalReceived, ProfileUnified, Door.QUEUE,
        owns=("identity", "signals"), erases=("identity", "signals"),
        raises=(
            OutcomeObserved, ErasureOrdered, ConsentWithdrawn, ReceiptObserved, RecallOrdered,
            ProviderReceiptObserved, ReadNeeded, SwitchSet, TouchObserved, ConfirmationNeeded,
            ApprovalSaid,
        ),
        bundles=True, asks=True,
    ),
    Hop(
        "lifecycle", "place", ProfileUnified, SubjectPlaced, Door.WORKFLOW,
        owns=("lifecycle",), reads=("identity",), erases=("lifecycle",),
        glimpses=(("actions", "GROUP#"), ("actions", "ACTION#")),
        listens=(ErasureOrdered,), answers=(StoreErased,), bundles=True,
        raises=(StageConflicted, SlaChanged, DealStalled), timers=True,
    ),
    Hop(
        "policy", "permit", SubjectPlaced, ActionsPermitted, Door.WORKFLOW,
        bundles=True,
    ),
    Hop(
        "decisioning", "decide", ActionsPermitted, ActionDecided, Door.WORKFLOW,
        owns=("decisions",), reads=("lessons",), erases=("decisions",),
        listens=(ErasureOrdered, ActionUnsent, TouchMoved, TouchObserved), answers=(StoreErased,),
        bundles=True, timers=True, asks=True,
    ),
    Hop(
        "action", "deliver", ActionDecided, ActionDelivered, Door.WORKFLOW, holds=ActionHeld,
        owns=("actions",), reads=("identity", "lifecycle", "decisions"), erases=("actions",),
        listens=(
            ErasureOrdered, ConsentWithdrawn, ReceiptObserved, RecallOrdered,
            ProviderReceiptObserved, SlaChanged, SwitchSet, ConfirmationNeeded,
        ),
        answers=(StoreErased,),
        raises=(OutcomeObserved, ActionUnsent, TouchMoved, DeliveryProved),
        bundles=True, asks=True, sweeps=True, holds_secrets=True,
    ),
    Hop(
        "learning", "learn", ActionDelivered, LessonLearned, Door.WORKFLOW,
        owns=("lessons",), erases=("lessons",),
        listens=(OutcomeObserved, ErasureOrdered, DeliveryProved, TouchObserved),
        answers=(StoreErased,),
        bundles=True, watches=True,
    ),
)  # fmt: skip

_ASKED = ("identity", "signals", "lifecycle", "decisions", "actions", "lessons", "completions")
"""What both doors of the tools read: what an agent and an operator ask about."""

OFF_PATH = (
    Hop(
        "llm", "ask", None, None, Door.CALL, owns=("completions",), erases=("completions",),
        listens=(ErasureOrdered,), answers=(StoreErased,), bundles=True, holds_secrets=True,
    ),
    Hop(
        "lookup", "read", ReadNeeded, RecordRead, Door.BUS,
        queued=(ReadNeeded,), bundles=True, holds_secrets=True,
    ),
    Hop(
        "agent", "answer", None, None, Door.HTTP,
        owns=("agents",), reads=_ASKED, glimpses=(("operators", "PROPOSAL#"),), bundles=True,
        holds_secrets=True,
    ),
    Hop(
        "operator", "operate", None, None, Door.IAM,
        owns=("operators",), reads=(*_ASKED, "agents"), pages=("identity", "signals"),
        queued=(ApprovalSaid,), bundles=True, sweeps=True, code="agent.operate",
    ),
    Hop(
        "simulation", "rehearse", None, None, Door.CALL,
        reads=("lessons", "decisions"), bundles=True, archive=True,
    ),
)  # fmt: skip

HOPS = PATH + OFF_PATH

MODULES = {hop.layer: hop.module for hop in HOPS}

TABLES = tuple(table for hop in HOPS for table in hop.owns)

WORKFLOW = tuple(hop for hop in PATH if hop.door is Door.WORKFLOW)
