"""Keep from an agent what a fault of ours would tell it: names of tables, addresses, rights."""

from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from functions.agent.seat import ENDS
from functions.agent.tool import Answer
from mos.errors import ConflictError, UnavailableError

_AWAY = "something that this server depends on does not answer: try again in a minute"
_REASON = "unavailable"


def shield(run: Callable[..., Answer]) -> Callable[..., Answer]:
    """Return `run`, whose failures say no more of us than that we are not well."""

    def call(**arguments: Any) -> Answer:  # noqa: ANN401  a tool's own arguments
        try:
            return run(**arguments)
        except ToolError as error:
            if not isinstance(error.__cause__, UnavailableError | ConflictError):
                raise
            ENDS.get()[-1:] = [_REASON]
            raise ToolError(_AWAY) from error.__cause__

    return call
