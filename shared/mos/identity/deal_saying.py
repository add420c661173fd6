"""What one signal says of deals: words on each thing, and which companies they are of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mos.identity.identifier import account_domain
from mos.identity.stated import cleared_names
from mos.model.base import Fact
from mos.model.deal import DealLink
from mos.model.profile import Trait
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.vocabulary.currency import read_currency
from mos.vocabulary.number import read_number

PRIMARY, ASSOCIATED, PERSON = "primary", "associated", "person"
MERGED, GONE = "merged_into", "gone"
UNNAMED = "unnamed"
_SAID = MappingProxyType({
    "deal_stage": "stage", "pipeline": "pipeline", "amount": "amount", "owner": "owner",
    "close_date": "close_date", "deal_name": "name", "deal_type": "type", "solution": "solution",
    "is_closed": "is_closed", "is_won": "is_won", "probability": "probability",
})  # fmt: skip
"""What a signal's properties are called, and what the deal calls them."""
_CURRENCIES = (
    "currency", "deal_currency_code", "currency_code", "currencyIsoCode", "CurrencyIsoCode",
)  # fmt: skip
_ENDS = MappingProxyType({"deletion": True, "restore": False})


@dataclass(frozen=True)
class DealSaying:
    """What one signal says of one deal."""

    system: str
    deal_id: str
    words: Mapping[str, Trait] = field(default_factory=dict)
    links: tuple[DealLink, ...] = ()
    parts: tuple[str, ...] = ()
    heirs: tuple[str, ...] = ()
    place: str = ""

    @property
    def key(self) -> str:
        """Return the name under which the deal is kept; one without an id is its company's."""
        return name_deal(self.system, self.deal_id + (f"@{self.place}" if self.place else ""))


def name_deal(system: str, deal_id: str) -> str:
    """Return the name of a deal among those of every system."""
    return f"{system}:{deal_id}"


def read_deal(signal: Signal, home: str | None, bundle: Bundle) -> tuple[DealSaying, ...]:
    """Return what a signal says of deals; nothing where it may not speak of any.

    `home` is the account of the person whom it came with. A merge is a word on those that are left
    by it. What anybody can have sent says nothing of a deal.
    """
    said = signal.properties
    if signal.moves_nothing or signal.is_anybodys or signal.kind is not SignalKind.DEAL_CHANGED:
        return ()
    system, named = system_of(signal), said.get("deal_id")
    place = "" if named else name_stated(signal, bundle) or home
    if place is None or (not named and said.get("role_id")):
        return ()
    deal_id = str(named or UNNAMED)
    merged = said.get("merged_ids")
    losers = (
        [str(one) for one in merged if str(one) != deal_id] if isinstance(merged, tuple) else []
    )
    own = DealSaying(
        system, deal_id, read_words(signal, bundle), _read_links(signal, home, bundle),
        tuple(name_deal(system, one) for one in losers), place=place,
    )  # fmt: skip
    into, heirs = {MERGED: _word(deal_id, signal)}, (name_deal(system, deal_id),)
    return (own, *(DealSaying(system, one, into, heirs=heirs) for one in losers))


def system_of(signal: Signal) -> str:
    """Return whose count a signal's ids are: the sender's own, where it names no other."""
    return str(signal.properties.get("system") or signal.source)


def _word(value: Fact, signal: Signal) -> Trait:
    return Trait(value=value, at=signal.occurred_at, signal_id=signal.signal_id)


def read_words(signal: Signal, bundle: Bundle) -> dict[str, Trait]:
    """Return the words of a signal on a deal; what its CRM has emptied is None."""
    properties = signal.properties
    said: dict[str, Fact] = {
        ours: properties[name]
        for name, ours in _SAID.items()
        if properties.get(name) not in (None, "")
    }
    if "amount" in said and (amount := read_number(said.pop("amount"))) is not None:
        said["amount"] = amount
    currency = next(filter(None, (read_currency(properties.get(n)) for n in _CURRENCIES)), None)
    if currency:
        said["currency"] = currency
    company = name_stated(signal, bundle)
    if company and not _is_association(signal):
        said["company"] = company
    said |= {_SAID.get(name, name): None for name in cleared_names(signal)}
    if (change := str(properties.get("change"))) in _ENDS:
        said[GONE] = _ENDS[change]
    return {name: _word(value, signal) for name, value in said.items()}


def name_stated(signal: Signal, bundle: Bundle) -> str | None:
    """Return the company that a signal names: by its domain, else by the CRM's record of it."""
    record = signal.company.get("record")
    domain = account_domain([signal.company.get("domain")], bundle)
    return domain or (str(record) if record else None)


def _is_association(signal: Signal) -> bool:
    return signal.properties.get("change") == "associationChange"


def _read_links(signal: Signal, home: str | None, bundle: Bundle) -> tuple[DealLink, ...]:
    company, said = name_stated(signal, bundle), signal.properties
    if company and _is_association(signal):
        kind = PRIMARY if said.get("is_primary") is True else ASSOCIATED
        return (_link(company, kind, signal, holds=said.get("removed") is not True),)
    return (_link(home, PERSON, signal),) if home and not company else ()


def _link(company: str, kind: str, signal: Signal, *, holds: bool = True) -> DealLink:
    return DealLink(
        company=company, kind=kind, holds=holds, at=signal.occurred_at, signal_id=signal.signal_id
    )
