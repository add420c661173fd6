"""A question goes to the host that is routed to, whatever the environment says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infra.assemble.bundle import bundle
from infra.assemble.target import LOCAL
from mos import model_providers, plugins
from mos.model.model_provider import ModelProvider

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[3]
ELSEWHERE = {
    "HTTPS_PROXY": "http://proxy.evil.example:3128", "ALL_PROXY": "http://proxy.evil.example:3128",
    "OPENAI_BASE_URL": "https://evil.example/v1", "OPENAI_API_BASE": "https://evil.example/v1",
    "ANTHROPIC_API_BASE": "https://evil.example", "ANTHROPIC_BASE_URL": "https://evil.example",
    "MISTRAL_API_BASE": "https://evil.example/v1", "OPENROUTER_API_BASE": "https://evil.example/v1",
    "GEMINI_API_BASE": "https://evil.example",
}  # fmt: skip


def addresses(**environment: str) -> dict[str, set[str]]:
    made = bundle("llm", LOCAL, ROOT, ROOT / ".build" / "functions")
    done = subprocess.run(
        [sys.executable, "-m", "lab.model_matrix.hosts"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        env=os.environ | environment
        | {"PYTHONPATH": f"{ROOT / 'shared'}:{ROOT}:{made.libraries}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, set[str]] = {}
    for row in map(json.loads, done.stdout.splitlines()):
        hosts = {str(urlsplit(url).netloc) for url in row["tried"]}
        found[row["provider"]] = found.get(row["provider"], set()) | hosts
    return found


def test_each_provider_is_called_at_its_own_address_once() -> None:
    known = plugins.discover(model_providers, "PROVIDER", ModelProvider)

    assert addresses() == {name: {one.host} for name, one in known.items() if one.host}


def test_no_setting_of_the_environment_carries_a_question_elsewhere() -> None:
    known = plugins.discover(model_providers, "PROVIDER", ModelProvider)

    found = addresses(**ELSEWHERE)

    assert all(hosts <= {known[name].host} for name, hosts in found.items()), found
