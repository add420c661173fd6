"""What was done to somebody who turns out to be two people, and how to put it right."""

from datetime import datetime

from functions.agent.ledger import find_delivery, list_newest
from functions.agent.subject import groups
from functions.agent.tool import Desk
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.ledger import Entry, Op
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle

_DONE = {DeliveryStatus.SENT, DeliveryStatus.DONE, DeliveryStatus.UNKNOWN}
_MOST = 100


def find_done(
    profile: Profile, leaving: set[str], bundle: Bundle, desk: Desk
) -> tuple[Delivery, ...]:
    """Return what was delivered to this person since they were merged, and still stands."""
    since = merged_at(profile, leaving, desk)
    decisions = list_newest([g.group_id for g in groups(profile, bundle, desk)], desk, _MOST)
    found = list[Delivery]()
    for decision in decisions:
        if decision.person_id != profile.profile_id or (since and decision.decided_at < since):
            continue
        delivery = find_delivery(decision, desk)
        if delivery and delivery.status in _DONE and not is_undone(delivery):
            found.append(delivery)
    return tuple(found)


def is_undone(delivery: Delivery) -> bool:
    """Say whether it was taken back where it was done."""
    return delivery.undone is not None and delivery.undone.done


def is_to_take_back(delivery: Delivery) -> bool:
    """Say whether its channel is known to take it back, and has not yet."""
    return delivery.can_undo is True and not is_undone(delivery)


def say_remedy(delivery: Delivery, *, goes_back: bool) -> str:
    """Return what was delivered, and how it is put right: by itself, or by hand."""
    how = "it is taken back with the split" if goes_back else delivery.undo or "check it by hand"
    what = f"{delivery.action} by {delivery.channel} on {delivery.at:%Y-%m-%d}"
    return f"{what} ({delivery.action_id}): {how}"


def merged_at(profile: Profile, leaving: set[str], desk: Desk) -> datetime | None:
    """Return since when those who part have been one, whoever joined whom; None where none says so.

    They may have been one before, and parted: that counts no more.
    """
    staying = {i.key for i in profile.identifiers} - leaving
    entries = _related(profile.profile_id, desk)
    merges = [e.at for e in entries if e.op is Op.MERGE and _is_between(e, leaving, staying)]
    partings = [e.at for e in entries if e.op is Op.UNMERGE and _parts(e, leaving, staying)]
    last = max(partings, default=None)
    return min((at for at in merges if last is None or at > last), default=None)


def _related(person: str, desk: Desk) -> list[Entry]:
    """Return what the ledgers say of somebody, and of those who joined or left them."""
    found: dict[str, Entry] = {}
    seen, ask = set[str](), [person]
    while ask and len(seen) < _MOST:
        one = ask.pop()
        if one in seen:
            continue
        seen.add(one)
        for record in desk.tables("identity").query(f"PERSON#{one}", prefix="LEDGER#2"):
            entry = Entry.parse(record.body)
            if entry.op in (Op.MERGE, Op.UNMERGE):
                found[f"{record.pk}{record.sk}"] = entry
                ask.extend(entry.people)
    return list(found.values())


def _is_between(entry: Entry, leaving: set[str], staying: set[str]) -> bool:
    """Say whether a merge put some of those who leave together with some of those who stay."""
    brought = set(entry.identifiers)
    own = entry.own_keys() - brought
    return bool(own & leaving and brought & staying) or bool(own & staying and brought & leaving)


def _parts(entry: Entry, leaving: set[str], staying: set[str]) -> bool:
    moved = set(entry.identifiers)
    return bool(moved & leaving) != bool(moved & staying)
