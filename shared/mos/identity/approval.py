"""An approver's word on a decision that waits: a signal like any other. Pure."""

from mos.model.approval import ApprovalClaim
from mos.model.signal import Signal, SignalKind, Trust


def is_of_its_door(signal: Signal) -> bool:
    """Say whether an approver's word came by a door that proves who said it: its own ids alone."""
    if signal.kind is not SignalKind.APPROVAL_SAID:
        return False
    who = str(signal.properties.get("who") or "")
    return signal.trust is Trust.SIGNED and who.startswith(f"{signal.source}:")


def read_approval(signal: Signal) -> ApprovalClaim | None:
    """Return what somebody said of which decision; None where it cannot be read, or is a test."""
    said = signal.properties
    decision, approved = said.get("decision"), said.get("approved")
    if not isinstance(decision, str) or not isinstance(approved, bool) or signal.is_test:
        return None
    if not is_of_its_door(signal):
        return None
    return ApprovalClaim(
        decision_id=decision,
        approved=approved,
        who=str(said["who"]),
        why=str(said.get("why") or ""),
    )
