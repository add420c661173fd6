"""`mos policy golden`: a corrected decision becomes a test of the policy."""

from pathlib import Path
from typing import Annotated

import typer

from cli.bundle import POLICIES
from cli.output import AsJson, complain, finish
from cli.refusal import bad_input
from mos.errors import MalformedError
from mos.policy.bundle.bundle import read_folder


def golden(  # noqa: PLR0913  a command's options
    decision_id: Annotated[str, typer.Argument(help="The decision that was wrong: dec_…")],
    *,
    because: Annotated[str, typer.Option(help="Why it was wrong; kept with the test.")],
    route: Annotated[str, typer.Option(help="It should have gone to: ae, bdr …")] = "",
    table: Annotated[str, typer.Option(help="Another table that should have answered …")] = "",
    expect: Annotated[
        list[str] | None, typer.Option(help="… this: output=value; repeat for more.")
    ] = None,
    action: Annotated[str, typer.Option(help="The action that should have come first.")] = "",
    never: Annotated[str, typer.Option(help="The action that should not have.")] = "",
    person: Annotated[str, typer.Option(help="For whom: per_…; without it, anybody.")] = "",
    folder: Annotated[
        Path, typer.Option("--into", "--bundle", help="The bundle's folder to write into.")
    ] = POLICIES,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Write a test of what a recorded decision should have been, from the facts as known then.

    It fails until the policy is right, and is part of `mos policy test` from then on. Names of
    people and accounts are left out. Exit 1 where it holds already: there is nothing to correct.
    """
    from cli.record import record_of_stage  # noqa: PLC0415  slow: the engine and the verbs
    from cli.whole_file import write_whole  # noqa: PLC0415  as above
    from functions.simulation.golden.correct import Correction, correct  # noqa: PLC0415  as above

    wanted = Correction(because, route, table, tuple(expect or ()), action, never, person)
    if not wanted.is_one:
        complain("say what should have been: one of --route, --table, --action and --never")
        raise typer.Exit(2)
    with bad_input():
        bundle = read_folder(folder)
    record = record_of_stage(decision_id=decision_id)
    with bad_input():
        try:
            corrected = correct(record, wanted, bundle)
        except MalformedError as error:
            raise ValueError(str(error)) from None
        if corrected.put.is_new:
            write_whole(folder / corrected.put.file, corrected.put.text)
    finish(corrected.data, corrected.lines, as_json=as_json, found=not corrected.put.fails)
