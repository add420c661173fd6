"""The doors of the agents' function: who is refused before anything is spent, and what is kept."""

import asyncio
import json
from typing import Any

import pytest

from functions.agent import tools
from functions.agent.door import AgentDoor
from functions.agent.server import server
from functions.agent.tool import Tool
from mos import plugins
from mos.memory.queue import FakeQueue
from mos.memory.secrets import FakeSecrets
from mos.memory.table import FakeTable
from mos.path import TABLES
from tests.builders import NOON
from tests.property.worlds import policy

HEADERS = {"host": "mos.example", "content-type": "application/json",
           "accept": "application/json, text/event-stream"}  # fmt: skip


class CountedSecrets(FakeSecrets):
    """Secrets that remember what was asked for."""

    def __init__(self) -> None:
        super().__init__({"agent/assistant": ("right",)})
        self.asked: list[str] = []

    def read(self, name: str) -> tuple[str, ...]:
        self.asked.append(name)
        return super().read(name)


class House:
    """A door over empty tables."""

    def __init__(self) -> None:
        self.tables = {name: FakeTable() for name in TABLES}
        self.secrets = CountedSecrets()
        self.door = AgentDoor(
            self.tables.__getitem__, lambda _: policy(), FakeQueue(), self.secrets
        )

    def ask(
        self, authorization: str | None, method: str = "POST", body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        given = HEADERS | ({"authorization": authorization} if authorization else {})
        event = {
            "headers": given,
            "requestContext": {"http": {"method": method, "sourceIp": "127.0.0.1"}},
            "body": json.dumps({"jsonrpc": "2.0", "id": 1, **(body or {})}),
        }
        return self.door.ask(event, NOON)

    def audit(self) -> list[dict[str, Any]]:
        records = self.tables["agents"].scan()
        return [json.loads(r.body) for r in records if r.pk.startswith("AUDIT#")]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD"])
def test_only_a_post_is_answered_and_the_rest_at_once(method: str) -> None:
    reply = House().ask("Bearer assistant.right", method)

    assert (reply["statusCode"], reply["headers"]["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer x", "Bearer é.y", "Bearer assistant.é", "Bearer ../x.y",
     "Bearer agent/assistant.right", "Basic assistant.right", "Bearer Assistant.right",
     "Bearer assistant.wrong"],
)  # fmt: skip
def test_who_does_not_prove_who_they_are_is_refused(authorization: str | None) -> None:
    reply = House().ask(authorization)

    assert reply["statusCode"] == 401
    assert reply["headers"]["www-authenticate"].startswith("Bearer")


def test_made_up_names_cost_no_secret() -> None:
    house = House()

    for number in range(1_000):
        assert house.ask(f"Bearer nobody-{number}.y")["statusCode"] == 401

    assert house.secrets.asked == []


@pytest.mark.parametrize("over_mcp", [True, False])
def test_what_is_kept_names_the_tool_the_kinds_of_arguments_and_the_end(
    over_mcp: bool,  # noqa: FBT001  pytest gives it
) -> None:
    house, asked = House(), {"subject": "jane@acme.example"}

    if over_mcp:
        call = {"method": "tools/call", "params": {"name": "profile", "arguments": asked}}
        house.ask("Bearer assistant.right", body=call)
    else:
        house.door.call({"tool": "profile", "arguments": asked}, NOON)

    assert house.audit() == [
        {"tool": "profile", "arguments": {"subject": "str 17"}, "outcome": "missing"}
    ]
    assert "jane" not in json.dumps([r.body for r in house.tables["agents"].scan()])


def test_a_client_is_told_truly_what_a_tool_does() -> None:
    every = frozenset(plugins.discover(tools, "TOOL", Tool))
    hints = {t.name: t.annotations for t in asyncio.run(server(every).list_tools())}

    assert hints["privacy"].destructive_hint
    assert not hints["privacy"].read_only_hint
    assert not hints["merge"].read_only_hint
    assert hints["profile"].read_only_hint


def test_an_agent_is_shown_the_tools_that_it_may_use() -> None:
    reply = House().ask("Bearer assistant.right", body={"method": "tools/list"})
    shown = {tool["name"] for tool in json.loads(reply["body"])["result"]["tools"]}

    assert shown == set(policy().settings("agents/assistant.toml")["tools"])
