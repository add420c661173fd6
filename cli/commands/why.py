"""`mos why`: Why a person stands where they stand, and why the last decision was made."""

from typing import Annotated, Any

import typer

from cli.deployment import deployment
from cli.output import AsJson, show
from mos.errors import MosError

app = typer.Typer()


@app.command("why")
def why(
    subject: Annotated[str, typer.Argument(help="A person: per_…, a mailbox, or type:value.")],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Why a person stands where they stand, and why the last decision was made.

    With the smallest change of facts that would have sent the group another way.
    """
    answer = deployment().ask("why", subject=subject)
    if answer.get("ok") and answer["data"].get("decision"):
        _almost(answer)
    show(answer, f"why {subject}", as_json=as_json)


def _almost(answer: dict[str, Any]) -> None:
    """Add to the answer which routes the last decision almost took."""
    from functions.simulation.replay.record import read_record  # noqa: PLC0415
    from functions.simulation.replay.why_not import dump_flips, find_near_routes, render_near_routes  # noqa: PLC0415
    from mos.aws.session import answered  # noqa: PLC0415
    from mos.deployment import storage  # noqa: PLC0415

    where, decision_id = deployment(), answer["data"]["decision"]["decision_id"]
    try:
        with answered():
            found = read_record(
                where.ask, storage.open_bundles(where).load, decision_id=decision_id
            )
    except MosError as error:
        # Who may ask why need not be able to read bundles.
        answer["text"] += f"\nAlmost: not worked out without record and bundle ({error})"
        return
    routes = find_near_routes(found)
    answer["text"] += f"\n{render_near_routes(routes, found.decision)}"
    answer["data"]["almost"] = {to: dump_flips(flips) for to, flips in routes.items()}
