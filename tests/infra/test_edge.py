"""The webhook's routes: every door, every call of the Segment spec, and pages that call them."""

from tests.infra.template import Templates


def test_senders_find_their_routes(templates: Templates) -> None:
    routes = {r.properties["RouteKey"] for r in templates.of("AWS::ApiGatewayV2::Route")}

    assert {
        "GET /hooks/{source}", "POST /hooks/{source}", "POST /v1/{call}",
    } <= routes  # fmt: skip


def test_pages_may_call_the_webhook_and_nothing_else(templates: Templates) -> None:
    apis = {a.properties["Name"]: a.properties for a in templates.of("AWS::ApiGatewayV2::Api")}

    cors = {name: found.get("CorsConfiguration") for name, found in apis.items()}
    hooks = cors.pop("mos-test-hooks")
    assert hooks["AllowOrigins"] == ["*"]
    assert "authorization" in hooks["AllowHeaders"]
    assert "AllowCredentials" not in hooks
    assert not any(cors.values())
