"""What a correction has changed in a person, as the ledger keeps it. Pure."""

from collections.abc import Sequence

from functions.data.people.change import PersonChange
from mos.model.ledger import Entry, Op
from mos.model.signal import Signal


def record_correction(
    op: Op, signal: Signal, change: PersonChange, targets: Sequence[str]
) -> Entry:
    """Return the record of a correction: what it changed in the person."""
    before, after = change.before, change.after
    changed = {
        name: f"{getattr(before, name)} → {getattr(after, name)}"
        for name in ("engagement", "account_id")
        if getattr(before, name) != getattr(after, name)
    }
    changed |= {
        f"count of {kind}": f"{before.counts.get(kind, 0)} → {after.counts.get(kind, 0)}"
        for kind in sorted({*before.counts, *after.counts})
        if before.counts.get(kind) != after.counts.get(kind)
    }
    return Entry(
        op=op,
        at=signal.received_at,
        by=str(signal.properties.get("by") or signal.source),
        rule=str(signal.properties.get("reason") or op),
        signal_id=signal.signal_id,
        people=(change.after.profile_id,),
        identifiers=tuple(targets),
        changed=changed,
    )
