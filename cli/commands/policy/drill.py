"""`mos policy drill`: roll a release forward and back, and see that each way is taken."""

import getpass
import time
from typing import Annotated

import typer

from cli.commands.policy.publish import ACTIVATOR, must_ship, store_of
from cli.commands.policy.source import finish, may_refuse
from cli.deployment import Deployment, deployment
from cli.output import AsJson
from mos.aws.bundles import BundleStore

_MOST_SECONDS = 60.0


def drill(
    digest: Annotated[str, typer.Argument(help="A published and rehearsed bundle's digest.")],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Activate a bundle, roll it back, activate it again, and roll it back: for a staging stage.

    After each step the stage's own answer is asked for, not the pointer alone. The stage ends on
    the bundle that it began with. Exit 1 where a step is not taken within a minute.
    """
    where = deployment()
    store = store_of(where, ACTIVATOR)
    with may_refuse("no drill"):
        before = store.active()
        must_ship(where, store, digest)
        steps = _steps(where, store, before.digest, digest)
    late = [name for name, seconds in steps if seconds is None]
    lines = [
        f"{name}: " + ("not taken" if seconds is None else f"taken after {seconds:.1f} s")
        for name, seconds in steps
    ]
    data = {"steps": [{"step": n, "seconds": s} for n, s in steps], "ends_on": before.digest}
    finish(data, lines, as_json=as_json, found=bool(late))


def _steps(
    where: Deployment, store: BundleStore, old: str, new: str
) -> list[tuple[str, float | None]]:
    actor = getpass.getuser()
    found: list[tuple[str, float | None]] = []
    for way in ("first", "second"):
        began = time.monotonic()
        store.activate(new, actor)
        found.append((f"{way} time forward", _taken(where, new, began)))
        began = time.monotonic()
        store.roll_back(actor)
        found.append((f"{way} time back", _taken(where, old, began)))
    return found


def _taken(where: Deployment, digest: str, began: float) -> float | None:
    """Return after how many seconds the stage answers by a bundle; None where it does not."""
    while (passed := time.monotonic() - began) < _MOST_SECONDS:
        answer = where.ask("policy")
        if answer.get("ok") and answer["data"]["bundle"] == digest:
            return passed
        time.sleep(1)
    return None
