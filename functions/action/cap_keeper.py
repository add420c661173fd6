"""Look up what the caps ask at the moment of sending: which hold, and whose touches they count."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.action.cap_check import CapCheck, Others
from functions.action.cap_room import LeftTouch
from functions.action.decided import Decided
from functions.action.repository import Deliveries
from mos.errors import UnavailableError
from mos.events import ActionDecided
from mos.former_ids import find_former_ids
from mos.model.account import Account
from mos.model.base import Facts
from mos.model.profile import Profile
from mos.model.touched import IMPRESSION
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.condition import holds
from mos.ports import Table
from mos.roster import Roster

_LIMITS, _GATE, _OVER = "contact/limits", "gates/contact_policy", "action.over_limit"


@dataclass(frozen=True)
class CapKeeper:
    """The ledger, where the caps of each decision stand, and the data layer's table."""

    decided: Decided
    identity: Table

    def open(
        self,
        event: ActionDecided,
        deliveries: Deliveries,
        person: Profile,
        account: Account | None,
        facts: Facts,
        bundle: Bundle,
    ) -> CapCheck | None:
        """Return what checks and counts a delivery to somebody; None where it touches nobody.

        Raises:
            UnavailableError: the decision is not in the ledger: which caps hold is not known.
        """
        if not event.action.touches:
            return None
        decision = self.decided.find(event.decision_id)
        if decision is None:
            raise UnavailableError("decisions", f"{event.decision_id} is not stored")
        named = [one for one in decision.limits if one.holds_for(event.person_id)]
        limits = [one for one in named if one.covers(event.channel)]
        people = self._list_ids(event, person)
        subjects = {
            "person": people,
            "group": self._list_groups(event),
            "account": _list_accounts(event, account),
        }
        living = {one for one, former in people.items() if former is None or former.until is None}
        noted = {event.group_id, event.account_id, *living}
        country = account.trait("country") if account else None
        return CapCheck(
            event=event,
            deliveries=deliveries,
            limits=tuple(limits) if is_capped(event, bundle) else (),
            table=str(bundle.table_for(_LIMITS, decision.group_facts).value),
            subjects=subjects,
            seen=self._list_seen(subjects) if any(o.covers(IMPRESSION) for o in limits) else {},
            noted=frozenset(noted),
            facts={"account.country": country} | facts,
            bundle=bundle,
        )

    def _list_seen(self, subjects: Mapping[str, Others]) -> dict[str, tuple[LeftTouch, ...]]:
        """Return the ads that each of them saw, as the ledger knows them by now."""
        found = {}
        for scope, others in subjects.items():
            seen = [
                LeftTouch(
                    touch_id=f"{subject}@{number}", at=(one.at,), channel=one.channel,
                    weight=one.weight, observed=True,
                )
                for subject, holds_at in others.items()
                for number, one in enumerate(self.decided.list_seen(subject))
                if holds_at is None or holds_at.holds(one.at)
            ]  # fmt: skip
            found[scope] = tuple(seen)
        return found

    def _list_ids(self, event: ActionDecided, person: Profile) -> Others:
        """Return under which ids somebody is and was known, as it is now."""
        former = find_former_ids(self.identity, [person]).get(person.profile_id, ())
        mine = {person.profile_id: None, event.person_id or person.profile_id: None}
        return {one.person_id: one for one in former} | mine

    def _list_groups(self, event: ActionDecided) -> Others:
        """Return whose touches count for the group: its account may be, or have been, several."""
        group = Roster(self.identity).group(event.group_id)
        shared = group.shared if group else ()
        return {one.group_id: one for one in shared} | {event.group_id: None}


def _list_accounts(event: ActionDecided, account: Account | None) -> Others:
    ids = {event.account_id, *((account.account_id, *account.parts) if account else ())}
    return dict.fromkeys(sorted(ids))


def is_capped(event: ActionDecided, bundle: Bundle) -> bool:
    """Say whether a full cap keeps such an action back: a row of the contact policy says so.

    What the row asks beside, and is not known here, keeps no cap away.
    """
    if _GATE not in bundle.names("tables"):
        return False
    known: Facts = {
        **event.facts,
        _OVER: True,
        "action.name": event.action.name,
        "action.issue": event.action.issue,
        "action.group": event.action.group,
        "action.class": event.action.klass.value,
        "action.channel": event.channel,
        "action.treatment": event.treatment,
    }
    rows = [r for r in bundle.page(_GATE).rows if _OVER in r.when and not r.then.get("allow")]
    return any(
        all(holds(cell, known.get(name)) is not False for name, cell in row.when.items())
        for row in rows
    )
