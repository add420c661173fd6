"""Which of a person's meetings stand, whatever the order in which their news came. Pure."""

from collections.abc import Mapping
from datetime import datetime

from mos.model.profile import Meeting, MeetingState, Profile
from mos.model.signal import Signal, SignalKind

MEETING_KINDS = frozenset({SignalKind.MEETING_BOOKED, SignalKind.MEETING_CANCELED})
_MOST = 20
_BOOKED = SignalKind.MEETING_BOOKED.value


def is_rescheduled(signal: Signal) -> bool:
    """Say whether a signal is half of a reschedule: no second meeting, and no cancellation."""
    if signal.kind not in MEETING_KINDS:
        return False
    said = signal.properties
    return bool(said.get("replaces") or said.get("reschedule_half"))


def meetings_after(held: tuple[Meeting, ...], signal: Signal) -> tuple[Meeting, ...]:
    """Return the meetings after one more signal.

    Either half of a reschedule puts the new meeting into the old one's place, so that one stands
    between them, too. What was replaced never stands again; what was called off does where it is
    booked again later. A cancellation that names no meeting calls off the latest.
    """
    found = {meeting.meeting_id: meeting for meeting in held}
    if signal.kind is SignalKind.MEETING_BOOKED:
        _book(found, signal)
    else:
        _call_off(found, signal)
    return tuple(sorted(found.values(), key=lambda m: (m.at, m.meeting_id)))


def meeting_facts(profile: Profile, signal: Signal) -> dict[str, object]:
    """Return what a meeting's news changes in a profile: how many stand, and which was last."""
    after = meetings_after(profile.meetings, signal)
    more = len(_standing(after)) - len(_standing(profile.meetings))
    counts = _counted(profile.counts, _BOOKED, more)
    last, last_ids = dict(profile.last), dict(profile.last_ids)
    standing = _standing(after)
    if standing:
        last[_BOOKED], last_ids[_BOOKED] = standing[-1].at, standing[-1].signal_id
    elif profile.meetings or signal.kind is SignalKind.MEETING_BOOKED:
        last.pop(_BOOKED, None)
        last_ids.pop(_BOOKED, None)
    if signal.kind is SignalKind.MEETING_CANCELED and not is_rescheduled(signal):
        kind = signal.kind.value
        counts = _counted(counts, kind, 1)
        last[kind], last_ids[kind] = signal.occurred_at, signal.signal_id
    return {"meetings": after[-_MOST:], "counts": counts, "last": last, "last_ids": last_ids}


def _book(found: dict[str, Meeting], signal: Signal) -> None:
    own, replaced = _named(signal) or signal.signal_id, signal.properties.get("replaces")
    if replaced:
        _end(found, str(replaced), signal, MeetingState.REPLACED)
    known = found.get(own)
    if known is None or _is_booked_again(known, signal.occurred_at):
        found[own] = _meeting(own, signal, MeetingState.STANDS)


def _call_off(found: dict[str, Meeting], signal: Signal) -> None:
    standing = _standing(tuple(found.values()))
    own = _named(signal) or (standing[-1].meeting_id if standing else None)
    if own is None:
        return
    if not is_rescheduled(signal):
        _end(found, own, signal, MeetingState.CALLED_OFF)
        return
    _end(found, own, signal, MeetingState.REPLACED)
    new = signal.properties.get("new_invitee")
    if new and str(new) not in found:
        found[str(new)] = _meeting(str(new), signal, MeetingState.STANDS)


def _end(found: dict[str, Meeting], own: str, signal: Signal, state: MeetingState) -> None:
    known = found.get(own) or _meeting(own, signal, state)
    is_final = known.state is MeetingState.REPLACED
    found[own] = known if is_final else _meeting(own, signal, state)


def _is_booked_again(known: Meeting, at: datetime) -> bool:
    return known.state is MeetingState.CALLED_OFF and known.at < at


def _meeting(own: str, signal: Signal, state: MeetingState) -> Meeting:
    return Meeting(meeting_id=own, at=signal.occurred_at, signal_id=signal.signal_id, state=state)


def _named(signal: Signal) -> str | None:
    named = signal.properties.get("meeting_id")
    return str(named)[:500] if named else None


def _standing(held: tuple[Meeting, ...]) -> list[Meeting]:
    standing = [meeting for meeting in held if meeting.state is MeetingState.STANDS]
    return sorted(standing, key=lambda m: (m.at, m.meeting_id))


def _counted(counts: Mapping[str, int], kind: str, more: int) -> dict[str, int]:
    """Return the counts with some more or fewer of a kind; none at all is no entry."""
    found = {**counts, kind: max(0, counts.get(kind, 0) + more)}
    return {name: count for name, count in found.items() if count or name != kind}
