"""What a deployment says to channels: what may be texted from, where its own providers are."""

import json

import pytest
from pydantic import ValidationError

from infra.settings import Settings
from tests.infra.conftest import synthesise
from tests.infra.iam import matrix, may
from tests.infra.template import Templates
from tests.infra.test_mail import variables

_POOL = "arn:aws:sms-voice:region:accountid:pool/pool-0a1b"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    settings = Settings(
        stage="test",
        own_urls={"receiver": "https://app.example.com", "smtp": "smtp://mail.example.com:587"},
        carriers={"email": "smtp"},
        sms_resources=("pool/pool-0a1b",),
    )
    return synthesise(tmp_path_factory.mktemp("channels"), settings)


def test_the_action_layer_may_text_from_what_is_named_and_from_nothing_else(
    made: Templates, templates: Templates
) -> None:
    rights, usual = matrix(made), matrix(templates)

    assert may(rights, "action", "sms-voice:SendTextMessage", _POOL)
    assert not may(rights, "action", "sms-voice:SendTextMessage", f"{_POOL}c")
    assert not any(may(rights, layer, "sms-voice:SendTextMessage", _POOL)
                   for layer in rights if layer != "action")  # fmt: skip
    assert "sms-voice" not in json.dumps(usual)


def test_it_is_told_where_its_own_providers_are_and_who_carries_mail(made: Templates) -> None:
    told = variables(made, "action")

    assert told["MOS_PROVIDER_RECEIVER"] == "https://app.example.com"
    assert told["MOS_PROVIDER_SMTP"] == "smtp://mail.example.com:587"
    assert told["MOS_CARRIER_EMAIL"] == "smtp"


@pytest.mark.parametrize(
    "url",
    ["http://app.example.com", "https://u:p@app.example.com", "ftp://x.example", "smtp://a/b"],
)
def test_an_address_that_is_none_of_a_provider_of_ones_own_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(stage="test", own_urls={"receiver": url})
