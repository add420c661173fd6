"""`mos policy drill`: roll a release forward and back, and see that each way is taken."""

import getpass
from typing import Annotated

import typer

from cli.deployment import deployment
from cli.output import AsJson, finish
from cli.refusal import may_refuse
from mos.deployment import storage
from mos.deployment.drill import drill as drill_release
from mos.deployment.drill import missed_steps
from mos.deployment.release import Release


def drill(
    digest: Annotated[str, typer.Argument(help="A published and rehearsed bundle's digest.")],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Activate a bundle, roll it back, activate it again, and roll it back: for a staging stage.

    After each step the stage's own answer is asked for, not the pointer alone. The stage ends on
    the bundle that it began with. Exit 1 where a step is not taken within a minute.
    """
    where = deployment()
    store, actor = storage.open_bundles(where, storage.ACTIVATOR), getpass.getuser()
    with may_refuse("no drill"):
        before = store.active()
        Release(where, actor, drills=True).admit(store, digest)
        steps = drill_release(where, store, before.digest, digest, actor)
    lines = [
        f"{name}: " + ("not taken" if seconds is None else f"taken after {seconds:.1f} s")
        for name, seconds in steps
    ]
    data = {"steps": [{"step": n, "seconds": s} for n, s in steps], "ends_on": before.digest}
    finish(data, lines, as_json=as_json, found=bool(missed_steps(steps)))
