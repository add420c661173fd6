"""`mos policy history`: which bundle was active since when, by whose hand and on which ground."""

from typing import Annotated

from cli.deployment import deployment
from cli.output import AsJson, finish
from cli.refusal import may_refuse
from mos.deployment import storage
from mos.deployment.standing import read_standing


def history(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """List the last moves of the pointer, the newest first: by whom, when, on which ground, why.

    Exits 1 where the pointer names a bundle that is not followed.
    """
    with may_refuse("no history"):
        found = read_standing(storage.open_bundles(deployment()))
    lines = [found.said, *(move.said for move in found.moves)]
    data = {
        "pointer": found.pointer, "decides": found.decides, "refused": found.refused,
        "moves": [move.model_dump(mode="json") for move in found.moves],
    }  # fmt: skip
    finish(data, lines, as_json=as_json, found=bool(found.refused))
