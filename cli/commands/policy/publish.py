"""`mos policy publish`, `activate` and `rollback`: store a bundle for ever, move the pointer."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.commands.policy.source import POLICIES, Folder, bad_input, complain, finish, may_refuse
from cli.deployment import Deployment, deployment
from functions.simulation.golden.run import findings
from cli.output import AsJson
from cli.policy.drilling import drilled, late
from mos.aws.bucket import S3Bucket
from mos.aws.bundles import BundleStore
from mos.aws.canaries import Canaries
from mos.aws.reports import ReportStore
from mos.aws.signer import KmsSigner
from mos.errors import MissingError
from mos.model.report import ImpactReport
from mos.policy.bundle.bundle import Bundle, read_folder
from mos.policy.checks.examine import ERROR, examine

_UNDRILLED = ("prod", "local")
PUBLISHER, ACTIVATOR = "policy-publisher", "policy-activator"


def publish(
    folder: Annotated[Path, Folder] = POLICIES,
    activate: Annotated[bool, typer.Option(help="Move the pointer to it as well.")] = False,  # noqa: FBT002  Typer's own form of a flag
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Store the bundle, immutable under its digest. One with mistakes is refused."""
    with bad_input():
        bundle = read_folder(folder)
    new = put(deployment(), bundle, activate=activate)
    state = "published" if new else "was published before"
    line = f"{bundle.digest} {state}{' and is active' if activate else ''}"
    data = {"digest": bundle.digest, "new": new, "active": activate}
    finish(data, [line], as_json=as_json, found=False)


def activate(
    digest: Annotated[str, typer.Argument(help="A published bundle's digest.")],
    drill: Annotated[
        bool | None,
        typer.Option(
            help="Roll it forward and back first; else only where it is not prod or local."
        ),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Move the pointer: runs that begin now use it; running ones end on the one they began with.

    It takes a fresh impact report of the bundle against the one that is active (`mos rehearse
    --sign`), which broke no guardrail. The first bundle of a stage needs none. On a stage other
    than prod and the local one, the way back is tried before: `mos policy drill`.
    """
    where = deployment()
    rests = _activate(
        where, digest, drill=where.stage not in _UNDRILLED if drill is None else drill
    )
    lines = [f"{digest} is active", *rests]
    finish({"active": digest, "rests_on": rests}, lines, as_json=as_json, found=False)


def rollback(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Move the pointer back to the bundle that was active before."""
    with may_refuse("not rolled back"):
        digest = store_of(deployment(), ACTIVATOR).roll_back(getpass.getuser())
    finish({"active": digest}, [f"{digest} is active again"], as_json=as_json, found=False)


def put(where: Deployment, bundle: Bundle, *, activate: bool) -> bool:
    """Publish a bundle that has no mistakes; say whether it was new."""
    found = [*examine(bundle, datetime.now(UTC).date()), *findings(bundle)]
    mistakes = [f for f in found if f["level"] == ERROR]
    if mistakes:
        first = mistakes[0]
        complain(
            f"not published: {len(mistakes)} mistakes, first: {first['file']}: {first['detail']}"
        )
        raise typer.Exit(1)
    new = store_of(where, PUBLISHER).publish(bundle)
    if activate:
        _activate(where, bundle.digest)
    return new


def _activate(where: Deployment, digest: str, *, drill: bool = False) -> list[str]:
    store = store_of(where, ACTIVATOR)
    with may_refuse("not activated"):
        report = must_ship(where, store, digest)
        if drill:
            _drilled(where, store, digest)
        store.activate(digest, getpass.getuser())
        _promoted(store, digest)
    return _rehearsed(report) if report else []


def _rehearsed(report: ImpactReport) -> list[str]:
    """Return on what an activation rests: which decisions, and what somebody stands for."""
    on = (
        f"rehearsed on {report.decisions:,} decisions of {report.source}, {report.made_at:%Y-%m-%d}"
    )
    return [on, *(f"accepted ({report.accepted}): {line}" for line in report.waived)]


def _drilled(where: Deployment, store: BundleStore, digest: str) -> None:
    """Try the way back before anybody needs it; the first bundle of a stage has none."""
    try:
        before = store.active_digest()
    except MissingError:
        return
    steps = drilled(where, store, before, digest) if before != digest else []
    if missed := late(steps):
        complain(f"not activated: the drill failed, {', '.join(missed)}: not taken in a minute")
        raise typer.Exit(1)


def _promoted(store: BundleStore, digest: str) -> None:
    """End the canary of a bundle that is everybody's now."""
    canaries = Canaries(store.bucket)
    canary = canaries.running()
    if canary and canary.digest == digest:
        canaries.end(datetime.now(UTC), "promoted: it is everybody's now")


def must_ship(where: Deployment, store: BundleStore, digest: str) -> ImpactReport | None:
    """Return the report that lets a bundle ship; the first one of a stage needs none.

    Raises:
        MissingError: no such bundle was published.
        ReportError: there is no fresh report that lets it ship.
    """
    store.load(digest)
    try:
        active = store.active()
    except MissingError:
        return None
    if active.digest == digest:
        return None
    days, now = active.number("report_fresh_days"), datetime.now(UTC)
    return reports_of(where, ACTIVATOR).must_allow(digest, active.digest, now, days)


def reports_of(where: Deployment, role: str = "") -> ReportStore:
    """Return the stage's impact reports, for reading or as a role sees them."""
    where = where.acting_as(role) if role else where
    bucket = S3Bucket(where.bucket("bundles"), where.client("s3"))
    return ReportStore(bucket, _signer(where))


def store_of(where: Deployment, role: str = "") -> BundleStore:
    """Return the stage's bundles, for reading or as a role sees them.

    In AWS they are signed by one role and activated by another; the local stage has neither.
    """
    where = where.acting_as(role) if role else where
    return BundleStore(S3Bucket(where.bucket("bundles"), where.client("s3")), _signer(where))


def _signer(where: Deployment) -> KmsSigner | None:
    if where.endpoint:
        return None
    return KmsSigner(f"alias/{where.name('bundles')}", where.client("kms"))
