"""Claims and receipts, and whom to reach, from the data layer.

actions: `ACTION#<id>/DELIVERY`, `PERSON#<id>/ACTION#<id>` (whose delivery it is).
"""

from mos.events import ActionDecided
from mos.model.account import Account
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.model.stage import Placement
from mos.ports import Record, Table

_HOPS = 20


class Deliveries:
    """This layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, action_id: str) -> tuple[Delivery | None, int]:
        record = self._table.get(f"ACTION#{action_id}", "DELIVERY")
        return (Delivery.parse(record.body), record.version) if record else (None, 0)

    def save(self, delivery: Delivery, version: int) -> int:
        """Store the delivery and return its new version.

        Raises:
            ConflictError: another try of the same action is under way.
        """
        tags = {"decision": delivery.decision_id, "status": delivery.status.value}
        key = f"ACTION#{delivery.action_id}"
        if delivery.person_id and version == 0:
            self._table.put_new(Record(f"PERSON#{delivery.person_id}", key))
        return self._table.save(
            Record(key, "DELIVERY", delivery.canonical(), version, tags=tags)
        ).version


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

    def company(self, account_id: str) -> str | None:
        """Return the account's name, or its domain."""
        account = self.account(account_id)
        return str(account.trait("name") or account.domain or "") or None if account else None
