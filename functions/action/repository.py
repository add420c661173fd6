"""Claims and receipts, and whom to reach, from the data layer.

actions: `ACTION#<id>/DELIVERY`, `ACTION#<id>/RECALL` (why it is not to leave),
`PERSON#<id>/ACTION#<id>` (whose delivery it is), `GROUP#<id>/ACTION#<id>` (handed over by which),
`ACTION#<id>/ENDED` (that a hand-off was taken back by a word of ours),
`UNDO/ACTION#<id>` (what is to be taken back, and why), `PROVIDER#<name>/HEALTH` (its breaker),
`AWAIT#<channel>/<until>#<id>` (by when its provider should have told), `STRAY#<day>/<signal>` (a
receipt that nobody had asked for), `PROVIDER#<name>/SECOND#<n>` (calls in that second),
`PROVIDER#<name>/DAY#<domain>#<day>` (mails of a day of a domain that warms up) and
`PROVIDER#<name>/ID#<id>` (which action has this id there). `unfinished.py` has two of its own,
`left_touches.py` one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from functions.action.gate import ProviderHealth
from mos.errors import ConflictError, LimitReachedError
from mos.events import ActionDecided, ReceiptObserved
from mos.model.account import Account
from mos.model.delivery import Delivery
from mos.model.handoff import HandoffEnd
from mos.model.profile import Profile
from mos.model.stage import Placement
from mos.ports import Count, Record, Save, Table

_HOPS = 20
_STRAYS_KEPT, _DAYS_KEPT = timedelta(days=90), timedelta(days=35)
_UNDO, _RECALL = "UNDO", "RECALL"


class Deliveries:
    """This layer's own table."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def find(self, action_id: str) -> tuple[Delivery | None, int]:
        record = self.table.get(f"ACTION#{action_id}", "DELIVERY")
        return (Delivery.parse(record.body), record.version) if record else (None, 0)

    def save(self, delivery: Delivery, version: int, also: Sequence[Save | Count] = ()) -> int:
        """Store the delivery and return its new version; what is `also` changed is changed with it.

        Raises:
            ConflictError: another try of the same action is under way, or somebody else has
                written what is changed with it; nothing was stored.
            ContendedError: somebody else writes the same right now; nothing was stored.
        """
        tags = {"decision": delivery.decision_id, "status": delivery.status.value}
        key = f"ACTION#{delivery.action_id}"
        if delivery.person_id and version == 0:
            self.table.put_new(Record(f"PERSON#{delivery.person_id}", key))
        record = Record(key, "DELIVERY", delivery.canonical(), version, tags=tags)
        if not also:
            return self.table.save(record).version
        self.table.transact([Save(record), *also], f"{delivery.action_id}@{version}")
        return version + 1

    def of_people(self, people: Iterable[str]) -> list[Delivery]:
        """Return what was done, or is being done, for these people."""
        pointers = [r for one in people for r in self.table.query(f"PERSON#{one}", prefix="ACTION")]
        return self._read([pointer.sk for pointer in pointers])

    def note_group(self, group_id: str, action_id: str) -> None:
        """Note that a group was handed to somebody by an action."""
        self.table.put_new(Record(f"GROUP#{group_id}", f"ACTION#{action_id}"))

    def note_ended(self, delivery: Delivery, end: HandoffEnd) -> None:
        """Note that a hand-off is taken back; the first word stays, and counts.

        That the group had it is noted too: one that was stopped had not left.
        """
        self.note_group(delivery.group_id, delivery.action_id)
        self.table.put_new(Record(f"ACTION#{delivery.action_id}", "ENDED", end.canonical()))

    def is_ended(self, action_id: str) -> bool:
        """Say whether a word of ours took a hand-off back."""
        return self.table.get(f"ACTION#{action_id}", "ENDED") is not None

    def of_group(self, group_id: str) -> list[Delivery]:
        """Return the tasks by which a group was handed over."""
        pointers = self.table.query(f"GROUP#{group_id}", prefix="ACTION")
        return self._read([pointer.sk for pointer in pointers])

    def list_named(self, action_ids: Iterable[str]) -> list[Delivery]:
        """Return the deliveries of these actions, as far as there are any."""
        return self._read([f"ACTION#{one}" for one in action_ids])

    def _read(self, places: list[str]) -> list[Delivery]:
        keys = [(place, "DELIVERY") for place in dict.fromkeys(places)]
        found = self.table.get_many(keys) if keys else {}
        return [Delivery.parse(record.body) for record in found.values()]

    def note_recall(self, action_id: str, why: str, asked_at: datetime) -> None:
        """Note that an action is not to leave, if it has not yet; the first word stays."""
        tags = {"at": asked_at.isoformat()}
        self.table.put_new(Record(f"ACTION#{action_id}", _RECALL, why, tags=tags))

    def find_recall(self, action_id: str) -> str | None:
        """Return why an action is not to leave, or None."""
        record = self.table.get(f"ACTION#{action_id}", _RECALL)
        return record.body if record else None

    def note_undo(self, action_id: str, why: str, asked_at: datetime) -> None:
        """Note that an action is to be taken back; it stays noted until it is."""
        tags = {"at": asked_at.isoformat()}
        self.table.put_new(Record(_UNDO, f"ACTION#{action_id}", why, tags=tags))

    def find_undo(self, action_id: str) -> str | None:
        """Return why an action is noted to be taken back; None where it is not."""
        record = self.table.get(_UNDO, f"ACTION#{action_id}")
        return record.body if record else None

    def note_provider_id(self, provider: str, provider_id: str, action_id: str) -> None:
        """Note by which id a provider knows an action."""
        place = (f"PROVIDER#{provider}", f"ID#{provider_id}")
        self.table.put_new(Record(*place, tags={"action": action_id}))

    def find_by_provider(self, provider: str, provider_id: str) -> str | None:
        """Return the action that a provider knows by this id; None where it is none of ours."""
        record = self.table.get(f"PROVIDER#{provider}", f"ID#{provider_id}")
        return record.tags["action"] if record else None

    def note_stray(self, event: ReceiptObserved, why: str) -> bool:
        """Keep a receipt that nobody had asked for, and why; say whether it was new."""
        place = (f"STRAY#{event.occurred_at:%Y-%m-%d}", event.trace_id)
        tags = {"action": event.action_id, "receipt": event.receipt, "why": why}
        tags["at"] = event.occurred_at.isoformat()
        ends = int((event.occurred_at + _STRAYS_KEPT).timestamp())
        return self.table.put_new(Record(*place, tags=tags, expires_at=ends))

    def note_awaited(self, channel: str, due: datetime, action_id: str) -> None:
        """Note by when a provider should have told what became of an action."""
        self.table.put_new(Record(f"AWAIT#{channel}", f"{due.isoformat()}#{action_id}"))

    def list_awaited(self, channel: str, now: datetime, most: int) -> dict[str, str]:
        """Return the actions of a channel that are waited for no longer, by where that is noted."""
        due = self.table.between(f"AWAIT#{channel}", "", now.isoformat())[:most]
        return {record.sk: record.sk.partition("#")[2] for record in due}

    def drop_awaited(self, channel: str, place: str) -> None:
        """Note that a provider is waited for no longer."""
        self.table.delete(f"AWAIT#{channel}", place)

    def list_undos(self, most: int) -> list[tuple[str, str]]:
        """Return what is to be taken back, and why."""
        found = self.table.query(_UNDO, limit=most)
        return [(record.sk.partition("#")[2], record.body) for record in found]

    def drop_undo(self, action_id: str) -> None:
        """Note that nothing of an action is to be taken back any more."""
        self.table.delete(_UNDO, f"ACTION#{action_id}")


