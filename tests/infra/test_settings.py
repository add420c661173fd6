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
