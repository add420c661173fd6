"""Agents and operators: what they may ask, and what they may see."""

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.agent.answer import ForbiddenError, answer, scope_of
from functions.agent.mcp_http import serve
from functions.agent.request import HttpRequest
from functions.agent.tool import Desk
from functions.agent.tools.profile import TOOL as PROFILE
from mos.errors import MalformedError, MissingError
from mos.events import SignalReceived
from mos.model.consent import Purpose
from mos.model.signal import SignalKind
from tests.builders import grants, signal
from tests.property.steps import store
from tests.property.worlds import policy
from tests.system_in_process import System

JANE = "jane@acme.example"


def system() -> System:
    made = System(policy())
    made.store = store()
    made.play(
        signal(
            SignalKind.LEAD_SUBMITTED,
            ids=(f"email:{JANE}",),
            traits={"first_name": "Jane", "last_name": "Doe", "title": "VP Finance"},
            consent=grants(Purpose.EMAIL_MARKETING),
        )
    )
    return made


def desk(world: System, agent: str = "assistant") -> Desk:
    scope = scope_of(agent, policy().settings(f"agents/{agent}.toml"))
    return Desk(world.tables.__getitem__, lambda _: policy(), world.queue, scope, world.now)


def posted(world: System, method: str, headers: dict[str, str] | None = None, **params: Any) -> Any:
    """Send one MCP request and return the HTTP reply with its JSON."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    base = {"host": "mos.example", "content-type": "application/json",
            "accept": "application/json, text/event-stream"}  # fmt: skip
    event = {
        "headers": base | (headers or {}),
        "requestContext": {"http": {"method": "POST", "sourceIp": "127.0.0.1"}},
        "body": json.dumps(body),
    }
    reply = serve(HttpRequest.of(event), desk(world), lambda *_: None)
    return reply["statusCode"], json.loads(reply["body"])


def modern(method: str, name: str = "") -> dict[str, str]:
    """Return the headers of the 2026-07-28 protocol."""
    headers = {"mcp-protocol-version": "2026-07-28", "mcp-method": method}
    return headers | ({"mcp-name": name} if name else {})


META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


def test_an_agent_may_use_only_what_its_scope_holds() -> None:
    scope = scope_of("reader", {"tools": ["why"]})
    held = replace(desk(system()), scope=scope)

    with pytest.raises(ForbiddenError, match="reader may not use profile"):
        answer(PROFILE, {"subject": JANE}, held)


@pytest.mark.parametrize("tool", ["profile", "why", "decide"])
def test_personal_data_is_hidden_from_the_assistant(tool: str) -> None:
    world = system()

    shown = world.ask(tool, agent="assistant", subject=JANE).model_dump_json()

    assert "Jane" not in shown
    assert "Doe" not in shown
    assert JANE not in shown


def test_an_operator_sees_whom_it_is_about() -> None:
    assert "Jane Doe" in system().ask("profile", subject=JANE).text


def test_arguments_that_are_not_the_tools_are_refused() -> None:
    with pytest.raises(MalformedError, match="subject"):
        system().ask("profile", who=JANE)


def test_nobody_is_invented() -> None:
    with pytest.raises(MissingError):
        system().ask("profile", subject="nobody@nowhere.example")


def test_a_proposal_enters_by_the_door_of_any_signal() -> None:
    world = system()

    before = len(world.wire.mails)

    said = world.ask("decide", agent="assistant", subject=JANE, fresh=True)

    [body] = world.queue.bodies
    proposed = SignalReceived.parse(body).signal
    assert proposed.source == "agent"
    assert proposed.signal_id == said.data["signal_ids"][0]
    assert len(world.wire.mails) == before


def test_a_legacy_client_can_initialize() -> None:
    status, reply = posted(
        system(), "initialize", protocolVersion="2025-06-18", capabilities={},
        clientInfo={"name": "test", "version": "1"},
    )  # fmt: skip

    assert status == 200
    assert reply["result"]["serverInfo"]["name"] == "marketing-os"


@pytest.mark.parametrize("is_modern", [False, True])
def test_tools_are_listed_with_their_arguments(*, is_modern: bool) -> None:
    headers = modern("tools/list") if is_modern else {"mcp-protocol-version": "2025-06-18"}
    params = {"_meta": META} if is_modern else {}

    status, reply = posted(system(), "tools/list", headers, **params)

    assert status == 200, reply
    tools = {t["name"]: t for t in reply["result"]["tools"]}
    assert {"profile", "why", "trace", "decide"} <= set(tools)
    assert "subject" in tools["profile"]["inputSchema"]["properties"]


@pytest.mark.parametrize("is_modern", [False, True])
def test_a_tool_answers_without_personal_data(*, is_modern: bool) -> None:
    headers = modern("tools/call", "profile") if is_modern else {}
    params = {"_meta": META} if is_modern else {}

    status, reply = posted(
        system(), "tools/call", headers, name="profile", arguments={"subject": JANE}, **params
    )

    assert status == 200, reply
    assert "Reads about:" in reply["result"]["content"][0]["text"]
    assert reply["result"]["structuredContent"]["profile"]["profile_id"].startswith("per_")
    assert "Jane" not in json.dumps(reply["result"])


def test_a_tool_that_fails_says_why() -> None:
    status, reply = posted(
        system(), "tools/call", name="profile", arguments={"subject": "nobody@nowhere.example"}
    )

    assert status == 200
    result = reply["result"]
    assert result["isError"]
    assert "there is no" in result["content"][0]["text"]
    assert result["_meta"]["mos/reason"] == "missing"
    assert result["_meta"]["mos/refusal"]["retry"] is False
    # Clients hold whatever is structured to the schema of the answer, which a refusal is not.
    assert result.get("structuredContent") is None
