"""What a client learns before it has a token (RFC 9728)."""

import json
from typing import Any

import pytest

from functions.agent.address import Address
from tests.agents import ADDRESS, Doors
from tests.builders import NOON

ISSUER = "https://login.example.com/"
PROTECTED = Address(ADDRESS.url, issuer=ISSUER, audience=(ADDRESS.url,))
ROOT = "/.well-known/oauth-protected-resource"


def get(path: str, address: Address, method: str = "GET", host: str = "mos.example") -> Any:
    event = {
        "rawPath": path,
        "headers": {"host": host, "origin": "https://inspector.example"},
        "requestContext": {"http": {"method": method}},
    }
    return Doors(address=address).internet.ask(event, NOON)


@pytest.mark.parametrize("path", [ROOT, f"{ROOT}/mcp"])
def test_anybody_learns_who_gives_tokens(path: str) -> None:
    reply = get(path, PROTECTED)

    assert reply["statusCode"] == 200
    assert reply["headers"]["access-control-allow-origin"] == "*"
    assert json.loads(reply["body"]) == {
        "resource": "https://mos.example/mcp",
        "authorization_servers": [ISSUER],
        "scopes_supported": ["mos:propose", "mos:read"],
        "bearer_methods_supported": ["header"],
        "resource_name": "Marketing Operating System",
    }


def test_a_server_without_an_issuer_says_so() -> None:
    assert get(ROOT, ADDRESS)["statusCode"] == 404
    assert get(ROOT, PROTECTED, "POST")["statusCode"] == 405
    assert get(ROOT, PROTECTED, "OPTIONS")["statusCode"] == 204
    assert get(ROOT, PROTECTED, host="evil.example")["statusCode"] == 421


def test_who_comes_without_a_token_is_told_where_to_get_one() -> None:
    reply = Doors(address=PROTECTED).ask("tools/list", "")

    assert reply["statusCode"] == 401
    assert reply["headers"]["www-authenticate"] == (
        'Bearer realm="marketing-os", scope="mos:read", '
        f'resource_metadata="https://mos.example{ROOT}/mcp"'
    )
