"""Every outcome, by its account, whether or not a touch explains it.

lessons: `ACCOUNT#<id>/OUTCOME#<at>#<signal>` is the outcome as it stands. It is found by
`OUTCOME#<signal>/KEPT`, `GROUP#<id>/OUTCOME#<at>#<signal>` and by its day
(`OUTCOMES#<day>#<part>/<at>#<signal>`), which name its account and nobody.
`ACCOUNT#<id>/LOST#<kind>#<deal>` says when a deal was lost again.
"""

from dataclasses import replace
from datetime import datetime

from mos.errors import ConflictError
from mos.model.base import derive_id
from mos.model.lesson import KeptOutcome, Outcome, OutcomeKind, place_of_outcome
from mos.ports import Record, Save, Table

_NO_ACCOUNT = "unknown"


class Outcomes:
    """The outcomes of the learning layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, signal_id: str) -> KeptOutcome | None:
        record = self._record(signal_id)
        return KeptOutcome.parse(record.body) if record else None

    def list_by_account(self, account_id: str) -> list[KeptOutcome]:
        """Return what came of us in one account, in the order in which it happened."""
        records = self._table.query(f"ACCOUNT#{account_id or _NO_ACCOUNT}", prefix="OUTCOME#")
        return [KeptOutcome.parse(record.body) for record in records]

    def list_about(self, outcome: Outcome) -> list[KeptOutcome]:
        """Return the outcomes of one kind that a deal has had in its account, and that hold."""
        return [
            kept
            for kept in self.list_by_account(outcome.account_id)
            if kept.outcome.about == outcome.about
            and kept.outcome.kind is outcome.kind
            and not kept.is_reversed
        ]

    def find_firsts(
        self, group_id: str, kinds: tuple[OutcomeKind, ...]
    ) -> dict[OutcomeKind, datetime]:
        """Return when a group first had an outcome of each of these kinds, if it had."""
        found: dict[OutcomeKind, datetime] = {}
        pointers = self._table.query(f"GROUP#{group_id}", prefix="OUTCOME#")
        places = [(_account_key(p.tags["account"]), p.sk) for p in pointers]
        held = self._table.get_many(places) if places else {}
        for place in places:
            kept = KeptOutcome.parse(held[place].body) if place in held else None
            if kept and kept.outcome.kind in kinds and not kept.is_reversed:
                found.setdefault(kept.outcome.kind, kept.outcome.at)
        return found

    def keep(self, kept: KeptOutcome) -> bool:
        """Store an outcome by its account, once; say whether it was new."""
        outcome = kept.outcome
        sort = f"OUTCOME#{outcome.at.isoformat()}#{outcome.signal_id}"
        account = outcome.account_id or _NO_ACCOUNT
        tags = {"account": account}
        place = place_of_outcome(outcome.at, outcome.signal_id)
        pointers = (
            (f"OUTCOME#{outcome.signal_id}", "KEPT", tags | {"sort": sort}),
            (f"GROUP#{outcome.group_id}", sort, tags),
            (place, sort.removeprefix("OUTCOME#"), tags),
        )
        changes = [Save(Record(_account_key(account), sort, kept.canonical()))]
        changes += [Save(Record(pk, sk, tags=said)) for pk, sk, said in pointers]
        try:
            self._table.transact(changes, derive_id("tx", "keep", outcome.signal_id))
        except ConflictError:
            return False
        return True

    def judge(self, signal_id: str, at: datetime, reason: str, *, is_reversed: bool) -> None:
        """Say that an outcome does not hold after all, or does: the word received last holds.

        Raises:
            ConflictError: somebody else is judging it; the bus asks again.
        """
        record = self._record(signal_id)
        if record is None:
            return
        kept = KeptOutcome.parse(record.body)
        if at < kept.judged_at or kept.is_reversed == is_reversed:
            return
        judged = kept.model_copy(
            update={"is_reversed": is_reversed, "judged_at": at, "reason": reason}
        )
        self._table.save(replace(record, body=judged.canonical()))

    def note_loss(self, outcome: Outcome, at: datetime) -> None:
        """Remember that a deal is no longer what it was: what was said before it doesn't hold."""
        place = _loss_of(outcome)
        held = self._table.get(*place)
        if held is None or datetime.fromisoformat(held.tags["at"]) < at:
            fresh = held or Record(*place)
            self._table.save(replace(fresh, tags={"at": at.isoformat()}))

    def is_lost(self, outcome: Outcome, heard_at: datetime) -> bool:
        """Say whether a deal was lost again after an outcome of it was heard of."""
        held = self._table.get(*_loss_of(outcome)) if outcome.about else None
        return held is not None and datetime.fromisoformat(held.tags["at"]) > heard_at

    def _record(self, signal_id: str) -> Record | None:
        pointer = self._table.get(f"OUTCOME#{signal_id}", "KEPT")
        if pointer is None:
            return None
        return self._table.get(_account_key(pointer.tags["account"]), pointer.tags["sort"])


def _loss_of(outcome: Outcome) -> tuple[str, str]:
    account = outcome.account_id or _NO_ACCOUNT
    return _account_key(account), f"LOST#{outcome.kind.value}#{outcome.about}"


def _account_key(account: str) -> str:
    return f"ACCOUNT#{account}"
