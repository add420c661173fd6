"""What the fake shows of an SES account is read by botocore, and our calls are its own."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.session import get_session

from functions.action.channels.email import CHANNEL
from functions.action.preflight import Preflight
from lab.fakes.wire import ProviderWire
from mos.model.call import Call

PLACE = {"region": "eu-central-1", "mail_from": "jo@mail.ours.example", "configuration_set": "mos"}
ASKED = {
    "account": ("GetAccount", {}),
    "identity jo@mail.ours.example": (
        "GetEmailIdentity", {"EmailIdentity": "jo@mail.ours.example"},
    ),
    "identity mail.ours.example": ("GetEmailIdentity", {"EmailIdentity": "mail.ours.example"}),
    "identity ours.example": ("GetEmailIdentity", {"EmailIdentity": "ours.example"}),
    "events": ("GetConfigurationSetEventDestinations", {"ConfigurationSetName": "mos"}),
}  # fmt: skip


def calls() -> dict[str, Call]:
    assert isinstance(CHANNEL.setup, Preflight)
    return dict(CHANNEL.setup.plan(PLACE))


def model(name: str) -> Any:
    return get_session().get_service_model("sesv2").operation_model(name)


def test_all_that_is_asked_is_known_here() -> None:
    assert set(calls()) == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_a_look_is_the_call_that_botocore_would_make(name: str) -> None:
    operation, given = ASKED[name]
    theirs = create_serializer("rest-json").serialize_to_request(given, model(operation))

    call = calls()[name]

    assert (call.method, call.url) == (theirs["method"], theirs["url_path"])
    assert call.body is None


@pytest.mark.parametrize("name", ASKED)
def test_what_the_fake_shows_has_no_field_and_no_word_that_ses_lacks(name: str) -> None:
    operation = model(ASKED[name][0])
    call = calls()[name]
    reply = ProviderWire().exchange(replace(call, url=f"https://ses.example{call.url}"))
    parts = {"status_code": reply.status, "headers": dict(reply.headers), "body": reply.body}

    parsed = create_parser("rest-json").parse(parts, operation.output_shape)

    parsed.pop("ResponseMetadata")
    if reply.status == 404:
        assert parsed["Error"]["Code"] in {shape.name for shape in operation.error_shapes}
    else:
        assert parsed == reply.read_json("ses")
        check_words(parsed, operation.output_shape)


def check_words(value: Any, shape: Any) -> None:
    """Check each enumerated word against SES's own list."""
    if shape.type_name == "structure":
        for key, inner in value.items():
            check_words(inner, shape.members[key])
    elif shape.type_name == "list":
        for inner in value:
            check_words(inner, shape.member)
    elif getattr(shape, "enum", None):
        assert value in shape.enum
