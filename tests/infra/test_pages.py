"""Where mails' own pages are reached: said to who writes mails, never an address that can't be."""

import pytest
from pydantic import ValidationError

from infra.providers import find_pages_url
from infra.settings import Settings
from tests.infra.template import Templates


def test_a_deployment_without_an_address_has_no_pages(templates: Templates) -> None:
    functions = {
        f.properties["FunctionName"]: f.properties["Environment"]["Variables"]
        for f in templates.of("AWS::Lambda::Function")
        if "Environment" in f.properties
    }

    assert "MOS_PAGES_URL" not in functions["mos-test-action"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, None),
        ({"public_url": "https://hooks.example.com"}, "https://hooks.example.com"),
        ({"public_url": "http://hooks.example.com"}, None),
        (
            {"public_url": "https://hooks.example.com", "pages_url": "https://mail.example.com"},
            "https://mail.example.com",
        ),
        ({"target": "local", "public_url": "http://127.0.0.1:4566"}, "http://127.0.0.1:4566"),
    ],
)
def test_the_pages_stand_at_an_address_that_a_mailbox_provider_calls(
    said: dict[str, str], found: str | None
) -> None:
    assert find_pages_url(Settings(stage="test", **said)) == found  # type: ignore[arg-type]  texts


def test_pages_in_the_clear_are_refused() -> None:
    with pytest.raises(ValidationError, match="pages_url begins with https"):
        Settings(stage="test", pages_url="http://mail.example.com")
