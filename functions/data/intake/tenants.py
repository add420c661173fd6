"""Which tenant of a system is this business's own: its ids stand alone, others' carry their tenant.

identity: `TENANT#<system>/HOME` (the first tenant of whose records a proved sender spoke).
"""

from collections.abc import Iterable, Sequence

from mos.model.base import Fact
from mos.model.identifier_type import find_type, scope_value, split_value
from mos.model.signal import Identifier, Signal
from mos.ports import Record, Table

_OF_DEALS = ("deal_id", "merged_ids", "role_id", "task_id")
"""The properties that hold ids of deals, of roles in them, and of tasks."""
_LONGEST = 512
_KEYS = frozenset({"parent", "record", "contact", "survivor"})
"""What holds the key of a record in a text: `hubspot_company_id:90000001/421`."""


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
    if not tenant or not any(said.get(name) for name in _OF_DEALS):
        return []
    return [(str(said.get("system") or signal.source), str(tenant).replace("/", "_"))]


def _name_deal(signal: Signal, homes: dict[str, str]) -> Signal:
    """Return the signal with its deal under its tenant's name, unless that one is home."""
    for system, tenant in _deal_scope(signal):
        if homes.get(system) != tenant:
            named = {n: signal.properties[n] for n in _OF_DEALS if signal.properties.get(n)}
            scoped = {name: _scope(tenant, value) for name, value in named.items()}
            return signal.model_copy(update={"properties": {**signal.properties, **scoped}})
    return signal


def _scope(tenant: str, value: Fact) -> Fact:
    if isinstance(value, tuple):
        return tuple(str(_scope(tenant, one)) for one in value)
    name = str(value)
    return name if name.startswith(f"{tenant}/") else scope_value(tenant, name)


def _strip(signal: Signal, homes: dict[str, str]) -> Signal:
    def bare(identifier: Identifier) -> Identifier:
        tenant, value = split_value(identifier.type, identifier.value)
        if tenant is None or homes.get(find_type(identifier.type).system) != tenant:
            return identifier
        return identifier.model_copy(update={"value": value})

    def bare_key(key: Fact) -> Fact:
        kind, _, value = str(key or "").partition(":")
        if not 0 < len(value) <= _LONGEST or not find_type(kind).counted:
            return key
        return bare(Identifier(type=kind, value=value)).key

    stripped = tuple(dict.fromkeys(map(bare, signal.identifiers)))
    company = {n: bare_key(v) if n in _KEYS else v for n, v in signal.company.items()}
    said = {n: bare_key(v) if n in _KEYS else v for n, v in signal.properties.items()}
    if (stripped, company, said) == (signal.identifiers, signal.company, signal.properties):
        return signal
    changed = {"identifiers": stripped, "company": company, "properties": said}
    return signal.model_copy(update=changed)