class Providers:
    """How the providers do, in this layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, name: str) -> tuple[ProviderHealth, int]:
        """Return a provider's health, and the version that was read."""
        record = self._table.get(f"PROVIDER#{name}", "HEALTH")
        if record is None:
            return ProviderHealth(), 0
        return ProviderHealth.parse(record.body), record.version

    def save(self, name: str, health: ProviderHealth, version: int) -> bool:
        """Store a provider's health; say whether nobody else has changed it since."""
        record = Record(f"PROVIDER#{name}", "HEALTH", health.canonical(), version)
        try:
            self._table.save(record)
        except ConflictError:
            return False
        return True

    def take_slot(self, name: str, now: datetime, per_second: float) -> bool:
        """Count a call in this second; false where the second has no room for another."""
        second = int(now.timestamp())
        most = max(1, int(per_second))
        slot = Count(
            f"PROVIDER#{name}", f"SECOND#{second}", "calls", at_most=most, expires_at=second + 3600
        )
        try:
            self._table.count(slot)
        except LimitReachedError:
            return False
        return True

    def take_day(self, name: str, day: str, at_most: int, now: datetime) -> bool:
        """Count a message in a day of a provider; false where the day has no room for another."""
        ends = int((now + _DAYS_KEPT).timestamp())
        room = Count(f"PROVIDER#{name}", f"DAY#{day}", "messages", at_most=at_most, expires_at=ends)
        try:
            self._table.count(room)
        except LimitReachedError:
            return False
        return True


class People:
    """The data and lifecycle layers' tables, read only: how things are at the moment of sending."""

    def __init__(self, identity: Table, lifecycle: Table) -> None:
        self._identity, self._lifecycle = identity, lifecycle

    def moved(self, event: ActionDecided) -> tuple[Placement, ...]:
        """Return who of account, group and person has moved to another stage since a decision."""
        keys = [(f"SUBJECT#{event.account_id}", "STAGE"), (f"SUBJECT#{event.group_id}", "STAGE")]
        if event.person_id:
            keys.append((f"SUBJECT#{event.person_id}", f"STAGE@{event.group_id}"))
        found = self._lifecycle.get_many(keys)
        stood = [Placement.parse(found[key].body) for key in keys if key in found]
        return tuple(one for one in stood if one.since > event.occurred_at)

    def find(self, profile_id: str) -> Profile | None:
        """Return the person, through any redirects of merges."""
        for _ in range(_HOPS):
            record = self._identity.get(f"PERSON#{profile_id}", "PROFILE")
            if record is None:
                return None
            if record.body:
                return Profile.parse(record.body)
            if "redirect" not in record.tags:
                return None  # They were erased.
            profile_id = record.tags["redirect"]
        return None

    def account(self, account_id: str) -> Account | None:
        """Return an account, or the one whose alias it has become since."""
        record = self._identity.get(f"ACCOUNT#{account_id}", "ACCOUNT")
        found = Account.parse(record.body) if record else None
        if found is None or found.joined_to is None:
            return found
        record = self._identity.get(f"ACCOUNT#{found.joined_to}", "ACCOUNT")
        return Account.parse(record.body) if record else found
