"""The internet's door: who is refused before anything is spent, and what is kept."""

import asyncio
import json

import pytest

from functions.agent import tools
from functions.agent.caller import Caller
from functions.agent.operators import is_for_operators
from functions.agent.server import server
from functions.agent.tool import Tool
from mos import plugins
from mos.policy.mandates import read_mandates
from tests.agents import Doors, with_agent
from tests.property.worlds import policy


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD", "PATCH"])
def test_only_a_post_is_answered_and_the_rest_at_once(method: str) -> None:
    reply = Doors().send(method)

    assert (reply["statusCode"], reply["headers"]["allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer x", "Bearer é.y", "Bearer assistant.é", "Bearer ../x.y",
     "Bearer agent/assistant.right", "Basic assistant.right", "Bearer Assistant.right",
     "Bearer assistant.wrong", "Bearer assistant.right.more", "Bearer assistant.right trailing",
     "Bearer a.b.c", "Bearer eyJh.eyJi.c2ln", "Bearer operator.right"],
)  # fmt: skip
def test_who_does_not_prove_who_they_are_is_refused(authorization: str) -> None:
    reply = Doors().ask("tools/list", authorization)

    assert reply["statusCode"] == 401
    assert reply["headers"]["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("token", ["right", "older"])
def test_each_of_the_stored_tokens_opens_while_one_replaces_the_other(token: str) -> None:
    assert Doors().ask("tools/list", f"bearer  assistant.{token}")["statusCode"] == 200


def test_made_up_names_cost_no_secret() -> None:
    doors = Doors()

    for number in range(1_000):
        assert doors.ask("ping", f"Bearer nobody-{number}.y")["statusCode"] == 401

    assert doors.secrets.asked == []


@pytest.mark.parametrize("door", ["internet", "iam"])
def test_what_is_kept_names_the_tool_the_kinds_of_arguments_and_the_end(door: str) -> None:
    doors, subject = Doors(), "jane@acme.example"
    own, other = ("agents", "operators") if door == "internet" else ("operators", "agents")

    (doors.use if door == "internet" else doors.operate)("profile", subject=subject)

    assert doors.audit(own) == [
        {"tool": "profile", "arguments": {"subject": "str 17"}, "outcome": "missing"}
    ]
    assert doors.audit(other) == []
    assert "jane" not in json.dumps([r.body for r in doors.tables[own].scan()])


def test_a_client_is_told_truly_what_a_tool_does() -> None:
    every = frozenset(t.name for t in plugins.discover(tools, "TOOL", Tool).values())
    hints = {t.name: t.annotations for t in asyncio.run(server(every).list_tools())}

    for name in ("privacy", "undo", "stop", "go", "merge", "unmerge", "approvals", "parked"):
        assert hints[name].destructive_hint
        assert not hints[name].read_only_hint
    for name in ("propose_policy", "rehearse_proposal"):
        assert not hints[name].destructive_hint
        assert not hints[name].read_only_hint
    assert hints["profile"].read_only_hint


def test_an_agent_is_shown_the_tools_that_it_may_use() -> None:
    reply = Doors().ask("tools/list")
    shown = {tool["name"] for tool in json.loads(reply["body"])["result"]["tools"]}

    assert shown == set(read_mandates(policy())["assistant"].tools)


def test_what_is_for_operators_is_refused_from_the_internet_whatever_the_bundle_says() -> None:
    every = sorted(tool.name for tool in plugins.discover(tools, "TOOL", Tool).values())
    bundle = with_agent("assistant", tools=every, personal_data=True)
    doors = Doors(bundle)

    reply = doors.ask("tools/list")
    refused = doors.use("page", of="people")

    shown = {tool["name"] for tool in json.loads(reply["body"])["result"]["tools"]}
    assert shown == set(Caller(read_mandates(bundle)["assistant"]).tools)
    assert not shown & {"page", "scenes", "decisions", "merge", "unmerge", "review", "privacy"}
    assert refused["isError"]
    assert doors.operate("page", of="people")["ok"]


def test_whatever_acts_or_destroys_is_for_operators_without_being_named() -> None:
    for tool in plugins.discover(tools, "TOOL", Tool).values():
        assert is_for_operators(tool) or tool.effect not in ("acts", "destroys")


def test_an_operator_is_told_of_a_tool_that_is_not_there() -> None:
    assert Doors().operate("approve-everything")["reason"] == "unknown_tool"


def test_the_rate_ends_at_both_doors_with_what_to_do() -> None:
    said = {"tools": ["policy"], "requests_per_minute": 2}
    doors = Doors(with_agent("operator", with_agent("assistant", **said), **said))

    replies = [doors.ask("ping") for _ in range(3)]
    answers = [doors.operate("policy") for _ in range(3)]

    assert [r["statusCode"] for r in replies] == [200, 200, 429]
    assert replies[2]["headers"]["retry-after"] == "60"
    said = json.loads(replies[2]["body"])
    assert (said["jsonrpc"], said["id"]) == ("2.0", json.loads(replies[0]["body"])["id"])
    assert "requests_per_minute" in said["error"]["message"]
    assert said["error"]["data"] == {"reason": "rate_limited", "retry_after_seconds": 60}
    assert [a["ok"] for a in answers] == [True, True, False]
    assert answers[2]["reason"] == "rate_limited"
