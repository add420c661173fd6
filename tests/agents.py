"""The two doors to the tools over empty tables, for tests."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from functions.agent.address import Address
from functions.agent.door import AgentDoor
from functions.agent.operator_door import call
from functions.agent.reception import Reception
from functions.agent.tool import NO_OPERATIONS, NO_SIMULATION, Simulation
from mos.memory.queue import FakeQueue
from mos.memory.secrets import FakeSecrets
from mos.memory.table import FakeTable
from mos.path import TABLES
from mos.policy.bundle.bundle import Bundle
from mos.ports import Parking, Runs
from tests.builders import NOON
from tests.property.worlds import policy

ADDRESS = Address("https://mos.example/mcp")
HEADERS = {"host": "mos.example", "content-type": "application/json",
           "accept": "application/json, text/event-stream"}  # fmt: skip
ASSISTANT = "Bearer assistant.right"


class CountedSecrets(FakeSecrets):
    """Secrets that remember what was asked for."""

    def __init__(self) -> None:
        super().__init__({"agent/assistant": ("right", "older"), "agent/operator": ("right",)})
        self.asked: list[str] = []

    def read(self, name: str) -> tuple[str, ...]:
        self.asked.append(name)
        return super().read(name)


class Doors:
    """Both doors. `tables` are those of a system that has lived, or empty ones."""

    def __init__(
        self,
        bundle: Bundle | None = None,
        address: Address = ADDRESS,
        tables: Mapping[str, Any] | None = None,
        simulation: Simulation = NO_SIMULATION,
        now: datetime = NOON,
        runs: Runs = NO_OPERATIONS,
        parking: Parking = NO_OPERATIONS,
    ) -> None:
        self.tables = dict(tables or {name: FakeTable() for name in TABLES})
        self.queue, self.secrets = FakeQueue(), CountedSecrets()
        self.bundle = bundle or policy()
        self.simulation, self.now = simulation, now
        self.runs, self.parking = runs, parking
        self.internet = AgentDoor(self._reception("agents"), self.secrets, address)

    def _reception(self, own: str) -> Reception:
        at_the_desk = own == "operators"
        return Reception(
            self.tables.__getitem__,
            lambda _: self.bundle,
            self.queue,
            own,
            self.simulation,
            self.runs if at_the_desk else NO_OPERATIONS,
            self.parking if at_the_desk else NO_OPERATIONS,
        )

    def send(self, method: str = "POST", body: str = "", **headers: str) -> dict[str, Any]:
        """Send one HTTP request from the internet; underscores in headers stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        event = {
            "rawPath": "/mcp",
            "headers": HEADERS | named,
            "requestContext": {"http": {"method": method, "sourceIp": "127.0.0.1"}},
            "body": body,
        }
        return self.internet.ask(event, self.now)

    def ask(
        self, method: str, authorization: str = ASSISTANT, params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Send one JSON-RPC request and return the HTTP reply."""
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": dict(params or {})}
        return self.send(body=json.dumps(message), authorization=authorization)

    def list_tools(self) -> list[dict[str, Any]]:
        """Return the tools that the assistant is offered."""
        offered: list[dict[str, Any]] = json.loads(self.ask("tools/list")["body"])["result"][
            "tools"
        ]
        return offered

    def use(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Have the assistant use a tool, and return the result."""
        reply = self.ask("tools/call", params={"name": tool, "arguments": arguments})
        result: dict[str, Any] = json.loads(reply["body"])["result"]
        return result

    def operate(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Have an operator use a tool."""
        return call({"tool": tool, "arguments": arguments}, self._reception("operators"), self.now)

    def audit(self, table: str = "agents") -> list[dict[str, Any]]:
        """Return what was kept of calls."""
        records = self.tables[table].scan()
        return [json.loads(r.body) for r in records if r.pk.startswith("AUDIT#")]


def with_agent(name: str, base: Bundle | None = None, **page: Any) -> Bundle:
    """Return a bundle in which an agent's page says so."""
    said = {"why": "For a test.", **page}
    lines = [f"{key} = {_written(value)}" for key, value in said.items()]
    files = dict((base or policy()).files)
    return Bundle(files | {f"agents/{name}.toml": "\n".join(lines).encode()})


def _written(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return json.dumps(list(value))
    return json.dumps(value)
