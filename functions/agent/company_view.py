"""What of a company somebody may see: some may see nothing that can hold personal data."""

from collections.abc import Sequence
from typing import Any

from functions.agent.subject import is_plain
from functions.agent.tool import Desk
from mos.model.account import Account
from mos.model.base import Fact
from mos.model.deal import Deal
from mos.policy.declared_facts import list_declared

_NOT_PERSONAL = frozenset({
    "name", "domain", "employees", "industry", "country", "region", "currency", "revenue", "plan",
    "stage", "lifecycle_stage", "founded", "website",
})  # fmt: skip
"""Fields of a company that agents may read. A sender's own may hold anything."""


def list_traits(account: Account, desk: Desk) -> dict[str, Fact]:
    """Return what is said of a company, as far as whoever asks may see it.

    A sender's own field is shown to agents where the bundle declares a fact from it.
    """
    open_ = _NOT_PERSONAL | {
        trait
        for name, page in list_declared(desk.bundle(None)).items()
        if name.startswith("account.") and not page.personal
        for trait in page.trait
    }
    return {
        name: held.value
        for name, held in sorted(account.traits.items())
        if desk.scope.personal_data or (name in open_ and is_plain(held.value))
    }


def name_companies(ids: Sequence[str], desk: Desk) -> dict[str, str]:
    """Return what companies are called, by id: their name, else their domain."""
    wanted = list(dict.fromkeys(ids))
    places = [(f"ACCOUNT#{one}", "ACCOUNT") for one in wanted]
    held = desk.tables("identity").get_many(places) if places else {}
    found = [Account.parse(record.body) for record in held.values() if record.body]
    named = {one.account_id: one.trait("name") or one.domain for one in found}
    return {one: str(name) for one, name in named.items() if name and is_plain(name)}


def hide_deal(deal: Deal, desk: Desk) -> Deal:
    """Return a deal without what may name somebody: what it is called, and who is on it."""
    if desk.scope.personal_data:
        return deal
    return deal.model_copy(update={"name": None, "roles": (), "words": {}})


def show_company(account: Account, desk: Desk) -> dict[str, Any]:
    """Return a company's record as whoever asks may see it."""
    seen = set(list_traits(account, desk))
    hidden = account.model_copy(
        update={
            "traits": {name: held for name, held in account.traits.items() if name in seen},
            "deals": tuple(hide_deal(deal, desk) for deal in account.deals),
        }
    )
    return hidden.model_dump(mode="json", exclude_defaults=True)
