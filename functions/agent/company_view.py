"""What of a company somebody may see: some may see nothing that can hold personal data."""

from collections.abc import Sequence
from math import floor, log10
from typing import Any

from functions.agent.subject import is_plain
from functions.agent.tool import Desk
from mos.model.account import Account
from mos.model.base import Fact
from mos.model.deal import Deal
from mos.model.plain_text import quote_data
from mos.policy.declared_facts import FactPage, list_declared

_NOT_PERSONAL = frozenset({
    "name", "domain", "employees", "industry", "country", "region", "currency", "revenue", "plan",
    "stage", "lifecycle_stage", "founded", "website",
})  # fmt: skip
"""Fields of a company that agents may read. A sender's own may hold anything."""
_NUMBERS = frozenset({"employees", "revenue"})
_LARGE = 10_000_000


def list_traits(account: Account, desk: Desk) -> dict[str, Fact]:
    """Return what is said of a company, as far as whoever asks may see it.

    A sender's own field is shown to agents where the bundle declares a fact from it. A number of a
    field that is one by its fact is no postcode, however many digits it has; one so large that it
    could be a telephone's is rounded.
    """
    if desk.scope.personal_data:
        return {name: held.value for name, held in sorted(account.traits.items())}
    declared = _list_declared(desk)
    open_ = _NOT_PERSONAL | declared.keys()
    numbers = _NUMBERS | {name for name, page in declared.items() if page.type == "number"}
    shown = dict[str, Fact]()
    for name, held in sorted(account.traits.items()):
        value = held.value
        if name in numbers and isinstance(value, int | float) and not isinstance(value, bool):
            shown[name] = round_number(value)
        elif name in open_ and is_plain(value):
            shown[name] = value
    return shown


def _list_declared(desk: Desk) -> dict[str, FactPage]:
    """Return by field what the bundle declares of companies that is nobody's personal data."""
    return {
        trait: page
        for name, page in list_declared(desk.bundle(None)).items()
        if name.startswith("account.") and not page.personal
        for trait in page.trait
    }


def round_number(value: float) -> float:
    """Return a number as it is, or to three digits where it has as many as a telephone's.

    >>> round_number(12000), round_number(491701234567)
    (12000, 492000000000)
    """
    if abs(value) < _LARGE:
        return value
    digits = 2 - floor(log10(abs(value)))
    return round(value, digits)


def name_companies(ids: Sequence[str], desk: Desk) -> dict[str, str]:
    """Return what companies are called, by id: their name, else their domain."""
    wanted = list(dict.fromkeys(ids))
    places = [(f"ACCOUNT#{one}", "ACCOUNT") for one in wanted]
    held = desk.tables("identity").get_many(places) if places else {}
    found = [Account.parse(record.body) for record in held.values() if record.body]
    named = {one.account_id: one.trait("name") or one.domain for one in found}
    return {one: quote_data(str(name)) for one, name in named.items() if name and is_plain(name)}


def hide_deal(deal: Deal, desk: Desk) -> Deal:
    """Return a deal without what may name somebody: what it is called, and who is on it."""
    if desk.scope.personal_data:
        return deal
    return deal.model_copy(update={"name": None, "roles": (), "words": {}})


def show_company(account: Account, desk: Desk) -> dict[str, Any]:
    """Return a company's record as whoever asks may see it."""
    seen = list_traits(account, desk)
    hidden = account.model_copy(
        update={
            "traits": {
                name: held.model_copy(update={"value": seen[name]})
                for name, held in account.traits.items()
                if name in seen
            },
            "deals": tuple(hide_deal(deal, desk) for deal in account.deals),
        }
    )
    return hidden.model_dump(mode="json", exclude_defaults=True)
