"""What an agent is offered beside the tools: instructions, pages, the bundle, prompts."""

import asyncio
import json
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from functions.agent import tools
from functions.agent.mcp_middleware import PAGE, answer_in_pages
from functions.agent.mcp_prompts import JOBS
from functions.agent.pages import list_pages, read_page
from mos import __version__, plugins
from tests.agents import Doors, with_agent

ROOT = Path(__file__).parents[3]


def ask(doors: Doors, method: str, **params: Any) -> Any:
    return json.loads(doors.ask(method, params=params)["body"])["result"]


def read(doors: Doors, uri: str) -> str:
    return str(ask(doors, "resources/read", uri=uri)["contents"][0]["text"])


def test_a_client_is_taught_the_path_and_where_to_begin() -> None:
    said = ask(
        Doors(), "initialize", protocolVersion="2025-11-25", capabilities={},
        clientInfo={"name": "test", "version": "1"},
    )  # fmt: skip

    assert said["serverInfo"]["version"] == __version__
    assert "receive → unify" in said["instructions"]
    assert "Begin with `find`" in said["instructions"]
    assert {"tools", "resources", "prompts", "completions"} <= set(said["capabilities"])


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["version"] == __version__


def test_the_guide_names_only_tools_that_there_are() -> None:
    known = {name.replace("-", "_") for name in plugins.names(tools)}
    texts = [read_page(name) for name in list_pages()] + [job.text for job in JOBS]
    fields = {"may not use", "retry-after", "budget_spent", "insufficient_scope",
              "unknown_subject", "www-authenticate", "missing", "malformed", "forbidden",
              "unknown_tool", "unavailable", "failed"}  # fmt: skip

    named = {word for text in texts for word in re.findall(r"`([a-z][^`/]*)`", text)}

    assert named - fields <= known


def test_every_page_of_the_guide_can_be_read() -> None:
    doors = Doors()
    uris = [one["uri"] for one in ask(doors, "resources/list")["resources"]]

    assert {f"mos://guide/{name}" for name in list_pages()} <= set(uris)
    assert all(read(doors, uri) for uri in uris)
    assert json.loads(read(doors, "mos://schema/decision"))["title"] == "Decision"


def test_the_bundle_in_force_is_for_those_who_may_ask_for_the_policy() -> None:
    doors, outside = Doors(), Doors(with_agent("assistant", tools=["find"]))
    listed = json.loads(read(doors, "mos://bundle"))

    assert listed["digest"] == doors.bundle.digest
    assert read(doors, "mos://bundle/agents/assistant.toml").startswith("why")
    first = next(name for name in listed["files"] if name.startswith("tables/"))
    assert read(doors, f"mos://bundle/{first}") == doors.bundle.text(first)
    refused = outside.ask("resources/read", params={"uri": f"mos://bundle/{first}"})
    assert "error" in json.loads(refused["body"])


def test_other_agents_pages_and_peoples_cases_are_not_in_it() -> None:
    base = with_agent("other", subjects=["SECRET"])
    files = dict(base.files) | {"stories/x.jsonl": b"{}", "golden/x.toml": b""}
    doors = Doors(type(base)(files))

    listed = json.loads(read(doors, "mos://bundle"))["files"]

    assert not [name for name in listed if name.startswith(("stories/", "golden/"))]
    assert [name for name in listed if name.startswith("agents/")] == ["agents/assistant.toml"]


def test_jobs_are_offered_to_those_who_have_the_tools_for_them() -> None:
    every = {one["name"] for one in ask(Doors(), "prompts/list")["prompts"]}
    few = Doors(with_agent("assistant", tools=["policy"]))

    assert {"explain_decision", "brief_before_a_call", "propose_a_change"} <= every
    assert [one["name"] for one in ask(few, "prompts/list")["prompts"]] == ["explain_parameter"]


def test_a_prompt_is_filled_in_without_being_read_as_one() -> None:
    said = ask(Doors(), "prompts/get", name="explain_decision", arguments={"subject": "{x} {0}"})

    assert "why {x} {0} was" in said["messages"][0]["content"]["text"]


def test_arguments_are_completed() -> None:
    doors = Doors()
    file = {"type": "ref/resource", "uri": "mos://bundle/{+file}"}
    prompt = {"type": "ref/prompt", "name": "explain_parameter"}

    files = ask(doors, "completion/complete", ref=file, argument={"name": "file", "value": "act"})
    names = ask(
        doors, "completion/complete", ref=prompt, argument={"name": "parameter", "value": "most_"}
    )

    assert files["completion"]["values"]
    assert all(name.startswith("actions/") for name in files["completion"]["values"])
    assert "most_people" in names["completion"]["values"]


def test_long_lists_come_in_pages() -> None:
    every = [{"name": str(number)} for number in range(2 * PAGE + 1)]

    async def call_next(_ctx: Any) -> dict[str, Any]:
        return {"tools": every}

    found: list[Any] = []
    cursor: str | None = None
    for _ in range(3):
        asked = SimpleNamespace(method="tools/list", params={"cursor": cursor} if cursor else None)
        said = asyncio.run(answer_in_pages(asked, call_next))
        found += said["tools"]
        cursor = said.get("nextCursor")

    assert cursor is None
    assert found == every
