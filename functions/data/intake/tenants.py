"""Which tenant of a system is this business's own: its ids stand alone, others' carry their tenant.

identity: `TENANT#<system>/HOME` (the first tenant of whose records a proved sender spoke).
"""

from collections.abc import Iterable, Sequence

from mos.model.identifier_type import find_type, split_value
from mos.model.signal import Identifier, Signal, SignalKind
from mos.ports import Record, Table


class Tenants:
    """Knows each system's home: what lists and own systems mean who name no tenant."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def bring_home(self, signals: Sequence[Signal]) -> list[Signal]:
        """Return the signals with the ids of each system's home without their tenant.

        The first tenant of a system that a signed, real signal names is its home for ever.
        """
        found: dict[str, str] = {}
        for signal in sorted(signals, key=lambda s: (s.received_at, s.signal_id)):
            for system, tenant in (*_scopes(signal.identifiers), *_deal_scope(signal)):
                if system not in found and (home := self._home(system, tenant, signal)):
                    found[system] = home
        named = [_name_deal(signal, found) for signal in signals]
        return [_strip(signal, found) for signal in named] if found else named

    def _home(self, system: str, tenant: str, signal: Signal) -> str | None:
        place = (f"TENANT#{system}", "HOME")
        # Written once: what is there is right, however old the look.
        record = self._table.get(*place, consistent=False)
        if record is None and not (signal.moves_nothing or signal.is_anybodys):
            self._table.put_new(Record(*place, tags={"tenant": tenant, "signal": signal.signal_id}))
            record = self._table.get(*place)
        return record.tags["tenant"] if record else None


def _scopes(identifiers: Iterable[Identifier]) -> list[tuple[str, str]]:
    split = ((i, split_value(i.type, i.value)[0]) for i in identifiers)
    return [(find_type(i.type).system, tenant) for i, tenant in split if tenant]


def _deal_scope(signal: Signal) -> list[tuple[str, str]]:
    """Return of which tenant's deals one is that a signal is about, where its sender says so."""
    said = signal.properties
    tenant = said.get("tenant") or said.get("portal_id")
    if signal.kind is not SignalKind.DEAL_CHANGED or not tenant or not said.get("deal_id"):
        return []
    return [(str(said.get("system") or signal.source), str(tenant).replace("/", "_"))]


def _name_deal(signal: Signal, homes: dict[str, str]) -> Signal:
    """Return the signal with its deal under its tenant's name, unless that one is home."""
    for system, tenant in _deal_scope(signal):
        name = str(signal.properties["deal_id"])
        if homes.get(system) != tenant and not name.startswith(f"{tenant}/"):
            properties = {**signal.properties, "deal_id": f"{tenant}/{name}"}
            return signal.model_copy(update={"properties": properties})
    return signal


def _strip(signal: Signal, homes: dict[str, str]) -> Signal:
    def bare(identifier: Identifier) -> Identifier:
        tenant, value = split_value(identifier.type, identifier.value)
        if tenant is None or homes.get(find_type(identifier.type).system) != tenant:
            return identifier
        return identifier.model_copy(update={"value": value})

    stripped = tuple(dict.fromkeys(map(bare, signal.identifiers)))
    kind, _, value = str(signal.company.get("parent") or "").partition(":")
    company = signal.company
    if value and find_type(kind).counted:
        parent = bare(Identifier(type=kind, value=value, collection="accounts"))
        company = {**company, "parent": parent.key}
    if stripped == signal.identifiers and company == signal.company:
        return signal
    return signal.model_copy(update={"identifiers": stripped, "company": company})
