"""An MCP server that refuses in our own words: the library's repeat what was sent, and name it."""

import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, InputRequiredResult, TextContent
from mcp_types import Tool as ListedTool

from functions.agent.invalid import check_arguments
from functions.agent.reception import Note
from functions.agent.tool import Tool
from mos.errors import ConflictError, MalformedError, MosError, UnavailableError
from mos.refusal import RefusedError, describe_refusal

_REFUSAL, _REASON = "mos/refusal", "mos/reason"
_AWAY = "something that this server depends on does not answer: try again in a minute"
_NO_TOOL = "there is no such tool for this agent: tools/list names its tools"
_JSON = ("[", "{")


class ToolServer(MCPServer[Any]):
    """A server of some tools; `note` keeps the calls that none answers, `tell` logs a crash.

    `known` are the names of all there are: of one that is not among its own it says who may.
    """

    def __init__(
        self,
        tools: Mapping[str, Tool],
        note: Note,
        tell: Callable[[str, Exception], None],
        known: AbstractSet[str] = frozenset(),
        **about: Any,  # noqa: ANN401  the SDK's own
    ) -> None:
        super().__init__("marketing-os", **about)
        self._offered, self._note, self._tell, self._known = tools, note, tell, known

    async def list_tools(self) -> list[ListedTool]:
        """Return the tools as a client lists them: none takes an argument that it does not name."""
        return [
            one.model_copy(
                update={"input_schema": {**one.input_schema, "additionalProperties": False}}
            )
            for one in await super().list_tools()
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Return what a tool answers, or why it does not: its arguments are checked by its own."""
        tool = self._offered.get(name)
        if tool is None:
            # What is no tool's name may be anything: it is not kept.
            why = _NO_TOOL
            if name in self._known:
                why += f"; an operator may, with `mos {name.replace('_', '-')}`"
            return self._refuse(name, arguments, RefusedError("unknown_tool", why))
        given = read_json(tool, arguments)
        try:
            check_arguments(tool, given)
        except MalformedError as error:
            return self._refuse(name, arguments, error)
        try:
            return await super().call_tool(name, given, context)
        except ToolError as error:
            self._tell(name, error)
            why = f"{name} failed; nothing of it was this call's fault"
            return self._refuse(name, arguments, RefusedError("failed", why))

    def _refuse(self, name: str, arguments: Mapping[str, Any], error: MosError) -> CallToolResult:
        self._note(name, arguments, describe_refusal(error)["reason"])
        return refuse(error)


def read_json(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments, lists and objects being read that some clients write as JSON text."""
    return {
        name: _parse(value) if isinstance(value, str) and not _is_text(tool, name) else value
        for name, value in arguments.items()
    }


def _is_text(tool: Tool, name: str) -> bool:
    field = tool.arguments.model_fields.get(name)
    return field is None or field.annotation in (str, str | None)


def _parse(text: str) -> Any:  # noqa: ANN401  any JSON
    if not text.lstrip().startswith(_JSON):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def refuse(error: MosError) -> CallToolResult:
    """Return a refusal as an agent can read it: in words, and as reason, detail and `retry`.

    It stands in `_meta`: clients hold whatever is structured to the schema of the answer, of a
    refusal too. What a fault of ours would tell of us is kept back: tables, addresses, rights.
    """
    said = describe_refusal(error)
    if isinstance(error, UnavailableError | ConflictError):
        said = {"reason": "unavailable", "detail": _AWAY, "retry": True}
    text = TextContent(type="text", text=f"{said['reason']}: {said['detail']}")
    made = CallToolResult(content=[text], is_error=True)
    made.meta = {_REASON: said["reason"], _REFUSAL: said}
    return made
