"""A delivery as a row of a list: what it was, how it ended, which words it says. Pure."""

from mos.model.base import Instant, Noun
from mos.model.delivery import Delivery


class Sent(Noun):
    """One delivery: what, over which channel, how it ended and why, and how it is put right.

    `asset` is the page of `content/` whose words it says, in its `version` and with its `claims`.
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


def read_sent(one: Delivery) -> Sent:
    """Return a delivery as a row of a list."""
    return Sent(
        action_id=one.action_id,
        decision_id=one.decision_id,
        at=one.at,
        person_id=one.person_id,
        action=one.action,
        treatment=one.treatment,
        channel=one.channel,
        status=one.status.value,
        reason=one.reason,
        provider_id=one.provider_id,
        undo=one.undo,
        asset=one.asset,
        version=one.asset_version,
        claims=one.claims,
    )
