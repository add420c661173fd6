"""Our mails, and the answers of the fake of SES, are as botocore's own model of SES v2 says."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.session import get_session
from botocore.validate import ParamValidator

from functions.action.channel import Busy, Message
from functions.action.channels.email import CHANNEL
from lab.bench.hands import NOON
from lab.fakes.wire import ProviderWire
from mos.model.call import CallReply

BASE = "https://email.eu-central-1.amazonaws.com"
SAMPLE = CHANNEL.sample
MESSAGES = [
    SAMPLE,
    replace(SAMPLE, settings=dict(SAMPLE.settings) | {"configuration_set": "mos-events"}),
    replace(SAMPLE, params={"tracking": "off"}, subject="Grüße\n an alle", body=""),
]
NAMES = ["whole", "with a configuration set", "untracked"]


@cache
def send_email() -> Any:
    return get_session().get_service_model("sesv2").operation_model("SendEmail")


def faults(body: object) -> str:
    report = ParamValidator().validate(body, send_email().input_shape)
    return str(report.generate_report())


def ask(message: Message) -> CallReply:
    call = CHANNEL.plan(message)
    return ProviderWire().exchange(replace(call, url=BASE + call.url))


def parse(reply: CallReply) -> Any:
    parts = {"status_code": reply.status, "headers": dict(reply.headers), "body": reply.body}
    return create_parser("rest-json").parse(parts, send_email().output_shape)


@pytest.mark.parametrize("message", MESSAGES, ids=NAMES)
def test_a_mail_on_the_wire_is_what_botocore_would_send(message: Message) -> None:
    call = CHANNEL.plan(message)
    body = json.loads(call.body)

    theirs = create_serializer("rest-json").serialize_to_request(body, send_email())

    assert faults(body) == ""
    assert json.loads(theirs["body"]) == body
    assert (theirs["method"], theirs["url_path"]) == (call.method, call.url)
    assert theirs["headers"].get("Content-Type", "application/json") == call.headers["content-type"]


@pytest.mark.parametrize("message", MESSAGES, ids=NAMES)
def test_the_fakes_answer_is_read_by_botocore(message: Message) -> None:
    told = parse(ask(message))

    assert told["MessageId"]
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_refusal_of_the_fake_is_one_that_ses_has() -> None:
    told = parse(ask(replace(SAMPLE, address="no mailbox")))

    errors = {shape.name for shape in send_email().error_shapes}
    assert told["Error"]["Code"] in errors
    assert told["Error"]["Message"]


def test_every_error_that_ses_has_is_read_and_only_a_message_of_its_own_is_refused() -> None:
    said = {}
    for shape in send_email().error_shapes:
        status = shape.metadata["error"]["httpStatusCode"]
        reply = CallReply(status, {"x-amzn-errortype": f"{shape.name}:"}, b"{}")
        said[shape.name] = CHANNEL.read(reply, NOON)

    assert {name for name, answer in said.items() if not isinstance(answer, Busy)} == {
        "BadRequestException", "MessageRejected",
    }  # fmt: skip


@pytest.mark.parametrize(
    "change", [{"Odd": 1}, {"Content": {"Simple": {"Odd": 1}}}, {"EmailTags": [{"Name": "a"}]}]
)
def test_a_mail_that_ses_does_not_know_is_refused_by_the_fake_too(change: dict[str, Any]) -> None:
    call = CHANNEL.plan(SAMPLE)
    body = json.loads(call.body) | change

    reply = ProviderWire().exchange(
        replace(call, url=BASE + call.url, body=json.dumps(body).encode())
    )

    assert faults(body)
    assert reply.status == 400
