"""A wrong setting is one clear line."""

from pathlib import Path

import pytest

from infra.settings import ENVIRONMENTS, SettingsError, load


def test_the_context_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("coalesce_seconds = 9\nlog_days = 7\n")

    settings = load({"stage": "mine", "coalesce_seconds": "11"}.get, tmp_path)

    assert (settings.coalesce_seconds, settings.log_days, settings.workflow) == (11, 7, "standard")


def test_lists_and_tables_are_written_as_toml(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('target = "local"\n')

    settings = load(
        {"stage": "mine", "provider_urls": '{hubspot = "http://127.0.0.1:9"}'}.get, tmp_path
    )

    assert settings.provider_urls == {"hubspot": "http://127.0.0.1:9"}


@pytest.mark.parametrize("file", sorted(ENVIRONMENTS.glob("*.toml")), ids=lambda f: f.stem)
def test_every_environment_is_valid(file: Path) -> None:
    assert load({"stage": file.stem}.get).stage == file.stem


@pytest.mark.parametrize(
    ("context", "says"),
    [
        ({"stage": "nowhere"}, "stage: there is no"),
        ({"coalesce_seconds": "soon"}, "coalesce_seconds: Input should be a valid integer"),
        ({"workflow": "batch"}, "workflow: Input should be 'standard' or 'express'"),
        ({"jwt_audience": '["marketing-os"]'}, "jwt_issuer is needed"),
        ({"jwt_issuer": "http://login.example.com"}, "begin with https://"),
        ({"mcp_origins": '["https://console.example/path"]'}, "mcp_origins.0:"),
        ({"provider_urls": '{hubspot = "http://x"}'}, "for target 'local' only"),
        ({"workflow": "express", "coalesce_seconds": "300"}, "coalesce_seconds is 240 at most"),
        ({"jwt_audience": "[oops"}, "jwt_audience:"),
    ],
)
def test_a_wrong_setting_names_itself(context: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(context.get)

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("context", "says"),
    [
        ({"reserved_concurrency": "{data = 20, llm = 890}"}, "adds up to 910: AWS keeps 100"),
        ({"reserved_concurrency": "{data = 3}"}, "reserved_concurrency.data: 4 at least"),
        ({"reserved_concurrency": "{date = 9}"}, "reserved_concurrency.date: no such layer"),
        ({"monthly_budget_usd": "100"}, "monthly_budget_usd needs alarm_email"),
        ({"mcp_certificate": "arn:aws:acm:eu-central-1:111122223333:certificate/1"}, "mcp_url"),
        ({"permissions_boundary": "boundary"}, "permissions_boundary:"),
    ],
)
def test_what_would_fail_in_aws_fails_before(context: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(context.get)

    assert says in str(caught.value)


def test_what_is_reserved_may_be_nothing_or_just_enough() -> None:
    settings = load({"reserved_concurrency": "{data = 4, lookup = 0}"}.get)

    assert settings.reserved_concurrency == {"data": 4, "lookup": 0}
