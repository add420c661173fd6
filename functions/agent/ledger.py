"""What was decided about a group lately, and what was done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from functions.agent.subject import called, groups, person
from functions.agent.tool import Desk
from mos.errors import BundleError, MalformedError, MissingError
from mos.model.base import derive_id
from mos.model.decision import Decision
from mos.model.delivery import Delivery
from mos.model.notice import Notice
from mos.policy.bundle.bundle import Bundle

_MOST_NOTICES = 500
"""How many notices of one day are looked at."""


def list_newest(group_ids: Sequence[str], desk: Desk, most: int) -> list[Decision]:
    """Return the last decisions over some groups, newest first."""
    found = [decision for i in group_ids for decision in list_latest(i, desk, most)]
    return sorted(found, key=lambda d: (d.decided_at, d.decision_id), reverse=True)[:most]


def list_latest(group_id: str, desk: Desk, most: int) -> list[Decision]:
    """Return the last decisions of a group, newest first."""
    table = desk.tables("decisions")
    records = table.query(f"GROUP#{group_id}", prefix="DECISION#", newest_first=True, limit=most)
    keys = [(f"DECISION#{r.tags['decision']}", "DECISION") for r in records]
    found = table.get_many(keys)
    return [Decision.parse(found[key].body) for key in keys if key in found]


def find_delivery(decision: Decision, desk: Desk) -> Delivery | None:
    """Return what was done about a decision."""
    key = f"ACTION#{derive_id('act', decision.decision_id)}"
    record = desk.tables("actions").get(key, "DELIVERY")
    return Delivery.parse(record.body) if record else None


def find_deliveries(decisions: Sequence[Decision], desk: Desk) -> list[Delivery]:
    """Return what was done about some decisions, in their order."""
    keys = [(f"ACTION#{derive_id('act', d.decision_id)}", "DELIVERY") for d in decisions]
    held = desk.tables("actions").get_many(keys) if keys else {}
    return [Delivery.parse(held[key].body) for key in keys if key in held and held[key].body]


@dataclass(frozen=True)
class LedgerText:
    """A record as the ledger holds it, byte for byte; whom was asked about, if anybody."""

    decision_id: str
    body: str
    person_id: str = ""
    name: str = ""


def read_decision(decision_id: str, subject: str, desk: Desk) -> LedgerText:
    """Return the record of a decision, or of the last one over a person's groups.

    Raises:
        MalformedError: neither or both are named.
        MissingError: there is no such decision, or none about this person's groups.
    """
    if subject.startswith("dec_"):
        decision_id, subject = decision_id or subject, ""
    if bool(decision_id) is bool(subject):
        raise MalformedError("name a decision_id or a subject, one of them")
    person_id = name = ""
    if subject:
        profile = person(subject, desk)
        held = [group.group_id for group in groups(profile, desk.bundle(None), desk)]
        decisions = list_newest(held, desk, 1)
        if not decisions:
            raise MissingError(f"decision about {subject!r}: none was made yet")
        decision_id = decisions[0].decision_id
        person_id, name = profile.profile_id, called(profile, desk)
    record = desk.tables("decisions").get(f"DECISION#{decision_id}", "DECISION")
    if record is None:
        raise MissingError(
            f"decision {decision_id!r}: write the whole id, as `recent` and `why` name it"
        )
    return LedgerText(decision_id, record.body, person_id, name)


def bundle_of(decision: Decision, desk: Desk) -> Bundle:
    """Return the bundle that a decision was made by; the one in force, where that is gone."""
    try:
        return desk.bundle(decision.bundle)
    except BundleError:
        return desk.bundle(None)


def list_notices(hours: int, desk: Desk) -> list[Notice]:
    """Return what colleagues were told in the last hours, newest first."""
    since, found = desk.now - timedelta(hours=hours), list[Notice]()
    for back in range(hours // 24 + 2):
        day = desk.now - timedelta(days=back)
        records = desk.tables("actions").query(f"NOTICES#{day:%Y-%m-%d}", limit=_MOST_NOTICES)
        found += [Notice.parse(record.body) for record in records]
    return sorted((n for n in found if n.at >= since), key=lambda n: n.at, reverse=True)
