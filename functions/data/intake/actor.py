"""Tell scanners from readers by what they did together: timing, all links, a hidden link. Pure.

User agents and providers' own flags are seen at the door (`functions/webhook/actor.py`). What
takes several signals to see is classified here, also after the fact: the third link within ten
seconds says that the first two were a machine's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mos.identity.correction import Judgement
from mos.identity.fold import order
from mos.model.signal import Actor, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle

SPAN_SECONDS = 60.0
"""How far around a click its company is looked at."""

CLASSIFIABLE = frozenset({SignalKind.EMAIL_CLICKED, SignalKind.EMAIL_OPENED})
_DELIVERED = {SignalKind.EMAIL_DELIVERED, SignalKind.EMAIL_SENT}
_MESSAGE = ("action_id", "sg_message_id", "message_id")


@dataclass(frozen=True)
class Habits:
    """What the bundle says of machines."""

    fast_seconds: float
    links: int
    links_seconds: float
    honeypot: str


def read_habits(bundle: Bundle) -> Habits:
    """Return what the bundle says of machines."""
    return Habits(
        fast_seconds=bundle.number("machine_click_seconds"),
        links=int(bundle.number("machine_links")),
        links_seconds=bundle.number("machine_links_seconds"),
        honeypot=str(bundle.value("honeypot_marker")),
    )


def classify(signals: Iterable[Signal], habits: Habits) -> dict[str, Judgement]:
    """Return the clicks and opens that a machine made, by signal id, with the reason.

    `signals` are what one identifier did around a moment. One that is a machine's already is left
    out; of several reasons the surest is given.
    """
    found = sorted({s.signal_id: s for s in signals}.values(), key=order)
    touches = [s for s in found if s.kind in CLASSIFIABLE and s.actor is not Actor.MACHINE]
    clicks = [s for s in touches if s.kind is SignalKind.EMAIL_CLICKED]
    verdicts: dict[str, str] = {}
    for click in clicks:
        if habits.honeypot and habits.honeypot in _link(click):
            company = [c for c in clicks if _near(click, c, SPAN_SECONDS)]
            verdicts |= {c.signal_id: "came with a click on the hidden link" for c in company}
            verdicts[click.signal_id] = "the hidden link"
    for click in clicks:
        burst = [
            c for c in clicks
            if timedelta() <= c.occurred_at - click.occurred_at
            <= timedelta(seconds=habits.links_seconds) and _message(c) == _message(click)
        ]  # fmt: skip
        if len({_link(c) for c in burst if _link(c)}) >= habits.links:
            reason = f"{habits.links} or more links within {habits.links_seconds:g} s"
            for c in burst:
                verdicts.setdefault(c.signal_id, reason)
    for touch in touches:
        if _too_fast(touch, found, habits.fast_seconds):
            reason = f"within {habits.fast_seconds:g} s of delivery"
            verdicts.setdefault(touch.signal_id, reason)
    return {i: (Actor.MACHINE, reason) for i, reason in verdicts.items()}


def _too_fast(touch: Signal, around: Sequence[Signal], seconds: float) -> bool:
    message = _message(touch)
    return any(
        s.kind in _DELIVERED
        and _message(s) == message
        and timedelta() <= touch.occurred_at - s.occurred_at < timedelta(seconds=seconds)
        for s in around
    )


def _near(one: Signal, other: Signal, seconds: float) -> bool:
    return abs(one.occurred_at - other.occurred_at) <= timedelta(seconds=seconds)


def _link(signal: Signal) -> str:
    return str(signal.properties.get("url") or signal.properties.get("link") or "")


def _message(signal: Signal) -> str:
    """Return what names the mail, empty where the sender does not say."""
    return next((str(v) for n in _MESSAGE if (v := signal.properties.get(n))), "")
