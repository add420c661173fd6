"""What became of our mail comes back: a configuration set, its events, and who is told its name."""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.webhook import ses_event
from infra.settings import Settings
from tests.infra.conftest import synthesise
from tests.infra.iam import matrix, may
from tests.infra.template import Templates

_SET, _EVENTS = "AWS::SES::ConfigurationSet", "AWS::SES::ConfigurationSetEventDestination"
_ARN = "arn:aws:ses:region:accountid:configuration-set/"


def variables(made: Templates, layer: str) -> dict[str, Any]:
    [found] = [
        f.properties["Environment"]["Variables"]
        for f in made.of("AWS::Lambda::Function")
        if f.properties.get("FunctionName") == f"mos-test-{layer}"
    ]
    return found


def test_the_stack_makes_a_set_whose_events_reach_the_webhook(templates: Templates) -> None:
    [made] = list(templates.of(_SET))
    [told] = [r.properties["EventDestination"] for r in templates.of(_EVENTS)]
    bus = json.dumps(told["EventBridgeDestination"]["EventBusArn"])
    [rule] = [
        r.properties
        for r in templates.of("AWS::Events::Rule")
        if r.properties.get("EventPattern", {}).get("source") == ["aws.ses", "aws.sms-voice"]
    ]

    assert made.properties["Name"] == "mos-test-mail"
    assert set(told["MatchingEventTypes"]) >= {
        "send", "delivery", "deliveryDelay", "bounce", "complaint", "reject", "renderingFailure",
        "subscription", "open", "click",
    }  # fmt: skip
    assert told.get("Enabled", True)
    assert "event-bus/default" in bus
    assert "EventBusName" not in rule
    assert "detail-type" not in rule["EventPattern"]
    assert "webhook" in json.dumps(rule["Targets"])


def test_every_event_that_we_read_is_asked_for(templates: Templates) -> None:
    [told] = [r.properties["EventDestination"] for r in templates.of(_EVENTS)]

    assert {name.lower() for name in ses_event._KINDS} <= set(told["MatchingEventTypes"])  # noqa: SLF001


def test_the_action_layer_is_told_its_name_and_may_send_by_it_alone(templates: Templates) -> None:
    told = variables(templates, "action")["MOS_MAIL_CONFIGURATION_SET"]
    rights = matrix(templates)
    [resource] = [r for r in rights["action"] if r.startswith(_ARN)]

    assert templates.name("mos-test-spine", told) == "ses:mail"
    assert rights["action"][resource] == ["ses:SendEmail"]
    assert "ses:FromAddress=hello@example.com" in resource
    assert not may(rights, "action", "ses:SendEmail", f"{_ARN}another")
    assert not any(
        "ses:SendEmail" in actions
        for role, held in rights.items()
        if role != "action"
        for actions in held.values()
    )


def test_a_set_that_the_settings_name_is_used_and_none_is_made(tmp_path: Path) -> None:
    made = synthesise(
        tmp_path,
        Settings(stage="test", mail_from="hello@example.com", mail_configuration_set="ours"),
    )

    assert list(made.of(_SET)) == []
    assert variables(made, "action")["MOS_MAIL_CONFIGURATION_SET"] == "ours"
    assert may(matrix(made), "action", "ses:SendEmail", f"{_ARN}ours")


@pytest.mark.parametrize(
    "settings",
    [
        Settings(stage="test"),
        Settings(stage="test", target="local", mail_from="hello@mos.test"),
    ],
    ids=["no mail", "local"],
)
def test_where_no_mail_leaves_or_nothing_would_tell_there_is_none(settings: Settings) -> None:
    from aws_cdk import App, Stack  # noqa: PLC0415  seconds to import

    from infra.constructs.mail import find_configuration_set  # noqa: PLC0415  the same

    assert find_configuration_set(Stack(App(), "S"), settings) is None


def test_a_stage_that_rehearses_tells_the_hands_and_says_whose_word_it_is(tmp_path: Path) -> None:
    made = synthesise(tmp_path, Settings(stage="test", dry_run=True))

    assert variables(made, "action")["MOS_DRY_RUN"] == "dry_run of the settings of test"


def test_without_tracking_ses_is_asked_for_no_opens_and_clicks() -> None:
    from aws_cdk import App, Stack  # noqa: PLC0415  seconds to import
    from aws_cdk.assertions import Template  # noqa: PLC0415  the same

    from infra.constructs.mail import find_configuration_set  # noqa: PLC0415  the same

    stack = Stack(App(), "S")
    find_configuration_set(
        stack, Settings(stage="test", mail_from="a@example.com", mail_tracking=False)
    )

    [told] = Template.from_stack(stack).find_resources(_EVENTS).values()
    types = told["Properties"]["EventDestination"]["MatchingEventTypes"]
    assert {"open", "click"}.isdisjoint(types)
    assert "bounce" in types
