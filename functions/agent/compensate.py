"""What was done to somebody who turns out to be two people, and how to put it right."""

from datetime import datetime

from functions.agent.ledger import find_delivery, list_newest
from functions.agent.subject import groups
from functions.agent.tool import Desk
from mos.model.delivery import DeliveryStatus
from mos.model.ledger import Entry, Op
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle

_DONE = {DeliveryStatus.SENT, DeliveryStatus.DONE, DeliveryStatus.UNKNOWN}
_MOST = 100


def compensations(
    profile: Profile, leaving: set[str], bundle: Bundle, desk: Desk
) -> tuple[str, ...]:
    """Return what was delivered to this person since they were merged, and what to do about it."""
    since = merged_at(profile, leaving, desk)
    decisions = list_newest([g.group_id for g in groups(profile, bundle, desk)], desk, _MOST)
    found = []
    for decision in decisions:
        if decision.person_id != profile.profile_id or (since and decision.decided_at < since):
            continue
        delivery = find_delivery(decision, desk)
        if delivery and delivery.status in _DONE:
            how = delivery.undo or "check it by hand"
            what = f"{delivery.action} over {delivery.channel} on {delivery.at:%Y-%m-%d}"
            found.append(f"{what} ({delivery.action_id}): {how}")
    return tuple(found)


def merged_at(profile: Profile, leaving: set[str], desk: Desk) -> datetime | None:
    """Return when those who part became one, whichever joined whom; None where no merge says so."""
    records = desk.tables("identity").query(f"PERSON#{profile.profile_id}", prefix="LEDGER#2")
    entries = [Entry.parse(record.body) for record in records]
    staying = {i.key for i in profile.identifiers} - leaving
    times = [
        entry.at for entry in entries
        if entry.op is Op.MERGE
        and bool(leaving & set(entry.identifiers)) != bool(staying & set(entry.identifiers))
    ]  # fmt: skip
    return max(times, default=None)
