"""`mos identity preview | verify`: what other rules would do, and is what is stored true."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.deployment import deployment
from cli.drawn_table import draw_table, find_width
from cli.output import AsJson
from lab.progress import steps
from mos.deployment.deployment import Deployment
from mos.deployment.page import read_bodies

# The policy engine and rich are slow to import: only the functions that use them do.
if TYPE_CHECKING:
    from mos.identity.preview import Preview, Union
    from mos.policy.bundle.bundle import Bundle

_FOLDER = typer.Option("--bundle", help="The bundle's folder.")
_EXAMPLES = 20


def preview_rules(
    folder: Annotated[Path, _FOLDER],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """How many people a changed match rule would merge or split, before it is active.

    The whole log is read again under both bundles; nothing is written. Exit 1 when it would merge
    people who have answered the same question differently.
    """
    from mos.identity.preview import preview  # noqa: PLC0415  slow: see above
    from mos.identity.replay import Replay  # noqa: PLC0415  slow: see above
    from mos.model.signal import Signal  # noqa: PLC0415  slow: see above
    from mos.policy.bundle.bundle import read_folder  # noqa: PLC0415  slow: see above

    where = deployment()
    with steps("Reading the log") as say:
        signals = [Signal.parse(body) for body in read_bodies(where, "signals", say)]
        say("linking under both bundles")
        before = Replay(_active(where)).take(signals)
        found = preview(before, Replay(read_folder(folder)).take(signals))
    if as_json:
        typer.echo(json.dumps(_data(found), indent=2))
    else:
        _print(found)
    raise typer.Exit(1 if found.opposed else 0)


def verify(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Read the whole log again and compare every profile with what is stored, byte by byte."""
    from mos.identity.check import differences  # noqa: PLC0415  slow: see above
    from mos.identity.replay import Replay  # noqa: PLC0415  slow: see above
    from mos.model.profile import Profile  # noqa: PLC0415  slow: see above
    from mos.model.signal import Signal  # noqa: PLC0415  slow: see above

    where = deployment()
    with steps("Reading the log") as say:
        signals = [Signal.parse(body) for body in read_bodies(where, "signals", say)]
        stored = [Profile.parse(body) for body in read_bodies(where, "people", say)]
        say("folding")
        differ = differences(stored, Replay(_active(where)).take(signals))
    found = {"signals": len(signals), "people": len(stored), "differ": differ}
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        same = len(stored) - len(differ)
        typer.echo(
            f"{len(signals)} signals read again: {same} of {len(stored)} stored profiles are the "
            "same, byte by byte"
        )
        for person, what in list(differ.items())[:_EXAMPLES]:
            typer.echo(f"  differs: {person}: {what}")
    raise typer.Exit(1 if differ else 0)


def _active(where: Deployment) -> "Bundle":
    from mos.deployment import storage  # noqa: PLC0415  slow: see above

    return storage.open_bundles(where).active()


def _data(found: "Preview") -> dict[str, Any]:
    return {
        "people_before": found.people_before,
        "people_after": found.people_after,
        "merged": found.merged,
        "into": len(found.unions),
        "split": len(found.splits),
        "opposite_consents": len(found.opposed),
        "unions": [
            {"people": u.people, "identifiers": u.identifiers,
             "opposite": [p.value for p in u.opposite]}
            for u in _worst(found)
        ],
        "splits": [{"person": s.person, "parts": s.parts} for s in found.splits[:_EXAMPLES]],
    }  # fmt: skip


def _worst(found: "Preview") -> "Iterable[Union]":
    return sorted(found.unions, key=lambda u: -len(u.opposite))[:_EXAMPLES]


def _print(found: "Preview") -> None:
    from rich.console import Console  # noqa: PLC0415  slow: see above

    console = Console()
    console.print(
        f"{found.people_before} people would become {found.people_after}: {found.merged} merge "
        f"into {len(found.unions)}, {len(found.splits)} split; "
        f"[{'red' if found.opposed else 'green'}]{len(found.opposed)} merges join opposite "
        "consents[/]"
    )
    if found.unions:
        rows = [
            (
                ", ".join(union.people),
                ", ".join(union.identifiers[:8]),
                ", ".join(p.value for p in union.opposite),
            )
            for union in _worst(found)
        ]
        head = ("would be one", "because they share", "opposite consents")
        console.print(draw_table("Unions", head, rows, find_width(console)), soft_wrap=True)
    if found.splits:
        parted = [
            (split.person, "; ".join(", ".join(part) for part in split.parts))
            for split in found.splits[:_EXAMPLES]
        ]
        parts = ("would be several", "parts")
        console.print(draw_table("Splits", parts, parted, find_width(console)), soft_wrap=True)
