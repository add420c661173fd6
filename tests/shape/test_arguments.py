"""Wrong arguments are answered in our own words, over MCP and by the operators' door alike."""

import asyncio
import json
import re
from typing import Any

import pytest
from mcp.client import Client

from functions.agent import tools
from functions.agent.server import server_of
from functions.agent.tool import Tool, ToolReply
from mos import plugins
from mos.refusal import read_reply
from tests.agents import Doors

TOOLS = plugins.discover(tools, "TOOL", Tool)
SECRET = "jane.secret@acme.example"
_FOREIGN = re.compile(
    r"pydantic|https?://|\[type=|Input should|Field required|validation error|Extra inputs|"
    r"Arguments\b|Question\b|input_value|Error executing",
)
WRONG: tuple[Any, ...] = (SECRET, [SECRET], {SECRET: SECRET}, 10**30, -1, 1.5, True, None, "", [[]])


def wrong_calls(tool: Tool) -> list[dict[str, Any]]:
    """Return questions that are not the tool's: each argument wrong, none, one too many."""
    good = {k: v for one in reversed(tool.examples) for k, v in one.items()}
    calls = [{**good, name: value} for name in tool.arguments.model_fields for value in WRONG]
    return [{}, {**good, "unknown_argument": SECRET}, {SECRET: 1}, *calls]


def over_stdio(doors: Doors, calls: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    """Return what the server of `mos mcp` answers to calls."""

    def callable_of(tool: Tool) -> Any:
        def call(**arguments: Any) -> ToolReply:
            return ToolReply.model_validate(read_reply(doors.operate(tool.name, **arguments)))

        return call

    async def run() -> list[Any]:
        async with Client(server_of(callable_of)) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(run())


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_every_argument_that_is_needed_has_an_example(name: str) -> None:
    tool = TOOLS[name]
    shown = {argument for one in tool.examples for argument in one}

    needed = {n for n, field in tool.arguments.model_fields.items() if field.is_required()}

    assert needed <= shown


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_what_is_wrong_with_arguments_is_said_in_our_words_and_repeats_none(name: str) -> None:
    tool, doors = TOOLS[name], Doors()

    for arguments in wrong_calls(tool):
        said = doors.operate(tool.name, **arguments)
        if said.get("reason") != "malformed":
            continue
        assert said["detail"]
        assert not _FOREIGN.search(said["detail"]), said
        is_of_the_types = said["detail"].startswith(f"{tool.name}: ")
        assert SECRET not in said["detail"] or not is_of_the_types, said


CASES = (
    ("profile", {}, 'profile: subject: is needed, such as "Jane Doe at Bright Pay"'),
    ("profile", {"subject": 5}, "profile: subject: expected text, such as"),
    ("profile", {"subject": "a", "sbject": 1}, "sbject: is not known here; known are subject"),
    ("find", {"text": "ab", "most": 1000}, "find: most: expected 50 or less"),
    ("find", {"text": "ab", "kind": SECRET}, "find: kind: expected 'any', 'people'"),
    ("trace", {"id": ""}, "trace: id: expected at least 1 character, such as"),
    ("trace", {}, "trace: id: is needed, such as"),
)


@pytest.mark.parametrize(("name", "arguments", "says"), CASES, ids=range(len(CASES)))
def test_both_servers_of_mcp_refuse_alike_with_a_code(
    name: str, arguments: dict[str, Any], says: str
) -> None:
    doors = Doors()

    internet = doors.use(name, **arguments)
    [local] = over_stdio(doors, [(name, arguments)])

    assert internet["content"][0]["text"] == local.content[0].text
    assert local.content[0].text.startswith(f"malformed: {name}: ")
    assert says in local.content[0].text
    assert local.meta["mos/reason"] == internet["_meta"]["mos/reason"] == "malformed"
    assert local.meta["mos/refusal"]["retry"] is False
    assert SECRET not in json.dumps(internet)
    assert "unknown" in doors.operate("nothing")["reason"]


def test_a_tool_that_is_not_there_is_refused_alike_too() -> None:
    doors = Doors()

    internet, [local] = doors.use(SECRET), over_stdio(doors, [(SECRET, {})])

    assert internet["_meta"]["mos/reason"] == local.meta["mos/reason"] == "unknown_tool"
    assert SECRET not in json.dumps(internet) + local.content[0].text


def test_a_list_that_a_client_writes_as_json_text_is_read() -> None:
    given = {"table": "routing/route", "facts": '{"account.employees": 500}'}

    assert "isError" not in Doors().use("evaluate", **given) or not Doors().use(
        "evaluate", **given
    ).get("isError")


def test_a_client_is_told_that_no_other_arguments_are_taken() -> None:
    assert all(t["inputSchema"]["additionalProperties"] is False for t in Doors().list_tools())
