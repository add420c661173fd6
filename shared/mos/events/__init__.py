"""The events: what each hop says when it is done, and what is told beside the path."""

from mos.events.base import Event
from mos.events.beside import (
    ConsentWithdrawn,
    DealStalled,
    ErasureOrdered,
    Noted,
    OutcomeObserved,
    ProviderReceiptObserved,
    ReadNeeded,
    RecallOrdered,
    ReceiptObserved,
    RecordRead,
    SlaChanged,
    StageConflicted,
    StoreErased,
)
from mos.events.path import (
    ActionDecided,
    ActionDelivered,
    ActionHeld,
    ActionsPermitted,
    LessonLearned,
    ProfileUnified,
    SignalReceived,
    SubjectPlaced,
)

__all__ = [
    "ActionDecided",
    "ActionDelivered",
    "ActionHeld",
    "ActionsPermitted",
    "ConsentWithdrawn",
    "DealStalled",
    "ErasureOrdered",
    "Event",
    "LessonLearned",
    "Noted",
    "OutcomeObserved",
    "ProfileUnified",
    "ProviderReceiptObserved",
    "ReadNeeded",
    "RecallOrdered",
    "ReceiptObserved",
    "RecordRead",
    "SignalReceived",
    "SlaChanged",
    "StageConflicted",
    "StoreErased",
    "SubjectPlaced",
]
