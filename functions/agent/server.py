"""The tools as an MCP server, answered inside one Lambda invocation."""

import inspect
import logging
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, TextContent, ToolAnnotations

from functions.agent import tools
from functions.agent.answer import answer
from functions.agent.mcp_offer import furnish
from functions.agent.pages import FIRST, read_page
from functions.agent.reception import Note
from functions.agent.seat import DESK, NOTE
from functions.agent.tool import Effect, Tool, ToolReply
from functions.agent.tool_server import ToolServer, refuse
from mos import __version__, plugins
from mos.errors import MosError
from mos.refusal import describe_refusal

_DRY_RUN = "mos/would-put-in"


@lru_cache(maxsize=32)
def server(allowed: frozenset[str]) -> MCPServer[Any]:
    """Return the server with the tools that an agent may use, made once per container."""
    logging.getLogger("mcp").setLevel(logging.WARNING)
    made = server_of(_callable, allowed, _note)
    furnish(made, allowed)
    return made


def server_of(
    callable_of: Callable[[Tool], Callable[..., ToolReply]],
    allowed: AbstractSet[str] | None = None,
    note: Note = lambda *_: None,
) -> MCPServer[Any]:
    """Return a server whose tools are answered by what `callable_of` makes of each.

    A client is shown those that are `allowed`; all of them where nothing is said. `note` keeps the
    calls that reach no tool.
    """
    every = plugins.discover(tools, "TOOL", Tool).values()
    offered = {tool.name: tool for tool in every if allowed is None or tool.name in allowed}
    made = ToolServer(
        offered,
        note,
        _tell_crash,
        frozenset(tool.name for tool in every),
        title="Marketing Operating System",
        instructions=read_page(FIRST),
        version=__version__,
        subscriptions=False,  # one invocation has an end: there is no stream for news
    )
    for tool in offered.values():
        hints = annotate(tool)
        run = described(tool, callable_of(tool))
        made.tool(name=tool.name, description=tool.description, annotations=hints)(run)
    return made


def annotate(tool: Tool) -> ToolAnnotations:
    """Return what a client may warn of, as MCP means it.

    Destructive is what does more than add. What acts or destroys reaches others' systems: the
    providers at which something leaves or is taken back.
    """
    reads, changes = tool.effect is Effect.READS, tool.effect in (Effect.ACTS, Effect.DESTROYS)
    return ToolAnnotations(
        read_only_hint=reads,
        destructive_hint=changes,
        idempotent_hint=reads,
        open_world_hint=changes,
    )


def _tell_crash(tool: str, error: Exception) -> None:
    """Log what a tool broke by: it is kept from whoever asked."""
    logging.getLogger("mcp").error("tool_failed", extra={"tool": tool}, exc_info=error)


def _note(tool: str, arguments: Mapping[str, object], end: str) -> None:
    """Keep a call that reached no tool; what is no tool's name may be anything."""
    NOTE.get()(
        tool if tool.replace("_", "-") in plugins.names(tools) else "unknown", arguments, end
    )


def _callable(tool: Tool) -> Callable[..., ToolReply]:
    def call(**arguments: Any) -> ToolReply:  # noqa: ANN401  checked by the arguments' model
        note = NOTE.get()
        try:
            said = answer(tool, arguments, DESK.get())
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
        made = CallToolResult(content=[text], structured_content=reply.data)
        if reply.would_put_in:
            made.meta = {_DRY_RUN: list(reply.would_put_in)}
        return made

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
