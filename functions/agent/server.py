"""The tools as an MCP server, answered inside one Lambda invocation."""

import inspect
import logging
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from functions.agent import tools
from functions.agent.answer import answer
from functions.agent.mcp_offer import furnish
from functions.agent.pages import FIRST, read_page
from functions.agent.seat import DESK as _DESK
from functions.agent.seat import NOTE as _NOTE
from functions.agent.shield import shield
from functions.agent.tool import Answer, Effect, Tool
from mos import __version__, plugins
from mos.errors import MosError


@lru_cache(maxsize=32)
def server(allowed: frozenset[str]) -> MCPServer[Any]:
    """Return the server with the tools that an agent may use, made once per container."""
    logging.getLogger("mcp").setLevel(logging.WARNING)
    made = server_of(lambda tool: described(tool, shield(_callable(tool))), allowed)
    furnish(made, allowed)
    return made


def server_of(
    callable_of: Callable[[Tool], Callable[..., Answer]], allowed: AbstractSet[str] | None = None
) -> MCPServer[Any]:
    """Return a server whose tools are answered by what `callable_of` makes of each.

    A client is shown those that are `allowed`; all of them where nothing is said.
    """
    made: MCPServer[Any] = MCPServer(
        "marketing-os",
        title="Marketing Operating System",
        instructions=read_page(FIRST),
        version=__version__,
        subscriptions=False,  # one invocation has an end: there is no stream for news
    )
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
        run = callable_of(tool)
        made.tool(name=tool.name, description=tool.description, annotations=hints)(run)
    return made


def _callable(tool: Tool) -> Callable[..., Answer]:
    def call(**arguments: Any) -> Answer:  # noqa: ANN401  checked by the arguments' model
        note = _NOTE.get()
        try:
            said = answer(tool, arguments, _DESK.get())
        except MosError as error:
            note(tool.name, arguments, getattr(error, "reason", "missing"))
            raise ToolError(str(error)) from error
        note(tool.name, arguments, "ok")
        return said

    return described(tool, call)


def described(tool: Tool, call: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return `call` with the tool's arguments as its signature, as the SDK wants it."""
    fields = tool.arguments.model_fields
    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=field.annotation,
            default=inspect.Parameter.empty if field.is_required() else field.default,
        )
        for name, field in fields.items()
    ]
    call.__name__ = tool.name
    signature = inspect.Signature(parameters, return_annotation=Answer)
    setattr(call, "__signature__", signature)  # noqa: B010  how Python lets one be stated
    call.__annotations__ = {n: f.annotation for n, f in fields.items()} | {"return": Answer}
    return call
