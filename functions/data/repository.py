"""Where identities are kept.

identity: `ID#<type:value>/OWNER` (whose identifier, since which signal, by which rule),
`PERSON#<id>/PROFILE` (the profile, or a redirect for ever), `PERSON#<id>/LEDGER#<at>#…` (merges,
unmerges and refused merges, with before-images), `PERSON#<id>/CORRECTION#…`, and what others keep.
An `OWNER` may name a person who has joined another since: the redirect leads on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from functions.data.snapshots import MARKED, Snapshots
from functions.data.traces import PersonTraces
from functions.data.unify import Cause
from mos.errors import ConflictError, EndlessError, UnavailableError
from mos.identity.resolution import Owner, Resolution, follow_redirects
from mos.model.base import derive_id
from mos.model.ledger import Entry, Op
from mos.model.profile import Profile
from mos.model.signal import Identifier
from mos.ports import Record, Save, Table

_HOPS = 1_000
_MOST = 100


class IdentityRepository:
    """The identity graph and what hangs on it."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.traces = PersonTraces(table)
        self.snapshots = Snapshots(table)

    def owners(self, identifiers: Iterable[Identifier]) -> dict[str, Owner]:
        """Return who is behind each identifier's key, where somebody is."""
        found = self._table.get_many([(f"ID#{i.key}", "OWNER") for i in identifiers])
        return {k[3:]: Owner(r.tags["person"], r.tags["cause"]) for (k, _), r in found.items()}

    def find(self, ids: Iterable[str]) -> Resolution:
        """Return the living people behind these ids, through any number of merges.

        Raises:
            EndlessError: redirects that somebody has written by hand never come to a person.
        """
        wanted, leads = list(dict.fromkeys(ids)), dict[str, str]()
        people: dict[str, tuple[Profile, int]] = {}
        marks: dict[str, str] = {}
        stale: dict[str, Record] = {}
        ask = list(wanted)
        for _ in range(_HOPS):
            if not ask:
                break
            found = self._table.get_many([(f"PERSON#{i}", "PROFILE") for i in ask])
            ask = []
            for (pk, _sk), record in found.items():
                person = pk.removeprefix("PERSON#")
                target = record.tags.get("redirect")
                if target is None:
                    body = record.body
                    profile = Profile.parse(body) if body else Profile(profile_id=person)
                    people[person] = (profile, record.version)
                    if MARKED in record.tags:
                        marks[person] = record.tags[MARKED]
                    continue
                leads[person] = target
                stale[person] = record
                if target not in leads and target not in people:
                    ask.append(target)
        if ask:
            raise EndlessError(wanted[0])
        roots = {i: follow_redirects(i, leads) for i in {*wanted, *leads, *people}}
        self._shorten(stale, leads, roots)
        return Resolution(roots, people, marks)

    def raw(self, person: str) -> tuple[Profile | None, int]:
        """Return what is stored under an id itself: None where it redirects or is not stored."""
        record = self._table.get(f"PERSON#{person}", "PROFILE")
        if record is None:
            return None, 0
        return (Profile.parse(record.body) if record.body else None), record.version

    def is_free(self, person: str, leaving: str, *, is_theirs: bool = False) -> bool:
        """Say whether who leaves a person may use an id: unused, or leading there, or theirs."""
        held = self._table.get(f"PERSON#{person}", "PROFILE")
        if held is None or held.body:
            return held is None
        return held.tags.get("into") == leaving or (is_theirs and "redirect" in held.tags)

    def has_split(self, person: str, signal_id: str, at: datetime) -> bool:
        """Say whether an unmerge stands in a person's ledger already."""
        place = f"LEDGER#{at.isoformat()}#{signal_id}#{Op.UNMERGE.value}"
        return bool(self._table.query(f"PERSON#{person}", prefix=place, limit=1))

    def ledger(self, person: str) -> list[Entry]:
        """Return what the ledger says under an id itself, refused merges last."""
        return [
            Entry.parse(r.body) for r in self._table.query(f"PERSON#{person}", prefix="LEDGER#")
        ]

    def _shorten(
        self, stale: Mapping[str, Record], leads: Mapping[str, str], roots: Mapping[str, str]
    ) -> None:
        """Let an id that was two hops or more from its person lead there directly."""
        for person, record in stale.items():
            root = roots[person]
            if leads[person] == root:
                continue
            try:
                self._table.save(replace(record, tags={**record.tags, "redirect": root}))
            except ConflictError:
                continue  # Somebody else has shortened it.

    def claim(self, gained: Mapping[Identifier, Cause], person: str) -> None:
        """Take identifiers for a stored person, before their profile says so.

        A try that dies in between leaves owners whose profile lacks them: the retry sees that and
        rebuilds it.

        Raises:
            ConflictError: somebody else has taken one of them.
        """
        if not gained:
            return
        taken = [self._claim(identifier, cause, person) for identifier, cause in gained.items()]
        if not all(taken):
            raise ConflictError(person)

    def _claim(self, identifier: Identifier, cause: Cause, person: str) -> bool:
        record = _owner(identifier, cause, person)
        if self._table.put_new(record):
            return True
        held = self._table.get(record.pk, record.sk)
        return held is not None and held.tags["person"] == person

    def save(self, profile: Profile, version: int, marks: str = "") -> None:
        """Store a person, and which snapshots of theirs hold: none, unless it is said.

        Raises:
            ConflictError: somebody else changed the person.
        """
        self._table.save(_person(profile, version, marks))

    def merge(
        self,
        profile: Profile,
        version: int,
        losers: Mapping[str, tuple[int, Entry]],
        gained: Mapping[Identifier, Cause],
        marks: str = "",
    ) -> None:
        """Store a person with new identifiers, make those who joined redirect, write the ledger.

        `losers` gives each one's stored version and the ledger's entry. Nobody ever meets an owner
        of identifiers who is not stored. What is more than one transaction holds goes in several,
        the person first: the signals of a try that died in between come again and do the rest.

        Raises:
            ConflictError: somebody else changed one of them.
        """
        changes = [Save(_person(profile, version, marks))]
        changes += [Save(_owner(i, cause, profile.profile_id)) for i, cause in gained.items()]
        for loser, (old, entry) in losers.items():
            # `redirect` may be shortened, `into` stays: whom they joined, should they ever leave.
            into, cause = entry.people[0], entry.signal_id
            tags = {"redirect": profile.profile_id, "into": into, "cause": cause}
            changes.append(Save(Record(f"PERSON#{loser}", "PROFILE", "", old, tags=tags)))
            changes.append(Save(_noted(entry, entry.people[0])))
        self._transact(changes, derive_id("tx", profile.canonical(), str(version)))

    def redirect_device(self, person: str, target: str, cause: str) -> None:
        """Let the id under which a device was its own person lead to its person, for ever."""
        tags = {"redirect": target, "into": target, "cause": cause}
        self._table.put_new(Record(f"PERSON#{person}", "PROFILE", tags=tags))

    def split(
        self,
        stays: tuple[Profile, int],
        leaves: tuple[Profile, int],
        moved: Iterable[Identifier],
        entry: Entry,
    ) -> None:
        """Store both halves of an unmerge and hand the moved identifiers over.

        Those that one transaction does not hold follow: `hand_over` finishes. Snapshots hold both.

        Raises:
            ConflictError: somebody else changed one of them.
        """
        self._settle(stays[0])
        for half in (stays, leaves):
            self.snapshots.drop_all(half[0].profile_id)
        changes = [Save(_person(*stays)), Save(_person(*leaves))]
        changes += [Save(_noted(entry, half[0].profile_id)) for half in (stays, leaves)]
        changes += self._handed(moved, leaves[0].profile_id)
        token = derive_id("tx", entry.signal_id, str(stays[1]), str(leaves[1]))
        self._transact(changes, token)

    def hand_over(self, moved: Iterable[Identifier], target: str) -> None:
        """Let identifiers name another person.

        Raises:
            ConflictError: somebody else changed one of them.
        """
        changes = self._handed(moved, target)
        self._transact(changes, derive_id("tx", target, *(c.record.pk for c in changes)))

    def _handed(self, moved: Iterable[Identifier], target: str) -> list[Save]:
        held = self._table.get_many([(f"ID#{i.key}", "OWNER") for i in moved]).values()
        tags = {"person": target, "rule": "unmerged"}
        return [Save(replace(r, tags={**r.tags, **tags})) for r in held]

    def _settle(self, profile: Profile) -> None:
        """Let identifiers that lead to a person through a redirect name the person directly.

        An id that comes to life again must not take along what stays.
        """
        keys = [(f"ID#{i.key}", "OWNER") for i in profile.identifiers]
        for record in self._table.get_many(keys).values():
            if record.tags["person"] != profile.profile_id:
                tags = {**record.tags, "person": profile.profile_id}
                self._table.save(replace(record, tags=tags))

    def _transact(self, changes: Sequence[Save], token: str) -> None:
        for first in range(0, len(changes), _MOST):
            try:
                self._table.transact(changes[first : first + _MOST], f"{token}{first or ''}")
            except UnavailableError as error:
                # Another transaction holds one of the records: look again, as after any conflict.
                raise ConflictError(token) from error

    def note(self, entry: Entry, person: str) -> None:
        """Write a ledger entry or a correction once."""
        self._table.put_new(_noted(entry, person))


def _noted(entry: Entry, person: str) -> Record:
    return Record(f"PERSON#{person}", entry.place(person), entry.canonical())


def _owner(identifier: Identifier, cause: Cause, person: str) -> Record:
    when = cause.at.isoformat()
    tags = {"person": person, "cause": cause.signal_id, "rule": cause.rule, "at": when}
    return Record(f"ID#{identifier.key}", "OWNER", tags=tags)


def _person(profile: Profile, version: int, marks: str = "") -> Record:
    place = (f"PERSON#{profile.profile_id}", "PROFILE")
    return Record(*place, profile.canonical(), version, tags={MARKED: marks} if marks else {})
