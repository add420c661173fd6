"""What stands around every MCP request: pages of lists."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from mcp import MCPError
from mcp_types import INVALID_PARAMS

PAGE = 50
_LISTS = {
    "tools/list": "tools",
    "prompts/list": "prompts",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
}
Next = Callable[[Any], Any]


async def answer_in_pages(ctx: Any, call_next: Next) -> Any:  # noqa: ANN401  the SDK's own types
    """Return a list page by page; a place that this server never gave is refused."""
    key = _LISTS.get(ctx.method)
    if key is None:
        return await call_next(ctx)
    first = _place_of((ctx.params or {}).get("cursor"))
    said = dict(await call_next(ctx))
    every = list(said.get(key, ()))
    if first > len(every):
        raise MCPError(INVALID_PARAMS, "cursor: this server gave no such place; begin again")
    said[key] = every[first : first + PAGE]
    if first + PAGE < len(every):
        said["nextCursor"] = base64.urlsafe_b64encode(f"at:{first + PAGE}".encode()).decode()
    return said


def _place_of(cursor: object) -> int:
    if cursor is None:
        return 0
    try:
        text = base64.b64decode(str(cursor), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        text = ""
    if not text.startswith("at:") or not text[3:].isdecimal():
        raise MCPError(INVALID_PARAMS, "cursor: this server gave no such place; begin again")
    return int(text[3:])
