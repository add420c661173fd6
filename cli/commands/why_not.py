"""`mos why-not`: where an action fell for somebody, or by what it lost, and what would turn it."""

from typing import Annotated

import typer

from cli.output import AsJson

app = typer.Typer()


@app.command("why-not")
def why_not(
    subject: Annotated[str, typer.Argument(help="A person: per_…, a mailbox, or type:value.")],
    action: Annotated[str, typer.Argument(help="An action of the catalogue, such as bdr_call.")],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Why the last decision did not give them this action: gate, row, condition, facts, factors.

    With the smallest change of facts that would have given it the highest priority.
    """
    from cli.output import complain, finish  # noqa: PLC0415  slow: the engine
    from cli.record import record_of_stage  # noqa: PLC0415  as above
    from functions.simulation.replay.why_not import dump_flips, find_near_routes, render_near_routes  # noqa: PLC0415
    from functions.simulation.replay.why_not import explain_why_not as asked  # noqa: PLC0415  as above
    from mos.errors import MissingError  # noqa: PLC0415  as above

    kept = record_of_stage(subject=subject)
    try:
        found = asked(kept, action)
    except MissingError as error:
        complain(str(error))
        raise typer.Exit(2) from None
    routes = find_near_routes(kept)
    told = {to: dump_flips(flips) for to, flips in routes.items()}
    lines = [*found.lines, render_near_routes(routes, kept.decision)]
    finish(found.data | {"routes": told}, lines, as_json=as_json, found=False)
