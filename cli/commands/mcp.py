"""`mos mcp`: the deployed system as an MCP server on standard input and output."""

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
    from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415  seconds to import

    from functions.agent.server import described, server_of  # noqa: PLC0415
    from functions.agent.tool import Answer, Tool  # noqa: PLC0415

    def callable_of(tool: Tool) -> Any:  # noqa: ANN401  a function with the tool's own signature
        def call(**arguments: Any) -> Answer:  # noqa: ANN401  the tool's own arguments
            told = deployment().ask(tool.name, **arguments)
            if not told.get("ok"):
                raise ToolError(f"{told.get('reason')}: {told.get('detail')}")
            return Answer(text=told["text"], data=told["data"])

        return described(tool, call)

    server_of(callable_of).run("stdio")
