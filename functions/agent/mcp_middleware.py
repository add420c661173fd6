"""What stands around every MCP request: pages of lists, and refusals in our own words."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from mcp import MCPError
from mcp_types import INVALID_PARAMS
from pydantic import ValidationError

from functions.agent import tools
from functions.agent.invalid import describe_invalid
from functions.agent.seat import DESK, ENDS, NOTE
from functions.agent.tool import Tool
from mos import plugins

PAGE = 50
_LISTS = {
    "tools/list": "tools",
    "prompts/list": "prompts",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
}
_REFUSAL, _REASON = "mos/refusal", "mos/reason"
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


async def refuse_in_our_words(ctx: Any, call_next: Next) -> Any:  # noqa: ANN401  the SDK's own types
    """Return a tool's failure with its reason, and wrong arguments by their names alone.

    The library's own words repeat what was sent, and name the library.
    """
    said = await call_next(ctx)
    if ctx.method != "tools/call" or not isinstance(said, dict) or not said.get("isError"):
        return said
    params = ctx.params or {}
    name, arguments = str(params.get("name")), params.get("arguments") or {}
    meta = said.get("_meta", {})
    if ends := ENDS.get():
        reason, text = ends[-1], _text_of(said).removeprefix(f"Error executing tool {name}: ")
    else:
        # No tool has run, so none has kept the call.
        reason, detail = refuse_call(name, arguments)
        text, refusal = f"{reason}: {detail}", {"reason": reason, "detail": detail, "retry": False}
        meta = {**meta, _REFUSAL: refusal}
        NOTE.get()(name if _exists(name) else "unknown", arguments, reason)
    return {
        **said,
        "content": [{"type": "text", "text": text}],
        "_meta": {**meta, _REASON: reason},
    }


def refuse_call(name: str, arguments: Mapping[str, Any]) -> tuple[str, str]:
    """Return why a call reached no tool: a code, and a text that repeats no value."""
    if name not in DESK.get().scope.tools or not _exists(name):
        return "unknown_tool", "there is no such tool for this agent: tools/list names its tools"
    tool = plugins.load(tools, name, "TOOL", Tool)
    try:
        tool.arguments.model_validate(arguments)
    except ValidationError as error:
        return "malformed", f"{name}: {describe_invalid(tool.arguments, error)}"
    return "failed", f"{name} failed; nothing of it was this call's fault"


def _exists(name: str) -> bool:
    return name.replace("_", "-") in plugins.names(tools)


def _text_of(said: Mapping[str, Any]) -> str:
    return "\n".join(str(part.get("text", "")) for part in said.get("content", ()))


EVERY = (answer_in_pages, refuse_in_our_words)
