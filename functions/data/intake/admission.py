"""Which signals can be taken in at all, whoever sent them and by whatever way. Pure."""

from datetime import UTC, datetime

from mos.errors import parked_reason
from mos.identity.correction import is_allowed
from mos.identity.identifier import log_key
from mos.model.signal import Signal

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_BYTES, _KEY_BYTES, _ID_BYTES = 380_000, 2040, 256


def check_admission(signal: Signal) -> str | None:
    """Return why a signal must be put aside, or None: a stable code, a colon, the details.

    The door lets none of these through; a message in the queue need not have come by the door.
    """
    if not is_allowed(signal):
        return f"forbidden: {signal.source} may not say {signal.kind.value}"
    for name, at in (("occurred_at", signal.occurred_at), ("received_at", signal.received_at)):
        if not _FIRST <= at < _LAST:
            return f"impossible_time: {name} lies in the year {at.year}"
    try:
        return _oversized(signal, log_key(signal))
    except ValueError as error:
        return parked_reason(error)


def _oversized(signal: Signal, key: str) -> str | None:
    keys = [key, *(f"ID#{i.key}" for i in signal.identifiers)]
    sizes = (
        ("the signal", len(signal.canonical().encode()), _BYTES),
        ("an identifier or the source", max(len(key.encode()) for key in keys), _KEY_BYTES),
        ("the signal's id", len(signal.signal_id.encode()), _ID_BYTES),
    )
    found = next(((what, size, most) for what, size, most in sizes if size > most), None)
    return "oversized: {} takes {} bytes, there is room for {}".format(*found) if found else None
