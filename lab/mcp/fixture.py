"""A server that declares what the product does not, over the product's own transport.

The conformance suite asks every server for tools, resources and prompts by fixed names. This one
has those that say something about how we carry answers: pictures, sounds, mixtures, whole schemas.
"""

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.prompts.base import UserMessage
from mcp_types import (
    AudioContent,
    Completion,
    EmbeddedResource,
    ImageContent,
    TextContent,
    TextResourceContents,
)
from pydantic import Field

from functions.agent.address import Address
from functions.agent.mcp_http import answer_mcp
from functions.agent.mcp_middleware import answer_in_pages
from functions.agent.reply import Reply, RequestError, refuse, refuse_rpc, reply
from functions.agent.request import HttpRequest
from mos.errors import RejectedError

_Region = Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})]
_ADDRESS = Address("http://127.0.0.1/mcp")
_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhg"
    "GAWjR9awAAAABJRU5ErkJggg=="
)
_SILENCE = base64.b64encode(
    b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0\x80>\0\0\x02\0\x10\0data\0\0\0\0"
).decode()
_PICTURE = ImageContent(type="image", data=_PIXEL, mime_type="image/png")
_TEXT = TextContent(type="text", text="Some words beside a picture.")


def _resource(uri: str, text: str, kind: str = "text/plain") -> EmbeddedResource:
    held = TextResourceContents(uri=uri, mime_type=kind, text=text)
    return EmbeddedResource(type="resource", resource=held)


def answer_fixture(event: Mapping[str, Any]) -> Reply:
    """Answer one request as the door does, but for anybody."""
    request = HttpRequest.of(event)
    if request.method != "POST":
        return reply(405, {"error": "method_not_allowed"}, allow="POST")
    try:
        _ADDRESS.check_host(request.headers)
        _ADDRESS.check_origin(request.headers)
        request.read_message()
    except RequestError as error:
        return refuse_rpc(error)
    except RejectedError as error:
        return refuse(error)
    return answer_mcp(server(), request)


@cache
def server() -> MCPServer[Any]:
    """Return the server, made once."""
    made: MCPServer[Any] = MCPServer("marketing-os-fixture", version="1", subscriptions=False)
    made.middleware.append(answer_in_pages)
    _add_tools(made)
    _add_resources(made)
    _add_prompts(made)
    made.completion()(_complete)  # type: ignore[no-untyped-call]  # the library has no type here
    return made


async def _complete(*_: Any) -> Completion:  # noqa: ANN401  the SDK's own types
    return Completion(values=[], total=0, has_more=False)


def _add_tools(made: MCPServer[Any]) -> None:
    mixed = _resource("test://mixed-content-resource", '{"number": 1}', "application/json")

    def test_error_handling() -> str:
        raise ToolError("This tool fails on purpose.")

    def test_header(
        region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})],
    ) -> str:
        return f"region {region}"

    answers: dict[str, Any] = {
        "test_simple_text": lambda: [TextContent(type="text", text="Simple text.")],
        "test_image_content": lambda: [_PICTURE],
        "test_audio_content": lambda: [
            AudioContent(type="audio", data=_SILENCE, mime_type="audio/wav")
        ],
        "test_embedded_resource": lambda: [_resource("test://embedded-resource", "Embedded.")],
        "test_multiple_content_types": lambda: [_TEXT, _PICTURE, mixed],
        "test_error_handling": test_error_handling,
        "test_custom_header": test_header,
    }
    for name, run in answers.items():
        made.add_tool(
            run, name=name, description=f"For the suite: {name}.", structured_output=False
        )


def _add_resources(made: MCPServer[Any]) -> None:
    def read_text() -> str:
        return "A text that stands still."

    def read_binary() -> bytes:
        return base64.b64decode(_PIXEL)

    def read_template(id: str) -> str:  # noqa: A002  the suite's own name
        return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})

    made.resource("test://static-text", mime_type="text/plain")(read_text)
    made.resource("test://static-binary", mime_type="image/png")(read_binary)
    made.resource("test://template/{id}/data", mime_type="application/json")(read_template)


def _add_prompts(made: MCPServer[Any]) -> None:
    def test_simple_prompt() -> list[UserMessage]:
        return [UserMessage(content="A prompt without arguments.")]

    def test_prompt_with_arguments(arg1: str, arg2: str) -> list[UserMessage]:
        return [UserMessage(content=f"Two arguments: arg1='{arg1}', arg2='{arg2}'")]

    def test_prompt_with_embedded_resource(resourceUri: str) -> list[UserMessage]:  # noqa: N803  the suite's own name
        held = _resource(resourceUri, "What is embedded.")
        return [UserMessage(content=held), UserMessage(content="Read what is embedded above.")]

    def test_prompt_with_image() -> list[UserMessage]:
        return [UserMessage(content=_PICTURE), UserMessage(content="Look at the picture above.")]

    for write in (
        test_simple_prompt, test_prompt_with_arguments, test_prompt_with_embedded_resource,
        test_prompt_with_image,
    ):  # fmt: skip
        made.prompt(description=f"For the suite: {write.__name__}.")(write)
