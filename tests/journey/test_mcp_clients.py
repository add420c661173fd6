"""The Python SDK's own client, in both eras of the protocol, against the internet's door."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from lab.mcp.product import JANE, TOKEN, answer_with, open_door
from lab.mcp.shim import Shim
from lab.mcp.verdict import judge
from tests.property.worlds import policy

T = TypeVar("T")
_PATIENCE = 600
ERAS = ("legacy", "2026-07-28", "auto")


@pytest.fixture(scope="module")
def shim() -> Iterator[Shim]:
    door = open_door(policy(), "http://127.0.0.1/mcp")
    made = Shim(partial(answer_with, door))
    made.start()
    yield made
    made.shutdown()
    made.server_close()


def talk(shim: Shim, era: Any, ask: Callable[[Client], Any], token: str = TOKEN) -> Any:
    """Return what a client is answered."""

    async def run() -> Any:
        headers = {"authorization": f"Bearer {token}"}
        # A busy machine answers late: nothing here is about how fast it is.
        async with httpx2.AsyncClient(headers=headers, timeout=_PATIENCE) as http:
            transport = streamable_http_client(shim.url, http_client=http)
            async with Client(transport, mode=era, read_timeout_seconds=_PATIENCE) as client:
                return await ask(client)

    return asyncio.run(run())


@pytest.mark.parametrize("era", ERAS)
def test_the_python_client_lists_reads_and_calls(shim: Shim, era: str) -> None:
    async def ask(client: Client) -> Any:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        called = await client.call_tool("profile", {"subject": JANE})
        read = await client.read_resource("mos://guide/path")
        prompt = await client.get_prompt("explain_decision", {"subject": JANE})
        return tools, called, read, prompt

    tools, called, read, prompt = talk(shim, era, ask)

    assert {"find", "profile", "why"} <= tools
    assert not called.is_error
    assert "Reads about:" in called.content[0].text
    assert read.contents[0].text.startswith("# The path")
    assert JANE in prompt.messages[0].content.text


@pytest.mark.parametrize("era", ERAS)
def test_the_python_client_is_told_why_a_call_failed(shim: Shim, era: str) -> None:
    async def ask(client: Client) -> Any:
        return await client.call_tool("profile", {"subject": "nobody@nowhere.example"})

    said = talk(shim, era, ask)

    assert said.is_error
    assert "there is no" in said.content[0].text


@pytest.mark.parametrize("era", ERAS)
def test_a_wrong_token_ends_the_talk_before_it_begins(shim: Shim, era: str) -> None:
    async def ask(client: Client) -> Any:
        return await client.list_tools()

    with pytest.raises(BaseException) as caught:  # noqa: PT011  the client wraps it in groups, by era
        talk(shim, era, ask, token="assistant.wrong")

    assert isinstance(caught.value, ExceptionGroup | MCPError | httpx2.HTTPStatusError)


def test_what_is_expected_of_the_suite_and_what_is_not() -> None:
    printed = "✓ ping: 2 passed, 0 failed\n✗ tools-call-audio: 1 passed, 1 failed\n"
    expected = {"both": {"v": {"tools-call-audio": "no sound"}}}

    assert judge(printed, expected, "product", "v").surprises == ()
    assert judge(printed, {"both": {}}, "product", "v").surprises == ("tools-call-audio fails",)
    assert judge("", expected, "product", "v").surprises == ("the suite did not run to its end",)
    stale = {"both": {"v": {"ping": "never", "gone": "never"}}}
    assert len(judge(printed, stale, "product", "v").surprises) == 3


def test_the_shim_answers_as_the_door_does() -> None:
    door = open_door(policy(), "http://127.0.0.1/mcp")

    event = {"headers": {"host": "evil.example"}, "requestContext": {"http": {"method": "GET"}}}

    assert answer_with(door, event)["statusCode"] == 421
