"""Signals as they are seen now, after what later ones say of them. Pure."""

from collections.abc import Iterable
from datetime import datetime

from mos.identity.correction import OPERATOR, RECLASSIFIED, Judgement, is_allowed
from mos.model.signal import Actor, Signal, SignalKind
from mos.reply.away import AWAY, read_day
from mos.reply.effect import kind_of, read_as
from mos.reply.kind import REPLY, read_kind


def corrected(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals as they are seen now: each with the actor that its last correction names.

    An answer is what its last reader says it is. The correction that was received last holds; a
    human's outweighs the system's own.
    """
    found = list(signals)
    verdicts = _find_last(found, SignalKind.RECLASSIFIED, "target")
    kinds = _find_last(found, SignalKind.REPLY_READ, REPLY)
    days = _find_last(found, SignalKind.REPLY_READ, AWAY)
    return [
        _add_day(_reread(_judge(s, verdicts.get(s.signal_id)), kinds.get(s.signal_id)),
                 days.get(s.signal_id))
        for s in found
    ]  # fmt: skip


def _find_last(signals: Iterable[Signal], kind: SignalKind, name: str) -> dict[str, Signal]:
    """Return the correction of a kind that holds for each signal, of those that say `name`."""
    held: dict[str, tuple[tuple[bool, datetime, str], Signal]] = {}
    for signal in signals:
        if signal.kind is not kind or name not in signal.properties or not is_allowed(signal):
            continue
        target = str(signal.properties.get("target"))
        rank = (signal.source == OPERATOR, signal.received_at, signal.signal_id)
        if target not in held or rank > held[target][0]:
            held[target] = (rank, signal)
    return {target: signal for target, (_, signal) in held.items()}


def _judge(signal: Signal, verdict: Signal | None) -> Signal:
    if verdict is None:
        return signal
    return signal.model_copy(
        update=dict(zip(("actor", "actor_reason"), _judgement(verdict), strict=True))
    )


def _reread(signal: Signal, reading: Signal | None) -> Signal:
    """Return an answer as somebody has read it who could not be sure before."""
    kind = read_kind(reading.properties.get(REPLY)) if reading else None
    if reading is None or kind is None:
        return signal
    return read_as(signal, kind, str(reading.properties.get("by") or reading.source))


def _add_day(signal: Signal, reading: Signal | None) -> Signal:
    """Return an answer with the day from which its author is back, where it named none itself."""
    day = read_day(reading.properties.get(AWAY)) if reading else None
    if day is None or kind_of(signal) is None or signal.properties.get(AWAY):
        return signal
    return signal.model_copy(update={"properties": {**signal.properties, AWAY: day.isoformat()}})


def _judgement(signal: Signal) -> Judgement:
    stated = str(signal.properties.get("actor"))
    actor = Actor(stated) if stated in set(Actor) else Actor.UNKNOWN
    return actor, f"{RECLASSIFIED}: {signal.properties.get('reason') or 'no reason given'}"
