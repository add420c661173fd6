"""What holds of a person's consents and stops after one more signal. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from mos.identity.correction import RECLASSIFIED
from mos.model.consent import (
    Basis,
    ConsentGrant,
    ConsentState,
    LawfulBasis,
    Purpose,
    Suppression,
)
from mos.model.page import PAGES
from mos.model.signal import Actor, Signal, SignalKind
from mos.reply.effect import kind_of
from mos.reply.kind import ReplyKind
from mos.vocabulary.country import read_country

ACCESS, ANSWERED = "access", "answered"
"""What stops nothing: somebody wants to know what is known of them, and has been answered."""
UNSUBSCRIBED = "unsubscribed"
"""The stop that its own person lifts, by a later yes on our own page."""
LEFT = "left_company"
"""The stop of a mailbox whose owner is no longer there: it says nothing of their other ones."""
ARCHIVED = "archived"
"""The one stop that its own system lifts: the record was put away, and taken out again."""

_STOPS: Mapping[SignalKind, tuple[str, str]] = MappingProxyType({
    SignalKind.EMAIL_UNSUBSCRIBED: ("email", UNSUBSCRIBED),
    SignalKind.EMAIL_COMPLAINED: ("email", "complained"),
    SignalKind.EMAIL_BOUNCED: ("email", "bounced"),
    SignalKind.CONTACT_ARCHIVED: ("all", ARCHIVED),
    SignalKind.ERASURE_REQUESTED: ("all", "erasure_requested"),
    SignalKind.LEAD_DELETED: ("all", "lead_deleted"),
})  # fmt: skip
_ADDRESSED: Mapping[Purpose, str] = MappingProxyType({
    Purpose.EMAIL_MARKETING: "email", Purpose.SMS_MARKETING: "phone", Purpose.PHONE_SALES: "phone",
})  # fmt: skip
_PERMANENT = "permanent"
SUPPRESS, UNSUPPRESS = "suppress", "unsuppress"


def consents_after(
    states: tuple[ConsentState, ...], signal: Signal, own: AbstractSet[str] = frozenset()
) -> tuple[ConsentState, ...]:
    """Return one state per purpose and topic: the latest word on it. No word means no.

    Two answers of one moment (a list that says both) are a no. A yes that anybody can have sent
    waits to be confirmed, and changes nothing where there is a word already; a no is taken from
    anybody. A yes by mail that comes without proof of a confirmation is marked so: what that means
    where they are says `hold_unproven`. `own` are the keys of the person's identifiers: a yes holds
    for the one it came with. What a scanner did on our own pages says nothing, and no machine says
    yes there.
    """
    held = {(state.purpose, state.topic or ""): state for state in states}
    for grant in _read_words(signal):
        about = (grant.purpose, grant.topic or "")
        said = held.get(about)
        if said and grant.granted and said.is_withdrawn and said.since == signal.occurred_at:
            continue
        if said and grant.granted and signal.is_anybodys:
            continue  # Whatever is known already outweighs what anybody can have sent.
        unproven = _is_unproven(grant, signal)
        if said and said.granted and unproven and not said.unproven:
            continue  # Who has confirmed it need not confirm it again.
        held[about] = ConsentState(
            purpose=grant.purpose,
            topic=grant.topic,
            granted=grant.granted and not signal.is_anybodys,
            basis=grant.basis,
            since=signal.occurred_at,
            signal_id=signal.signal_id,
            address=_find_address(grant.purpose, signal, own) if grant.granted else None,
            pending=grant.granted and signal.is_anybodys,
            unproven=unproven,
            jurisdiction=_read_jurisdiction(grant, signal) if unproven else None,
        )
    return tuple(held[about] for about in sorted(held))


def _is_unproven(grant: ConsentGrant, signal: Signal) -> bool:
    """Say whether a sender whom we know brings a yes by mail and nothing that confirms it.

    Whoever states a change of consent as such vouches for it, as our own pages do.
    """
    if not grant.granted or signal.is_anybodys or grant.confirmed_at is not None:
        return False
    asks = grant.purpose is Purpose.EMAIL_MARKETING and grant.topic is None
    return asks and grant.basis is Basis.CONSENT and signal.kind is not SignalKind.CONSENT_CHANGED


def _read_jurisdiction(grant: ConsentGrant, signal: Signal) -> str | None:
    return read_country(grant.jurisdiction) or read_country(signal.company.get("country"))


def hold_unproven(
    states: tuple[ConsentState, ...], country: str | None, confirmed_in: AbstractSet[str]
) -> tuple[ConsentState, ...]:
    """Return the states, of which those that nobody has confirmed wait where that takes it.

    `country` is the person's; where they have said none, it is where the yes was given. Of whom
    neither is known their yes counts.
    """
    return tuple(
        state.model_copy(update={"granted": not waits, "pending": waits})
        if state.unproven
        and (waits := (country or state.jurisdiction) in confirmed_in) is not state.pending
        else state
        for state in states
    )


def _read_words(signal: Signal) -> tuple[ConsentGrant, ...]:
    """Return what a signal says of consent: a scanner's word is nobody's."""
    if _was_a_scanner(signal):
        return ()
    if signal.source == PAGES and signal.actor is Actor.MACHINE:
        return tuple(grant for grant in signal.consent if not grant.granted)
    return signal.consent


def bases_after(held: tuple[LawfulBasis, ...], signal: Signal) -> tuple[LawfulBasis, ...]:
    """Return what may carry a purpose without a yes: whoever fills in a lead form may be rung.

    It grants nothing: a policy row says what it permits, where and by which channel. The earliest
    one stays. A form that anybody or a machine can have sent is nobody's.
    """
    if signal.kind is not SignalKind.LEAD_SUBMITTED or signal.is_anybodys:
        return held
    if signal.actor is Actor.MACHINE or any(b.purpose is Purpose.PHONE_SALES for b in held):
        return held
    made = LawfulBasis(
        purpose=Purpose.PHONE_SALES,
        basis=Basis.LEGITIMATE_INTEREST,
        reason="lead_form",
        source=signal.source,
        since=signal.occurred_at,
        signal_id=signal.signal_id,
    )
    return (*held, made)


def _find_address(purpose: Purpose, signal: Signal, own: AbstractSet[str]) -> str | None:
    kind = _ADDRESSED.get(purpose)
    return next((i.value for i in signal.identifiers if i.type == kind and i.key in own), None)


def stops_after(held: tuple[Suppression, ...], signal: Signal) -> tuple[Suppression, ...]:
    """Return the sticky stops. A stop holds whoever reports it: a bounce has no human.

    Only a bounce for good is one, and of its mailbox alone: a full mailbox and a filter's block
    pass.

    An unsubscribe that turned out to be a scanner's was nobody's word. An unmerge hands the stops
    of the merged person to both halves; only an explicit request lifts one.
    """
    stops: list[tuple[str, str, str | None]] = []
    kind = SignalKind.EMAIL_BOUNCED if _names_a_dead_mailbox(signal) else signal.kind
    if kind in _STOPS and not _was_a_scanner(signal) and not _passes(signal):
        bounced = kind is SignalKind.EMAIL_BOUNCED
        boxes: list[str | None] = [i.value for i in signal.identifiers if i.type == "email"]
        stops += [(*_STOPS[kind], box) for box in (bounced and boxes) or [None]]
    if kind_of(signal) is ReplyKind.LEFT_COMPANY:
        own = [i.value for i in signal.identifiers if i.type == "email"]
        stops += [("email", LEFT, box) for box in own]
    if signal.kind in {SignalKind.UNMERGED, SignalKind.KEPT_APART}:
        named = signal.properties.get("suppressed")
        texts = named if isinstance(named, tuple | list) else ()
        stops += [_read_stop(str(text)) for text in texts]
    if (lifted := _lift(held, signal)) is not None:
        return lifted
    asked = signal.properties.get("request")
    if signal.kind is SignalKind.PRIVACY_REQUESTED and asked not in {ACCESS, ANSWERED}:
        stops.append((str(signal.properties.get("channel") or "all"), "privacy_request", None))
    for channel, reason, address in stops:
        # What was put away may come back: it hides no other stop.
        if not any(
            s.channel == channel
            and s.address in (None, address)
            and (reason == s.reason or s.reason != ARCHIVED)
            for s in held
        ):
            held = (
                *held,
                Suppression(
                    channel=channel,
                    reason=reason,
                    since=signal.occurred_at,
                    signal_id=signal.signal_id,
                    address=address,
                ),
            )
    return held


def _lift(held: tuple[Suppression, ...], signal: Signal) -> tuple[Suppression, ...] | None:
    """Return the stops that are left where a signal lifts some; None where it lifts none."""
    said = signal.properties
    if signal.kind is SignalKind.PRIVACY_REQUESTED and said.get("request") == UNSUPPRESS:
        return tuple(s for s in held if s.channel != said.get("channel", "all"))
    if signal.kind is SignalKind.CONTACT_RESTORED and not signal.is_anybodys:
        return tuple(stop for stop in held if stop.reason != ARCHIVED)
    if _opts_in_again(signal):
        return tuple(stop for stop in held if stop.reason != UNSUBSCRIBED)
    return None


def name_stop(stop: Suppression) -> str:
    """Return a stop as an unmerge hands it on: `channel:reason`, and its mailbox where it has one.

    >>> at = "2026-01-01T00:00Z"
    >>> name_stop(Suppression(channel="all", reason="asked", since=at, signal_id="sig_1"))
    'all:asked'
    """
    return ":".join(filter(None, (stop.channel, stop.reason, stop.address)))


def _read_stop(text: str) -> tuple[str, str, str | None]:
    channel, _, rest = text.partition(":")
    reason, _, address = rest.partition(":")
    return channel, reason, address or None


def _was_a_scanner(signal: Signal) -> bool:
    # A mailbox provider's machine may well bring its user's wish: only a correction says otherwise.
    judged = signal.actor is Actor.MACHINE and signal.actor_reason.startswith(RECLASSIFIED)
    by_link = signal.kind is SignalKind.EMAIL_UNSUBSCRIBED or signal.source == PAGES
    return judged and by_link


def _opts_in_again(signal: Signal) -> bool:
    """Say whether somebody takes their own unsubscribing back, on the page that they did it on."""
    if signal.source != PAGES or signal.kind is not SignalKind.CONSENT_CHANGED:
        return False
    said = [g for g in _read_words(signal) if g.granted and g.topic is None]
    return any(grant.purpose is Purpose.EMAIL_MARKETING for grant in said)


def _names_a_dead_mailbox(signal: Signal) -> bool:
    """Say whether a list reports that its sender's mail has bounced for good: no word of theirs."""
    return signal.kind is SignalKind.LIST_ROW and signal.properties.get("undeliverable") is True


def _passes(signal: Signal) -> bool:
    """Say whether a bounce is not for good; one of which nothing is said is."""
    stated = signal.properties.get("bounce_type") or _PERMANENT
    return signal.kind is SignalKind.EMAIL_BOUNCED and stated != _PERMANENT
