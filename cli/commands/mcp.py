"""`mos mcp`: the deployed system as an MCP server on standard input and output."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.deployment import deployment
from lab.engine.status import LOCAL
from mos.deployment.local import read_status

app = typer.Typer()
_WHERE = typer.Option(help="Only say where the HTTP server is.")


@app.command("mcp")
def mcp(
    where: Annotated[bool, _WHERE] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Serve the agent's tools over stdio, through IAM: what a local MCP client starts."""
    if where:
        told = read_status(LOCAL)
        Console().print(f"{told['mcp_url']}  Authorization: Bearer assistant.<token>")
        Console().print("The token is in .local/secrets.json, under agent/assistant.")
        return
    from functions.agent.server import server_of  # noqa: PLC0415
    from functions.agent.tool import Tool, ToolReply  # noqa: PLC0415
    from mos.refusal import read_reply  # noqa: PLC0415  seconds to import

    def callable_of(tool: Tool) -> Callable[..., ToolReply]:
        def call(**arguments: Any) -> ToolReply:  # noqa: ANN401  the tool's own arguments
            return ToolReply.model_validate(read_reply(deployment().ask(tool.name, **arguments)))

        return call

    server_of(callable_of).run("stdio")
