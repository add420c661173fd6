"""By which ids a provider's own system knows whom an action is about. Pure."""

from collections.abc import Iterable

from mos.events import ActionDecided
from mos.model.account import Account
from mos.model.deal import DealState
from mos.model.identifier_type import TYPES, split_value
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.sales_team import SalesTeam

_CONTACT, _COMPANY = ("contact",), ("company", "account")
"""What systems call a record of a person, and one of a company."""


def find_records(
    system: str,
    event: ActionDecided,
    person: Profile | None,
    account: Account | None,
    bundle: Bundle,
) -> dict[str, str]:
    """Return the ids that a system has for contact, company, open deal and owner, as far as known.

    Only those of our own tenant: another portal's 77 is another company. `user` is how the
    company's own systems know the person.
    """
    found = {
        "contact": _find_contact(_find_kind(system, _CONTACT), person),
        "company": _find_company(_find_kind(system, _COMPANY), account),
        "deal": _find_deal(system, account),
        "owner": _find_owner(system, event.owner, bundle),
        "user": _find_user(person),
    }
    return {name: value for name, value in found.items() if value}


def _find_user(person: Profile | None) -> str | None:
    known = person.identifiers if person else ()
    return min((i.value for i in known if i.type == "user_id" and not i.is_anybodys), default=None)


def _find_kind(system: str, objects: tuple[str, ...]) -> str:
    """Return the type of identifier by which a system names such a record; empty: it has none."""
    found = (n for n, t in TYPES.items() if t.system == system and t.object in objects)
    return next(found, "")


def _find_contact(kind: str, person: Profile | None) -> str | None:
    values = [i.value for i in person.identifiers if i.type == kind] if person else []
    return _first_own(kind, sorted(values))


def _find_company(kind: str, account: Account | None) -> str | None:
    if account is None or not kind:
        return None
    known = [account.record or "", *(deal.company or "" for deal in account.deals)]
    return _first_own(kind, [k.partition(":")[2] for k in known if k.startswith(f"{kind}:")])


def _first_own(kind: str, values: Iterable[str]) -> str | None:
    split = [split_value(kind, value) for value in values]
    return next((bare for tenant, bare in split if tenant is None and bare), None)


def _find_deal(system: str, account: Account | None) -> str | None:
    """Return the open deal that changed last, where it is one of this system."""
    deals = account.standing_deals(None) if account else ()
    still = [d for d in deals if d.state is DealState.OPEN and d.system == system]
    last = max(still, key=lambda deal: (deal.at, deal.deal_id), default=None)
    bare = last.deal_id.rpartition(":")[2] if last else ""
    return bare if bare.isalnum() else None


def _find_owner(system: str, owner: str | None, bundle: Bundle) -> str | None:
    if not owner:
        return None
    known = SalesTeam(bundle).find(owner).crm
    ids = [one.partition(":")[2] for one in known if one.partition(":")[0].strip() == system]
    return next(iter(ids), None)
