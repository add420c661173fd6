"""What a client learns before it has a token: who gives one, and for what (RFC 9728). Pure."""

from typing import Any

from functions.agent.address import Address
from functions.agent.caller import READ, list_scopes


def describe(address: Address) -> dict[str, Any]:
    """Return the protected resource's metadata."""
    return {
        "resource": address.url,
        "authorization_servers": [address.issuer],
        "scopes_supported": list_scopes(),
        "bearer_methods_supported": ["header"],
        "resource_name": "Marketing Operating System",
    }


def challenge(address: Address, error: str = "", scope: str = READ) -> str:
    """Return what `WWW-Authenticate` says to somebody who is not let in."""
    said = ['realm="marketing-os"']
    if error:
        said.append(f'error="{error}"')
    if address.issuer:
        said += [f'scope="{scope}"', f'resource_metadata="{address.metadata_url}"']
    return "Bearer " + ", ".join(said)
