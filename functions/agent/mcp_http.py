"""MCP over HTTP, answered by the SDK's own app inside one Lambda invocation."""

import asyncio
import json
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

from functions.agent.reception import Note
from functions.agent.reply import INTERNAL_ERROR, Reply, fail_rpc, reply
from functions.agent.request import HttpRequest
from functions.agent.seat import take_seat
from functions.agent.server import server
from functions.agent.tool import Desk

_SECONDS = 25.0
_CHECKED = TransportSecuritySettings(enable_dns_rebinding_protection=False)
"""The door itself checks hosts and origins, before it reads a token."""
_KIND = {"content-type": "application/json"}
"""What the door has found it to be: the library takes no other spelling."""
_WRONG = 400


def serve(request: HttpRequest, desk: Desk, note: Note) -> Reply:
    """Return the answer to one request of somebody who was let in."""
    take_seat(desk, note)
    return answer_mcp(server(frozenset(desk.scope.tools)), request)


def answer_mcp(made: MCPServer[Any], request: HttpRequest) -> Reply:
    """Return what a server answers to one request, within the time that the gateway waits."""
    try:
        return asyncio.run(asyncio.wait_for(_serve(made, request), _SECONDS))
    except TimeoutError:
        return fail_rpc(504, INTERNAL_ERROR, "this took too long: ask for less, or again later")


async def _serve(made: MCPServer[Any], request: HttpRequest) -> Reply:
    # A new app per invocation: the SDK's session manager runs only once.
    app = made.streamable_http_app(
        stateless_http=True, json_response=True, transport_security=_CHECKED
    )
    # What was checked is what is answered: a name that stands twice means one thing to all of us.
    body = json.dumps(request.read_message()).encode()
    status, headers, chunks, sent = 500, dict[str, str](), list[bytes](), False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()  # The client stays connected until it has its answer.
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401  ASGI
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {k.decode(): v.decode() for k, v in message["headers"]}
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    async with app.router.lifespan_context(app):
        await app(_scope_of(request), receive, send)
    return _tidy(status, headers, b"".join(chunks).decode())


def _tidy(status: int, headers: dict[str, str], body: str) -> Reply:
    """Return what the app answered; a refusal that is no JSON says in JSON what it means."""
    if status < _WRONG or _is_json(body):
        return {"statusCode": int(status), "headers": headers, "body": body}
    detail = {406: "send accept: application/json, text/event-stream"}.get(status, body)
    return reply(status, {"error": "refused", "detail": detail})


def _is_json(body: str) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _scope_of(request: HttpRequest) -> dict[str, Any]:
    """Return the request as ASGI has it: the path is the app's, whatever ours is called outside."""
    context = request.event["requestContext"]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "https",
        "path": "/mcp",
        "raw_path": b"/mcp",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in (request.headers | _KIND).items()
        ],
        "client": (str(context["http"].get("sourceIp", "127.0.0.1")), 0),
        "server": (str(context.get("domainName", "localhost")), 443),
    }
