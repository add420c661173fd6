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
    from functions.agent import tools  # noqa: PLC0415
    from functions.agent.mcp_offer import furnish_machine  # noqa: PLC0415
    from functions.agent.server import server_of  # noqa: PLC0415
    from functions.agent.tool import Tool  # noqa: PLC0415
    from mos import plugins  # noqa: PLC0415  seconds to import

    made = server_of(lambda tool: ask_stage(tool, deployment().ask))
    furnish_machine(made, {one.name for one in plugins.discover(tools, "TOOL", Tool).values()})
    made.run("stdio")


def ask_stage(tool: Any, ask: Callable[..., Any]) -> Callable[..., Any]:  # noqa: ANN401  loaded late
    """Return what asks a stage: the arguments as JSON has them, and only those that were given."""
    from functions.agent.tool import ToolReply  # noqa: PLC0415
    from mos.refusal import read_reply  # noqa: PLC0415  seconds to import

    def call(**arguments: Any) -> Any:  # noqa: ANN401  the tool's own arguments
        given = tool.arguments.model_construct(**arguments).model_dump(
            mode="json", exclude_unset=True
        )
        return ToolReply.model_validate(read_reply(ask(tool.name, **given)))

    return call
