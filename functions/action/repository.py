"""Claims and receipts: actions `ACTION#<id>/DELIVERY`, and whom to reach, from the data layer."""

from mos.model.account import Account
from mos.model.delivery import Delivery
from mos.model.profile import Profile
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
        return self._table.save(
            Record(key, "DELIVERY", delivery.canonical(), version, tags=tags)
        ).version


class People:
    """The data layer's table, read only: the person as known at the moment of sending."""

    def __init__(self, identity: Table) -> None:
        self._identity = identity

    def find(self, profile_id: str) -> Profile | None:
        """Return the person, through any redirects of merges."""
        for _ in range(_HOPS):
            record = self._identity.get(f"PERSON#{profile_id}", "PROFILE")
            if record is None:
                return None
            if record.body:
                return Profile.parse(record.body)
            profile_id = record.tags["redirect"]
        return None

    def company(self, account_id: str) -> str | None:
        """Return the account's name, or its domain."""
        record = self._identity.get(f"ACCOUNT#{account_id}", "ACCOUNT")
        if record is None:
            return None
        account = Account.parse(record.body)
        return str(account.trait("name") or account.domain or "") or None
