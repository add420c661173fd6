"""Where stages are kept.

lifecycle: `SUBJECT#<id>/STAGE` (now), `SUBJECT#<id>/HISTORY#<since>#<run>` (every move, with its
receipt), `RUN#<run_id>/PLACED` (what the run saw: a retry tells the same story).
"""

from collections.abc import Iterable

from mos.events import SubjectPlaced
from mos.model.account import Account, BuyingGroup
from mos.model.base import derive_id
from mos.model.profile import Profile
from mos.model.stage import Placement
from mos.policy.facts import decayed
from mos.ports import Record, Save, Table

_MOST_SAVED = 90


class SceneRepository:
    """The data layer's table, read only."""

    def __init__(self, identity: Table) -> None:
        self._identity = identity

    def account(self, account_id: str) -> Account:
        record = self._identity.get(f"ACCOUNT#{account_id}", "ACCOUNT")
        return Account.parse(record.body) if record else Account(account_id=account_id)

    def group(self, group_id: str) -> BuyingGroup | None:
        record = self._identity.get(f"GROUP#{group_id}", "GROUP")
        return BuyingGroup.parse(record.body) if record else None

    def people(self, group: BuyingGroup, most: int) -> tuple[Profile, ...]:
        """Return the members' profiles, the most engaged ones where there are too many."""
        keys = [
            (f"PERSON#{member.profile_id}", "PROFILE")
            for member in group.members
            if member.status != "dismissed"
        ]
        found = [Profile.parse(r.body) for r in self._identity.get_many(keys).values() if r.body]
        ranked = sorted(found, key=lambda p: (-_weight(p), p.profile_id))[:most]
        return tuple(sorted(ranked, key=lambda p: p.profile_id))


class StageRepository:
    """This layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def told(self, run_id: str) -> SubjectPlaced | None:
        """Return what this run has said already, if a first try got that far."""
        record = self._table.get(f"RUN#{run_id}", "PLACED")
        return SubjectPlaced.parse(record.body) if record else None

    def now(self, subject_ids: Iterable[str]) -> dict[str, tuple[Placement, int]]:
        """Return the last placement of each subject, with its version."""
        found = self._table.get_many([(f"SUBJECT#{i}", "STAGE") for i in subject_ids])
        return {
            pk.removeprefix("SUBJECT#"): (Placement.parse(r.body), r.version)
            for (pk, _), r in found.items()
        }

    def save(
        self,
        said: SubjectPlaced,
        moved: Iterable[tuple[Placement, int]],
        execution: str | None,
        expires_at: int,
    ) -> None:
        """Store the moves and what the run said of them, all or nothing.

        Raises:
            ConflictError: another run has moved a subject meanwhile, or told this story first.
        """
        tags = {"execution": execution} if execution else {}
        run = Record(
            f"RUN#{said.run_id}", "PLACED", said.canonical(), expires_at=expires_at, tags=tags
        )
        changes = [Save(run)]
        for placement, version in list(moved)[: _MOST_SAVED // 2]:
            key, body = f"SUBJECT#{placement.subject_id}", placement.canonical()
            changes.append(Save(Record(key, "STAGE", body, version)))
            moment = f"HISTORY#{placement.since.isoformat()}#{said.run_id}"
            changes.append(Save(Record(key, moment, body)))
        self._table.transact(changes, derive_id("tx", said.event_id))


def _weight(profile: Profile) -> float:
    at = profile.last_signal_at or profile.engagement_at
    return decayed(profile.engagement, profile.engagement_at, at, 14) if at else 0.0
