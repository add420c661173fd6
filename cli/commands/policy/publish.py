"""`mos policy publish` and `activate`: store a bundle for ever, and move the pointer to it."""

import getpass
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.commands.policy.check import examine
from cli.commands.policy.source import POLICIES, Folder
from cli.deployment import Deployment, deployment
from cli.output import AsJson
from mos.aws.bucket import S3Bucket
from mos.aws.bundles import BundleStore
from mos.policy.bundle import Bundle, read_folder


def publish(
    folder: Annotated[Path, Folder] = POLICIES,
    activate: Annotated[bool, typer.Option(help="Move the pointer to it as well.")] = False,  # noqa: FBT002  Typer's own form of a flag
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Store the bundle, immutable under its digest. One with mistakes is refused."""
    bundle = read_folder(folder)
    new = put(deployment(), bundle, activate=activate)
    if as_json:
        typer.echo(json.dumps({"digest": bundle.digest, "new": new, "active": activate}))
        return
    state = "published" if new else "was published before"
    Console().print(f"{bundle.digest} {state}{' and is active' if activate else ''}")


def activate(digest: Annotated[str, typer.Argument(help="A published bundle's digest.")]) -> None:
    """Move the pointer: runs that begin now use it; running ones end on the one they began with."""
    store_of(deployment()).activate(digest, getpass.getuser())
    Console().print(f"{digest} is active")


def put(where: Deployment, bundle: Bundle, *, activate: bool) -> bool:
    """Publish a bundle that has no mistakes; say whether it was new."""
    mistakes = [f for f in examine(bundle) if f["level"] == "error"]
    if mistakes:
        first = mistakes[0]
        Console(stderr=True).print(
            f"[red]not published[/] {len(mistakes)} mistakes, first: "
            f"{first['file']}: {first['detail']}"
        )
        raise typer.Exit(1)
    store = store_of(where)
    new = store.publish(bundle)
    if activate:
        store.activate(bundle.digest, getpass.getuser())
    return new


def store_of(where: Deployment) -> BundleStore:
    """Return the stage's bundles."""
    return BundleStore(S3Bucket(where.bucket("bundles"), where.client("s3")))
