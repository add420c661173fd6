"""The MCP server on somebody's own machine: it asks the stage in JSON, and lists what it has."""

import asyncio
import json
from typing import Any

import pytest

from cli.commands.mcp import ask_stage
from functions.agent import tools
from functions.agent.mcp_offer import furnish_machine
from functions.agent.pages import FIRST, read_page
from functions.agent.server import server_of
from functions.agent.tool import Tool
from mos import plugins
from mos.errors import MalformedError
from tests.system_in_process import Stage, System

CHANGE = {"parameter": "exploration_share_most", "value": 0.05, "why": "Less."}


def test_a_change_of_a_parameter_reaches_the_stage_as_it_was_given() -> None:
    asked: list[dict[str, Any]] = []

    def ask(tool: str, **given: Any) -> dict[str, Any]:
        asked.append(json.loads(json.dumps({"tool": tool, **given})))
        return Stage(System()).ask(tool, **given)

    made = server_of(lambda tool: ask_stage(tool, ask))
    said = asyncio.run(
        made.call_tool("propose_policy", {"why": "An operator wants it so.", "changes": [CHANGE]})
    )

    assert not said.is_error, said
    assert asked == [
        {"tool": "propose_policy", "why": "An operator wants it so.", "changes": [CHANGE]}
    ]


def test_what_the_instructions_name_is_listed() -> None:
    made = server_of(lambda tool: ask_stage(tool, lambda *_: {}))
    furnish_machine(made, {t.name for t in plugins.discover(tools, "TOOL", Tool).values()})

    pages = {str(one.uri) for one in asyncio.run(made.list_resources())}
    named = {word.strip(".,") for word in read_page(FIRST).split() if word.startswith("mos://")}

    assert named
    assert named <= pages
    assert asyncio.run(made.list_prompts())


@pytest.mark.parametrize("after", ["garbage", "7", "[1, 2]", '["a"]', "{}"])
def test_a_place_that_no_page_named_is_refused_in_our_words(after: str) -> None:
    with pytest.raises(MalformedError, match="no place of a page"):
        System().ask("page", of="people", after=after)
