"""The webhook's routes: every door, every call of the Segment spec, and a browser's question."""

from tests.infra.template import Templates


def test_senders_and_browsers_find_their_routes(templates: Templates) -> None:
    routes = {r.properties["RouteKey"] for r in templates.of("AWS::ApiGatewayV2::Route")}

    assert {
        "GET /hooks/{source}", "POST /hooks/{source}", "POST /v1/{call}", "OPTIONS /v1/{call}",
    } <= routes  # fmt: skip


def test_a_browsers_question_reaches_the_function_which_alone_answers_it(
    templates: Templates,
) -> None:
    apis = templates.of("AWS::ApiGatewayV2::Api")

    assert not [api for api in apis if "CorsConfiguration" in api.properties]
