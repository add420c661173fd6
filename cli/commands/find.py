"""`mos find`: people, companies and pages of policy, by what people call them."""

from typing import Annotated

import typer

from cli.deployment import deployment
from cli.output import AsJson, show

app = typer.Typer()


@app.command("find")
def find(
    text: Annotated[str, typer.Argument(help='"Jane Doe at Bright Pay", a company, an action, …')],
    most: Annotated[int, typer.Option(help="How many to show.", min=1, max=50)] = 10,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Find people, companies, actions, parameters and rows by what people call them."""
    show(deployment().ask("find", text=text, most=most), f"find {text}", as_json=as_json)
