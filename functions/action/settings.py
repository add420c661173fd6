"""What a provider is told by the bundle: `providers/<name>.toml`. Pure."""

from collections.abc import Mapping
from typing import Any

from functions.action.channel import ChannelProvider
from mos.policy.bundle.bundle import Bundle


def read_settings(provider: ChannelProvider, bundle: Bundle) -> dict[str, str]:
    """Return the page of a provider as words, a table's by `table.name`; none where none is there.

    >>> _flat({"audience": {"a": "1"}, "per_second": 4})
    {'audience.a': '1', 'per_second': '4'}
    """
    if provider.name not in bundle.names("providers"):
        return {}
    return _flat(bundle.settings(f"providers/{provider.name}.toml"))


def _flat(said: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in said.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": str(one) for inner, one in value.items()}
        else:
            found[name] = str(value)
    return found
