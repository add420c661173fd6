"""`mos what-if`: the last decision made again with other facts."""

from typing import Annotated

import typer

from cli.output import AsJson

app = typer.Typer()


@app.command("what-if")
def what_if(
    subject: Annotated[str, typer.Argument(help="A person: per_…, a mailbox, or type:value.")],
    facts: Annotated[
        list[str], typer.Argument(help="fact=value …; a set as a,b; `unknown` for not known.")
    ],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Permit and decide again from the last decision's record, with these facts changed.

    Facts of `person.…` change for this person, others for the group. Nothing is written.
    """
    from cli.output import complain, finish  # noqa: PLC0415  slow: the engine
    from cli.record import record_of_stage  # noqa: PLC0415  as above
    from functions.simulation.replay.assumption import parse_facts  # noqa: PLC0415  as above
    from functions.simulation.replay.counterfactual import decide_otherwise  # noqa: PLC0415  as above
    from mos.errors import MalformedError  # noqa: PLC0415  as above

    kept = record_of_stage(subject=subject)
    try:
        found = decide_otherwise(kept, parse_facts(facts, kept.bundle))
    except MalformedError as error:
        complain(str(error))
        raise typer.Exit(2) from None
    finish(found.data, found.lines, as_json=as_json, found=False)
