"""The tools as an MCP server, answered inside one Lambda invocation."""

import asyncio
import base64
import inspect
import logging
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from contextvars import ContextVar
from functools import lru_cache
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import CallToolResult, TextContent, ToolAnnotations

from functions.agent import tools
from functions.agent.answer import answer
from functions.agent.tool import Desk, Effect, Tool, ToolReply
from mos import plugins
from mos.errors import MosError
from mos.refusal import describe_refusal

Note = Callable[[str, Mapping[str, object], str], None]
"""Keeps which tool was called, with which arguments, and how it ended."""

_DESK: ContextVar[Desk] = ContextVar("desk")
_NOTE: ContextVar[Note] = ContextVar("note")
_SECONDS = 25.0


@lru_cache(maxsize=32)
def server(allowed: frozenset[str]) -> MCPServer[Any]:
    """Return the server with the tools that an agent may use, made once per container."""
    logging.getLogger("mcp").setLevel(logging.WARNING)
    return server_of(_callable, allowed)


def server_of(
    callable_of: Callable[[Tool], Callable[..., ToolReply]], allowed: AbstractSet[str] | None = None
) -> MCPServer[Any]:
    """Return a server whose tools are answered by what `callable_of` makes of each.

    A client is shown those that are `allowed`; all of them where nothing is said.
    """
    made: MCPServer[Any] = MCPServer("marketing-os", instructions="Ask, decide, act within scope.")
    for tool in plugins.discover(tools, "TOOL", Tool).values():
        if allowed is not None and tool.name not in allowed:
            continue
        reads = tool.effect is Effect.READS
        hints = ToolAnnotations(
            read_only_hint=reads,
            destructive_hint=tool.effect is Effect.DESTROYS,
            idempotent_hint=reads,
            open_world_hint=False,
        )
        run = described(tool, callable_of(tool))
        made.tool(name=tool.name, description=tool.description, annotations=hints)(run)
    return made


def _callable(tool: Tool) -> Callable[..., ToolReply]:
    def call(**arguments: Any) -> ToolReply:  # noqa: ANN401  checked by the arguments' model
        note = _NOTE.get()
        try:
            said = answer(tool, arguments, _DESK.get())
        except MosError as error:
            note(tool.name, arguments, describe_refusal(error)["reason"])
            raise
        note(tool.name, arguments, "ok")
        return said

    return call


def described(tool: Tool, ask: Callable[..., ToolReply]) -> Callable[..., CallToolResult]:
    """Return a call as the SDK wants it: the arguments as its signature, the answer's schema.

    A refusal is a result too: its reason as a code, its sentence, and whether to try again.
    """

    def call(**arguments: Any) -> CallToolResult:  # noqa: ANN401  checked by the arguments' model
        try:
            reply = ask(**arguments)
        except MosError as error:
            return refuse(error)
        text = TextContent(type="text", text=reply.text)
        return CallToolResult(content=[text], structured_content=reply.data)

    fields = tool.arguments.model_fields
    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=Annotated[field.annotation, field],
            default=inspect.Parameter.empty if field.is_required() else field.default,
        )
        for name, field in fields.items()
    ]
    call.__name__ = tool.name
    returned = Annotated[CallToolResult, tool.answer]
    signature = inspect.Signature(parameters, return_annotation=returned)
    setattr(call, "__signature__", signature)  # noqa: B010  how Python lets one be stated
    call.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": returned}
    return call


def refuse(error: MosError) -> CallToolResult:
    """Return a refusal as an agent can read it: in words, and as reason, detail and `retry`."""
    said = describe_refusal(error)
    text = TextContent(type="text", text=f"{said['reason']}: {said['detail']}")
    return CallToolResult(content=[text], structured_content={"error": said}, is_error=True)


def serve(event: dict[str, Any], desk: Desk, note: Note) -> dict[str, Any]:
    """Answer one HTTP API request (payload 2.0) with the SDK's own app."""
    return asyncio.run(asyncio.wait_for(_serve(event, desk, note), _SECONDS))


async def _serve(event: dict[str, Any], desk: Desk, note: Note) -> dict[str, Any]:
    _DESK.set(desk)
    _NOTE.set(note)
    host = event["headers"].get("host", "localhost")
    # A new app per invocation: the SDK's session manager runs only once.
    app = server(frozenset(desk.scope.tools)).streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(
            allowed_hosts=[host], allowed_origins=[f"https://{host}", f"http://{host}"]
        ),
    )
    reply: dict[str, Any] = {"statusCode": 500, "headers": {}, "body": ""}
    chunks: list[bytes] = []
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()  # The client stays connected until it has its answer.
        sent = True
        raw = event.get("body") or ""
        body = base64.b64decode(raw) if event.get("isBase64Encoded") else raw.encode()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401  ASGI
        if message["type"] == "http.response.start":
            reply["statusCode"] = message["status"]
            reply["headers"] = {k.decode(): v.decode() for k, v in message["headers"]}
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    async with app.router.lifespan_context(app):
        await app(_scope(event), receive, send)
    reply["body"] = b"".join(chunks).decode()
    return reply


def _scope(event: dict[str, Any]) -> dict[str, Any]:
    headers = [(k.lower().encode(), v.encode()) for k, v in event["headers"].items()]
    http = event["requestContext"]["http"]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": http["method"],
        "scheme": "https",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "query_string": event.get("rawQueryString", "").encode(),
        "root_path": "",
        "headers": headers,
        "client": (http.get("sourceIp", "127.0.0.1"), 0),
        "server": (event["requestContext"].get("domainName", "localhost"), 443),
    }
