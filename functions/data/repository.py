"""Where identities, accounts, groups and signals are kept.

identity: `ID#<type:value>/OWNER`, `PERSON#<id>/PROFILE`, `PERSON#<id>/MERGE#…` (the merge ledger),
`ACCOUNT#<id>/ACCOUNT`, `GROUP#<id>/GROUP`, `GROUP#<id>/RUN#<window>`, `TRACE#<signal>/TRACE`.
signals: `<identifier>/<occurred_at>#<signal_id>`, append-only.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from mos.errors import ConflictError
from mos.events import ProfileUnified
from mos.model.account import Account, BuyingGroup
from mos.model.base import canonical, derive_id
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal
from mos.ports import Record, Save, Table

_THREADS = 8
_HOPS = 20


class SignalLog:
    """The append-only log, keyed by the identifier that a signal arrived with."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def append(self, entries: Sequence[tuple[str, Signal]]) -> set[str]:
        """Store the signals and return the ids of those that were new."""
        with ThreadPoolExecutor(_THREADS) as pool:
            stored = list(pool.map(self._put, entries))
        return {signal.signal_id for (_, signal), new in zip(entries, stored, strict=True) if new}

    def _put(self, entry: tuple[str, Signal]) -> bool:
        key, signal = entry
        sort = f"{signal.occurred_at.isoformat()}#{signal.signal_id}"
        return self._table.put_new(Record(key, sort, signal.canonical()))

    def of(self, identifiers: Iterable[Identifier]) -> list[Signal]:
        """Return every signal that arrived with one of these identifiers."""
        keys = dict.fromkeys(identifier.key for identifier in identifiers)
        return [Signal.parse(r.body) for key in keys for r in self._table.query(key)]


class IdentityRepository:
    """The identity graph and what hangs on it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def owners(self, identifiers: Iterable[Identifier]) -> dict[str, tuple[str, str]]:
        """Return the person behind each identifier that has one, and the signal that said so."""
        wanted = [(f"ID#{i.key}", "OWNER") for i in identifiers]
        found = self._table.get_many(wanted)
        return {
            pk.removeprefix("ID#"): (r.tags["person"], r.tags["cause"])
            for (pk, _), r in found.items()
        }

    def people(self, ids: Iterable[str]) -> dict[str, tuple[Profile, int]]:
        """Return profiles with their versions, by the id that was asked for."""
        found = self._table.get_many([(f"PERSON#{i}", "PROFILE") for i in ids])
        return {
            pk.removeprefix("PERSON#"): (Profile.parse(r.body), r.version)
            for (pk, _), r in found.items()
            if r.body
        }

    def current(self, profile_id: str) -> str:
        """Return the id that this one redirects to, for ever, after any number of merges."""
        for _ in range(_HOPS):
            record = self._table.get(f"PERSON#{profile_id}", "PROFILE")
            target = record.tags.get("redirect") if record else None
            if not target:
                return profile_id
            profile_id = target
        return profile_id

    def save(
        self,
        profile: Profile,
        version: int,
        gained: dict[Identifier, str],
        losers: dict[str, tuple[Profile, int, str]],
        at: datetime,
    ) -> None:
        """Store a person with their new identifiers, and make those who joined redirect.

        Raises:
            ConflictError: somebody else changed the person or took an identifier.
        """
        person = Record(f"PERSON#{profile.profile_id}", "PROFILE", profile.canonical(), version)
        if not gained and not losers:
            self._table.save(person)
            return
        changes = [Save(person)]
        for identifier, cause in gained.items():
            tags = {"person": profile.profile_id, "cause": cause}
            changes.append(Save(Record(f"ID#{identifier.key}", "OWNER", tags=tags)))
        for loser, old_version, cause in losers.values():
            changes += self._redirect(loser, old_version, profile.profile_id, cause, at)
        token = derive_id("tx", profile.canonical(), str(version))
        self._table.transact(changes, token)

    def _redirect(
        self, loser: Profile, version: int, survivor: str, cause: str, at: datetime
    ) -> list[Save]:
        tags = {"redirect": survivor, "cause": cause}
        moved = [
            Record(f"PERSON#{loser.profile_id}", "PROFILE", "", version, tags=tags),
            Record(
                f"PERSON#{survivor}",
                f"MERGE#{at.isoformat()}#{loser.profile_id}",
                canonical({"joined": loser.model_dump(mode="json"), "cause": cause}),
            ),
        ]
        keys = [(f"ID#{i.key}", "OWNER") for i in loser.identifiers]
        moved += [
            replace(record, tags={**record.tags, "person": survivor})
            for record in self._table.get_many(keys).values()
        ]
        return [Save(record) for record in moved]

    def account(self, account_id: str) -> tuple[Account, int]:
        record = self._table.get(f"ACCOUNT#{account_id}", "ACCOUNT")
        if record is None:
            return Account(account_id=account_id), 0
        return Account.parse(record.body), record.version

    def save_account(self, account: Account, version: int) -> None:
        self._table.save(
            Record(f"ACCOUNT#{account.account_id}", "ACCOUNT", account.canonical(), version)
        )

    def group(self, group_id: str) -> tuple[BuyingGroup | None, int]:
        record = self._table.get(f"GROUP#{group_id}", "GROUP")
        return (BuyingGroup.parse(record.body), record.version) if record else (None, 0)

    def save_group(self, group: BuyingGroup, version: int) -> None:
        self._table.save(Record(f"GROUP#{group.group_id}", "GROUP", group.canonical(), version))

    def claim_run(self, event: ProfileUnified, expires_at: int) -> tuple[ProfileUnified, bool]:
        """Return the event that starts the group's run of this window, and whether it is out.

        The first material signal of a window claims the run; later ones find it published and
        are part of it. One that finds it unpublished (its claimer died) publishes it.
        """
        key = (f"GROUP#{event.group_id}", f"RUN#{event.run_id}")
        record = Record(*key, event.canonical(), expires_at=expires_at)
        if self._table.put_new(record):
            return event, False
        held = self._table.get(*key)
        if held is None:
            raise ConflictError(str(key))
        return ProfileUnified.parse(held.body), held.tags.get("published") == "yes"

    def mark_published(self, event: ProfileUnified, expires_at: int) -> None:
        """Remember that the run's event is on the bus."""
        key = (f"GROUP#{event.group_id}", f"RUN#{event.run_id}")
        record = Record(*key, event.canonical(), 1, expires_at, tags={"published": "yes"})
        try:
            self._table.save(record)
        except ConflictError:
            return  # Another publisher of the same run was first; both told the same story.

    def trace(self, signal: Signal, log_key: str, event: ProfileUnified, expires_at: int) -> None:
        """Leave a pointer from a signal to its place in the log and to its run."""
        tags = {
            "log": log_key,
            "sort": f"{signal.occurred_at.isoformat()}#{signal.signal_id}",
            "person": event.profile_id,
            "group": event.group_id,
            "run": event.run_id,
        }
        self._table.put_new(
            Record(f"TRACE#{signal.signal_id}", "TRACE", expires_at=expires_at, tags=tags)
        )
