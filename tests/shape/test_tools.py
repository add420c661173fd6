"""One definition: every tool is described, typed, and asked over MCP and on the command line."""

import asyncio
import json
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cli import asked
from cli.main import build
from cli.tool_commands import list_commands
from functions.agent import tools
from functions.agent.server import server_of
from functions.agent.tool import Effect, Tool, ToolReply
from mos import plugins
from mos.model.view import Said
from tests.builders import starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import Stage, System

TOOLS = plugins.discover(tools, "TOOL", Tool)
JANE = "jane@acmepay.example"


def listed() -> dict[str, Any]:
    """Return the tools as a client lists them."""
    made = server_of(lambda _: lambda **__: ToolReply(text="", data={}))
    return {tool.name: tool for tool in asyncio.run(made.list_tools())}


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_a_tool_is_named_as_its_file_and_every_argument_is_described(name: str) -> None:
    tool = TOOLS[name]

    assert tool.name.replace("_", "-") == name
    assert tool.description.endswith((".", ")"))
    assert tool.arguments.__doc__
    assert tool.answer.__doc__
    for field in tool.arguments.model_fields.values():
        assert field.description, f"{name}: {field}"
    for example in tool.examples:
        assert tool.arguments.model_validate(example)


def test_a_client_is_told_what_each_tool_answers_and_does_to_the_world() -> None:
    for tool in TOOLS.values():
        shown = listed()[tool.name]

        assert set(tool.answer.model_fields) <= set(shown.output_schema["properties"])
        assert all(p.get("description") for p in shown.input_schema["properties"].values())
        assert shown.annotations.read_only_hint is (tool.effect is Effect.READS)
        changes = tool.effect in (Effect.ACTS, Effect.DESTROYS)
        assert shown.annotations.destructive_hint is changes
        assert shown.annotations.open_world_hint is changes


def test_every_tool_has_a_command_with_its_arguments_and_no_two_have_the_same() -> None:
    commands = list_commands()

    assert {tool.name for tool, _ in commands.values()} == {tool.name for tool in TOOLS.values()}
    assert sum(len(tool.said_as()) for tool in TOOLS.values()) == len(commands)
    for words, (tool, command) in commands.items():
        found: Any = get_command(build(words.split()))
        for word in words.split():
            found = found.commands[word]
        names = {parameter.name for parameter in found.params} - {"as_json", "help"}
        taken = command.takes
        every = set(tool.arguments.model_fields) - set(command.preset)
        assert names == (every if taken is None else {name.lstrip("!?") for name in taken})


def test_every_agent_may_use_only_tools_that_exist_and_each_is_in_somebodys_hands() -> None:
    held = {
        tool
        for agent in starter().names("agents")
        for tool in starter().settings(f"agents/{agent}.toml")["tools"]
    }

    assert {tool.replace("_", "-") for tool in held} == set(TOOLS)


def test_a_sentence_that_rests_on_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="cites"):
        Said(text="It is so.", cites=())
    with pytest.raises(ValueError, match="cites"):
        Said.of("It is so.", "")


QUESTIONS: dict[str, dict[str, Any]] = {
    "find": {"text": "acmepay.example"}, "recent": {}, "profile": {"subject": JANE},
    "why": {"subject": JANE}, "what-if": {"subject": JANE, "facts": ["route.to=bdr"]},
    "candidates": {"subject": JANE}, "stage": {"subject": JANE}, "signals": {"subject": JANE},
    "identity": {"subject": JANE}, "policy": {}, "read-policy": {"name": "routing/route"},
    "at": {"subject": JANE, "as_of": "2027-01-01T00:00:00Z"},
    "evaluate": {"table": "routing/route", "facts": {"account.employees": 500}},
    "undo": {"what": JANE},
    "proposals": {}, "outbox": {"subject": JANE}, "decide": {"subject": JANE}, "review": {},
}  # fmt: skip
"""Questions that are the same however often they are asked."""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_an_answer_is_the_same_over_mcp_and_on_the_command_line(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, tool, question = System(), TOOLS[name], QUESTIONS[name]
    system.play(*browsing(4), jane())
    monkeypatch.setattr(asked, "deployment", lambda: Stage(system))
    command = tool.said_as()[0]
    server = server_of(lambda one: lambda **said: system.ask(one.name, **said))

    over_mcp: Any = asyncio.run(server.call_tool(tool.name, question | dict(command.preset)))
    words = [*command.words.split(), *spelt(tool, command.preset, question), "--json"]
    on_the_line = CliRunner().invoke(build(words), words)

    assert on_the_line.exit_code in (0, 1), on_the_line.output
    assert json.loads(on_the_line.stdout)["data"] == over_mcp.structured_content
    assert json.loads(on_the_line.stdout)["text"] == over_mcp.content[0].text


def spelt(tool: Tool, preset: Any, question: dict[str, Any]) -> list[str]:
    """Return a question as words of the command line."""
    words = list[str]()
    for name, value in question.items():
        if name in preset:
            continue
        said = json.dumps(value) if isinstance(value, dict) else value
        texts = said if isinstance(said, list) else [str(said)]
        option = [] if _is_argument(tool, name) else [f"--{name.replace('_', '-')}"]
        words += [*option, *texts]
    return words


def _is_argument(tool: Tool, name: str) -> bool:
    takes = tool.said_as()[0].takes
    if takes is None:
        return tool.arguments.model_fields[name].is_required()
    return bool({f"!{name}", f"?{name}"} & set(takes))
