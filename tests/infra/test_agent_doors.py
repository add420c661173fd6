"""What the two doors to the tools are deployed with."""

from pathlib import Path
from typing import Any

import pytest

from infra.settings import Settings
from tests.infra.conftest import synthesise
from tests.infra.template import Templates


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    settings = Settings(
        stage="test",
        mcp_url="https://mcp.example.com/mcp",
        mcp_origins=("https://console.example.com",),
        jwt_issuer="https://login.example.com/",
    )
    return environment_of(synthesise(_folder(tmp_path_factory), settings))


def _folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("doors")


def environment_of(templates: Templates) -> dict[str, Any]:
    """Return what the internet's function is told, references written as names."""
    function = next(
        f
        for f in templates.of("AWS::Lambda::Function")
        if f.properties["FunctionName"] == "mos-test-agent"
    )
    variables = function.properties["Environment"]["Variables"]
    return {name: templates.name(function.stack, value) for name, value in variables.items()}


def test_no_route_has_an_authorizer_since_its_401_could_not_say_where_to_get_a_token(
    templates: Templates,
) -> None:
    routes = {
        route.properties["RouteKey"]: route.properties
        for route in templates.of("AWS::ApiGatewayV2::Route")
        if route.stack == "mos-test-agent"
    }

    well_known = "/.well-known/oauth-protected-resource"
    assert set(routes) == {
        "ANY /mcp", f"GET {well_known}", f"OPTIONS {well_known}",
        f"GET {well_known}/{{path+}}", f"OPTIONS {well_known}/{{path+}}",
    }  # fmt: skip
    assert all(route.get("AuthorizationType", "NONE") == "NONE" for route in routes.values())
    assert list(templates.of("AWS::ApiGatewayV2::Authorizer")) == []


def test_the_doors_run_the_same_room_by_two_handlers(templates: Templates) -> None:
    handlers = {
        f.properties["FunctionName"]: f.properties["Handler"]
        for f in templates.of("AWS::Lambda::Function")
    }

    assert handlers["mos-test-agent"] == "functions.agent.handler.handler"
    assert handlers["mos-test-operator"] == "functions.agent.operate.handler"


def test_the_door_knows_its_own_names(told: dict[str, Any], templates: Templates) -> None:
    plain = environment_of(templates)

    assert told["MOS_MCP_URL"] == "https://mcp.example.com/mcp"
    assert told["MOS_MCP_HOSTS"].startswith("mcp.example.com,apigatewayv2:mcp.execute-api.")
    assert told["MOS_MCP_ORIGINS"] == "https://console.example.com"
    assert told["MOS_JWT_AUDIENCE"] == "https://mcp.example.com/mcp"
    assert plain["MOS_MCP_URL"] == "https://apigatewayv2:mcp.execute-api.region.urlsuffix/mcp"
    assert plain["MOS_MCP_HOSTS"] == "apigatewayv2:mcp.execute-api.region.urlsuffix"
    assert "MOS_JWT_ISSUER" not in plain
