"""What holds of a person's consents and stops after one more signal. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from mos.identity.correction import RECLASSIFIED
from mos.model.consent import Basis, ConsentState, Purpose, Suppression
from mos.model.signal import Actor, Signal, SignalKind, Trust

ARCHIVED = "archived"
"""The one stop that its own system lifts: the record was put away, and taken out again."""

_STOPS: Mapping[SignalKind, tuple[str, str]] = MappingProxyType({
    SignalKind.EMAIL_UNSUBSCRIBED: ("email", "unsubscribed"),
    SignalKind.EMAIL_COMPLAINED: ("email", "complained"),
    SignalKind.EMAIL_BOUNCED: ("email", "bounced"),
    SignalKind.CONTACT_ARCHIVED: ("all", ARCHIVED),
    SignalKind.ERASURE_REQUESTED: ("all", "erasure_requested"),
    SignalKind.LEAD_DELETED: ("all", "lead_deleted"),
})  # fmt: skip
_PERMANENT = "permanent"
SUPPRESS, UNSUPPRESS = "suppress", "unsuppress"


def consents_after(states: tuple[ConsentState, ...], signal: Signal) -> tuple[ConsentState, ...]:
    """Return one state per purpose: the latest word on it. No word means no.

    Two answers of one moment (a list that says both) are a no.
    """
    held = {state.purpose: state for state in states}
    for grant in signal.consent:
        said = held.get(grant.purpose)
        if said and grant.granted and not said.granted and said.since == signal.occurred_at:
            continue
        held[grant.purpose] = ConsentState(
            purpose=grant.purpose,
            granted=grant.granted,
            basis=grant.basis,
            since=signal.occurred_at,
            signal_id=signal.signal_id,
        )
    if signal.kind is SignalKind.LEAD_SUBMITTED and Purpose.PHONE_SALES not in held:
        held[Purpose.PHONE_SALES] = ConsentState(
            purpose=Purpose.PHONE_SALES,
            granted=True,
            basis=Basis.LEGITIMATE_INTEREST,
            since=signal.occurred_at,
            signal_id=signal.signal_id,
        )
    return tuple(held[purpose] for purpose in sorted(held))


def stops_after(held: tuple[Suppression, ...], signal: Signal) -> tuple[Suppression, ...]:
    """Return the sticky stops. A stop holds whoever reports it: a bounce has no human.

    Only a bounce for good is one: a full mailbox and a filter's block pass.

    An unsubscribe that turned out to be a scanner's was nobody's word. An unmerge hands the stops
    of the merged person to both halves; only an explicit request lifts one.
    """
    stops: list[tuple[str, str]] = []
    kind = SignalKind.EMAIL_BOUNCED if _names_a_dead_mailbox(signal) else signal.kind
    if kind in _STOPS and not _was_a_scanner(signal) and not _passes(signal):
        stops.append(_STOPS[kind])
    if signal.kind in {SignalKind.UNMERGED, SignalKind.KEPT_APART}:
        named = signal.properties.get("suppressed")
        texts = named if isinstance(named, tuple | list) else ()
        stops += [(c, r) for c, _, r in (str(text).partition(":") for text in texts)]
    if signal.kind is SignalKind.PRIVACY_REQUESTED:
        if signal.properties.get("request") == UNSUPPRESS:
            return tuple(s for s in held if s.channel != signal.properties.get("channel", "all"))
        stops.append((str(signal.properties.get("channel") or "all"), "privacy_request"))
    if signal.kind is SignalKind.CONTACT_RESTORED and signal.trust is not Trust.UNSIGNED:
        return tuple(stop for stop in held if stop.reason != ARCHIVED)
    for channel, reason in stops:
        # What was put away may come back: it hides no other stop.
        if not any(
            s.channel == channel and (reason == s.reason or s.reason != ARCHIVED) for s in held
        ):
            held = (
                *held,
                Suppression(
                    channel=channel,
                    reason=reason,
                    since=signal.occurred_at,
                    signal_id=signal.signal_id,
                ),
            )
    return held


def _was_a_scanner(signal: Signal) -> bool:
    # A mailbox provider's machine may well bring its user's wish: only a correction says otherwise.
    judged = signal.actor is Actor.MACHINE and signal.actor_reason.startswith(RECLASSIFIED)
    return judged and signal.kind is SignalKind.EMAIL_UNSUBSCRIBED


def _names_a_dead_mailbox(signal: Signal) -> bool:
    """Say whether a list reports that its sender's mail has bounced for good: no word of theirs."""
    return signal.kind is SignalKind.LIST_ROW and signal.properties.get("undeliverable") is True


def _passes(signal: Signal) -> bool:
    """Say whether a bounce is not for good; one of which nothing is said is."""
    stated = signal.properties.get("bounce_type") or _PERMANENT
    return signal.kind is SignalKind.EMAIL_BOUNCED and stated != _PERMANENT
