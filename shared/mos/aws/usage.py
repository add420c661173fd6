"""DynamoDB request units of the invocation under way, as DynamoDB itself reports them."""

from collections import defaultdict
from typing import Any

_SPENT: defaultdict[str, float] = defaultdict(float)
_READS = {"get_item", "batch_get_item", "query", "scan"}


def note(operation: str, reply: Any) -> None:  # noqa: ANN401  boto3's own shape
    """Add what a call has consumed: reads and writes apart, in request units."""
    consumed = reply.get("ConsumedCapacity") or []
    parts = consumed if isinstance(consumed, list) else [consumed]
    kind = "read_units" if operation in _READS else "write_units"
    _SPENT[kind] += sum(float(part.get("CapacityUnits", 0)) for part in parts)


def take() -> dict[str, float]:
    """Return what was consumed since the last call of this, and begin again."""
    spent = {kind: round(units, 3) for kind, units in _SPENT.items() if units}
    _SPENT.clear()
    return spent
