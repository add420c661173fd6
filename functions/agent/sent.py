"""A delivery as a row of a list: what it was, how it ended, which words it says. Pure."""

from functions.agent.counted import say_time
from functions.agent.reasons import say_reason
from functions.agent.tool import Scope
from mos.model.base import Instant, Noun
from mos.model.delivery import Delivery, DeliveryStatus

_HELD, _TAKEN_BACK = "held", "taken_back"
HOW = (
    *(one.value for one in DeliveryStatus if one is not DeliveryStatus.RETRY), _HELD, _TAKEN_BACK,
)  # fmt: skip
"""How a delivery may stand, as people say it."""


class Sent(Noun):
    """One delivery: what, over which channel, how it ended and why, and how it is put right.

    `asset` is the page of `content/` whose words it says, in its `version` and with its `claims`.
    One that `is_dry` would have been sent, and was not: with its `subject`. `who` and `company` are
    whom it was for, as the reader may know them. `asked_at` is when it was wanted back, where that
    was kept, `undone_at` when that was done. One that no switch stops any more `leaves_by` then.
    """

    action_id: str
    decision_id: str
    at: Instant
    person_id: str | None
    action: str
    treatment: str
    channel: str
    status: str
    reason: str
    provider_id: str | None
    undo: str
    asset: str = ""
    version: str = ""
    claims: tuple[str, ...] = ()
    is_dry: bool = False
    subject: str = ""
    who: str | None = None
    company: str | None = None
    asked_at: Instant | None = None
    undone_at: Instant | None = None
    leaves_by: Instant | None = None


def say_how(one: Delivery) -> str:
    """Return how a delivery stands, as people say it."""
    if one.undone is not None and one.undone.done:
        return _TAKEN_BACK
    return _HELD if one.status is DeliveryStatus.RETRY else one.status.value


def say_state(one: Sent) -> tuple[str, str]:
    """Return how a delivery stands and why, as two cells of a table.

    What was taken back says since when; what was let go, by when it leaves.
    """
    if one.is_dry:
        return "would send", say_reason(one.reason)
    if one.leaves_by is not None:
        return "released", f"leaves by {say_time(one.leaves_by)}, if nothing else stops it"
    asked = f"wanted back {say_time(one.asked_at)}" if one.asked_at else ""
    done = f"taken back {say_time(one.undone_at)}" if one.undone_at else ""
    when = ", ".join(filter(None, (asked, done)))
    why = f"{say_reason(one.reason)} ({when})" if when else say_reason(one.reason)
    return one.status.replace("_", " "), why


def say_delivery(one: Delivery) -> str:
    """Return how a delivery stands and why, in a sentence."""
    undone = one.undone
    when = f" ({say_time(undone.at)})" if undone and undone.done else ""
    return f"{say_how(one).replace('_', ' ')}: {say_reason(_find_reason(one))}{when}"


def _find_reason(one: Delivery) -> str:
    return one.undone.why if one.undone and one.undone.done else one.reason


def read_sent(one: Delivery, scope: Scope) -> Sent:
    """Return a delivery as a row of a list; a subject only to who may see personal data."""
    shows = one.is_dry and scope.personal_data
    return Sent(
        action_id=one.action_id,
        decision_id=one.decision_id,
        at=one.at,
        person_id=one.person_id,
        action=one.action,
        treatment=one.treatment,
        channel=one.channel,
        status=say_how(one),
        reason=_find_reason(one),
        provider_id=one.provider_id,
        undo=one.undo,
        asset=one.asset,
        version=one.asset_version,
        claims=one.claims,
        is_dry=one.is_dry,
        subject=one.artefact.get("subject", "") if shows else "",
        undone_at=one.undone.at if one.undone and one.undone.done else None,
    )
