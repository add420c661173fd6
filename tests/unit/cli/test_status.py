"""`mos status` names where mails' own pages are, and whether that is set."""

import importlib
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import build
from mos.deployment.standing import BundleStanding

status = importlib.import_module("cli.commands.status")
URL = "http://127.0.0.1:4711"
UP = {
    "webhook_url": URL, "mcp_url": f"{URL}/mcp", "endpoint_url": "http://127.0.0.1:4712",
    "secrets": {}, "stacks": ["edge"], "outputs": {"PagesUrl": URL},
}  # fmt: skip
UNSET = "none: mails offer no one click; set pages_url"


def told(monkeypatch: pytest.MonkeyPatch, *words: str, **outputs: str) -> str:
    found: dict[str, Any] = UP | {"outputs": outputs}
    monkeypatch.setattr(status, "read_status", lambda _folder: found)
    monkeypatch.setattr(status, "_read_standing", lambda: BundleStanding("abc", "abc", "", ()))
    monkeypatch.setattr(status, "_waiting", lambda _queue: 0)
    result = CliRunner().invoke(build(["status"]), ["status", *words])
    assert result.exit_code == 0
    return result.stdout


def test_it_names_the_pages_where_they_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    said = told(monkeypatch, PagesUrl=URL)
    data = json.loads(told(monkeypatch, "--json", PagesUrl=URL))

    assert f"{URL} (set)" in said
    assert data["pages"] == {"url": URL, "is_set": True, "said": f"{URL} (set)"}


@pytest.mark.parametrize("outputs", [{"PagesUrl": UNSET}, {}])
def test_it_says_what_is_missing_where_they_are_not(
    outputs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = told(monkeypatch, **outputs)
    data = json.loads(told(monkeypatch, "--json", **outputs))

    assert "not set: mails offer no one click; set pages_url" in " ".join(said.split())
    assert data["pages"]["is_set"] is False
    assert data["pages"]["url"] is None
