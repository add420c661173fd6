"""The webhook's routes: every door, every call of the Segment spec, and pages that call them."""

from functions.webhook import sources
from functions.webhook.source import Source
from infra.stacks.edge import PARTNERS
from mos.plugins import discover
from tests.infra.template import Templates

FROM_PARTNERS = [{"prefix": PARTNERS}]


def test_senders_find_their_routes(templates: Templates) -> None:
    routes = {r.properties["RouteKey"] for r in templates.of("AWS::ApiGatewayV2::Route")}

    assert {
        "GET /hooks/{source}", "POST /hooks/{source}", "POST /v1/{call}",
        "ANY /u/{token}", "ANY /p/{token}", "ANY /p/{token}/{page}",
    } <= routes  # fmt: skip


def test_pages_may_call_the_webhook_and_nothing_else(templates: Templates) -> None:
    apis = {a.properties["Name"]: a.properties for a in templates.of("AWS::ApiGatewayV2::Api")}

    cors = {name: found.get("CorsConfiguration") for name, found in apis.items()}
    hooks = cors.pop("mos-test-hooks")
    assert hooks["AllowOrigins"] == ["*"]
    assert "authorization" in hooks["AllowHeaders"]
    assert "AllowCredentials" not in hooks
    assert not any(cors.values())


def test_what_a_partner_puts_on_its_bus_reaches_the_webhook_or_is_kept(
    templates: Templates,
) -> None:
    rules = [r.properties for r in templates.of("AWS::Events::Rule")]

    (rule,) = [r for r in rules if r.get("EventPattern", {}).get("source") == FROM_PARTNERS]
    (target,) = rule["Targets"]
    assert "aws.partner/salesforce.com/" in str(rule["EventBusName"])
    assert "DeadLetterConfig" in target


def test_every_source_on_a_bus_has_a_rule_that_brings_it(templates: Templates) -> None:
    native = {s.native for s in discover(sources, "SOURCE", Source).values() if s.native}
    rules = [r.properties["EventPattern"] for r in templates.of("AWS::Events::Rule")
             if "EventPattern" in r.properties]  # fmt: skip

    for origin in native:
        taken = [p for p in rules if _takes(p.get("source", []), origin)]
        assert taken, origin


def _takes(patterns: list[object], origin: str) -> bool:
    prefixes = [str(p["prefix"]) for p in patterns if isinstance(p, dict)]
    return origin in patterns or any(origin.startswith(prefix) for prefix in prefixes)
