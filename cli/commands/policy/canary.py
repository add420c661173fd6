"""`mos policy canary`: some accounts first, watched by guardrails, with a way back."""

import getpass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.deployment import deployment
from cli.output import AsJson, finish
from cli.refusal import may_refuse
from mos.aws.canaries import Canaries
from mos.deployment import storage
from mos.deployment.release import Release
from mos.model.canary import Canary, Watched

app = typer.Typer(help="A candidate for a share of accounts, ended when a guardrail breaks.")


@app.command()
def start(
    digest: Annotated[str, typer.Argument(help="A published and rehearsed bundle's digest.")],
    percent: Annotated[
        float | None, typer.Option(help="Share of accounts, in percent.", min=0.1, max=100)
    ] = None,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Let a share of accounts decide by a candidate, from their next run on."""
    where = deployment()
    store = storage.open_bundles(where, storage.ACTIVATOR)
    with may_refuse("not started"):
        Release(where, getpass.getuser(), drills=False).admit(store, digest)
        active = store.active()
        share = percent if percent is not None else 100 * active.number("canary_share")
        canary = Canary(
            digest=store.load(digest).digest,
            baseline=active.digest,
            percent=share,
            started_at=datetime.now(UTC),
            by=getpass.getuser(),
        )
        Canaries(store.bucket).start(canary)
    line = f"{share:g} % of accounts decide by {digest[:12]} from their next run on"
    finish({"canary": canary.model_dump(mode="json")}, [line], as_json=as_json, found=False)


@app.command()
def status(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say how the canary stands and what its guardrails said at the last look.

    Exits 1 where a guardrail has ended it, or nobody has looked at it for an hour.
    """
    canaries = Canaries(storage.open_bundles(deployment()).bucket)
    canary, watched = canaries.latest(), canaries.noted()
    if canary is None:
        finish({"canary": None}, ["no canary has run"], as_json=as_json, found=False)
        return
    about = watched if watched and watched.canary.started_at == canary.started_at else None
    data: dict[str, Any] = {
        "canary": canary.model_dump(mode="json"),
        "findings": [f.model_dump(mode="json") for f in about.findings] if about else [],
    }
    broken = any(f.broken for f in about.findings) if about else False
    lapse = None if canary.ended_at else canaries.find_lapse(canary, datetime.now(UTC))
    data["unwatched"] = lapse
    lines = _lines(canary, about)
    if lapse:
        lines.append(f"  {lapse}: nobody carries it any more")
    finish(data, lines, as_json=as_json, found=broken or lapse is not None)


@app.command()
def end(
    why: Annotated[str, typer.Option(help="Why it is ended; kept with it.")] = "ended by hand",
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Take the candidate back: runs that begin now decide by the active bundle."""
    with may_refuse("not ended"):
        store = storage.open_bundles(deployment(), storage.ACTIVATOR)
        canary = Canaries(store.bucket).end(datetime.now(UTC), why)
    data = {"canary": canary.model_dump(mode="json")}
    finish(
        data, [f"the canary of {canary.digest[:12]} has ended: {why}"], as_json=as_json, found=False
    )


def _lines(canary: Canary, watched: Watched | None) -> list[str]:
    how = f"ended {canary.ended_at:%F %H:%M}: {canary.ended}" if canary.ended_at else "runs"
    first = (
        f"{canary.percent:g} % of accounts, {canary.digest[:12]} against {canary.baseline[:12]}, "
        f"since {canary.started_at:%F %H:%M}: {how}"
    )
    if watched is None:
        return [first, "nobody has looked yet: the learning function does every five minutes"]
    return [first, *(f"  {f.guardrail}: {f.why}" for f in watched.findings)]
