"""`mos replay`: decide again from a decision's record alone, and compare the bytes."""

from typing import Annotated

import typer

from cli.output import AsJson

app = typer.Typer()


@app.command("replay")
def replay(
    decision_id: Annotated[str, typer.Argument(help="A decision: dec_…")],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Decide again from the record and its bundle. Exit 1 where a byte differs, saying which.

    Nothing is written.
    """
    from cli.output import finish  # noqa: PLC0415  slow: the engine
    from cli.record import record_of_stage  # noqa: PLC0415  as above
    from functions.simulation.replay.exact import replay_exactly  # noqa: PLC0415  as above

    found = replay_exactly(record_of_stage(decision_id=decision_id))
    data = {
        "decision_id": decision_id,
        "same": not found.apart,
        "whole": found.whole,
        "differences": list(found.apart),
    }
    finish(data, found.lines, as_json=as_json, found=bool(found.apart))
