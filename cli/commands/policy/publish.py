"""`mos policy publish`, `activate` and `rollback`: store a bundle for ever, move the pointer."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.bundle import POLICIES, Folder
from cli.deployment import deployment
from cli.output import AsJson, finish
from cli.refusal import bad_input, may_refuse
from functions.simulation.golden.run import list_failures
from mos.deployment import storage
from mos.deployment.deployment import Deployment
from mos.deployment.proposal import PREFIX, open_proposal
from mos.deployment.release import Release, is_drilled
from mos.model.admission import SPOKEN, Admission, Ground, Vouch
from mos.model.report import ImpactReport
from mos.policy.bundle.bundle import read_folder
from mos.policy.examine import examine


def publish(
    proposal: Annotated[
        str, typer.Argument(help="An approved proposal, pol_…, instead of a folder.")
    ] = "",
    folder: Annotated[Path, Folder] = POLICIES,
    activate: Annotated[bool, typer.Option(help="Move the pointer to it as well.")] = False,  # noqa: FBT002  Typer's own form of a flag
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Store the bundle, immutable under its digest. One with mistakes is refused.

    A proposal makes the very bundle that was checked, rehearsed and approved.
    """
    release = Release(deployment(), getpass.getuser(), drills=False)
    with bad_input():
        bundle = read_folder(folder) if not proposal else None
    with may_refuse("not published"):
        proposers = list[str]()
        if bundle is None:
            made = open_proposal(release.where, storage.open_bundles(release.where), proposal)
            bundle, proposers = made.bundle, [made.proposed_by]
        found = [*examine(bundle, datetime.now(UTC).date()), *list_failures(bundle)]
        new = release.publish(bundle, found, proposers)
    if activate:
        with may_refuse("not activated"):
            release.activate(bundle.digest)
    state = "published" if new else "was published before"
    line = f"{bundle.digest} {state}{' and is active' if activate else ''}"
    data = {"digest": bundle.digest, "new": new, "active": activate}
    finish(data, [line], as_json=as_json, found=False)


def activate(
    digest: Annotated[
        str,
        typer.Argument(
            help="A published bundle's digest, eight letters of it at least, or an approved "
            "proposal that was published, pol_…."
        ),
    ],
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
    --sign`), over enough accounts to show what it changes, which broke no guardrail, and one for
    each task whose prompt, route or model it changes (`mos prompt eval TASK --live --sign`). What
    it loosens, and what no lead meets, takes two people's word: `mos policy vouch`. The first
    bundle of a stage needs no report. On a stage other than prod and the local one, the way back is
    tried before: `mos policy drill`.
    """
    where = deployment()
    drills = is_drilled(where.stage) if drill is None else drill
    with may_refuse("not activated"):
        digest = _name_digest(where, digest)
        ground = Release(where, getpass.getuser(), drills).activate(digest)
    rests = _rests_on(ground) if ground else []
    lines = [f"{digest} is active", *rests]
    finish({"active": digest, "rests_on": rests}, lines, as_json=as_json, found=False)


def rollback(
    digest: Annotated[
        str, typer.Argument(help="One that was active before; without it, the one before this.")
    ] = "",
    why: Annotated[str, typer.Option(help="Why; kept in the history.")] = "",
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Move the pointer back to a bundle that was active before. It needs no report."""
    with may_refuse("not rolled back"):
        digest = Release(deployment(), getpass.getuser(), drills=False).roll_back(digest, why)
    finish({"active": digest}, [f"{digest} is active again"], as_json=as_json, found=False)


def _name_digest(where: Deployment, named: str) -> str:
    """Return the whole digest of a published bundle, or of the one that a proposal makes.

    Raises:
        NotReleasedError: nobody approved the proposal.
        MissingError: it was not published.
    """
    store = storage.open_bundles(where)
    if named.startswith(PREFIX):
        named = open_proposal(where, store, named).bundle.digest
    return store.find(named).digest


def _rests_on(ground: Admission) -> list[str]:
    """Return on what an activation rests: which decisions, and what somebody stands for."""
    if ground.ground is not Ground.REPORT or ground.proof is None:
        return [f"it decides {SPOKEN[ground.ground]}"]
    report = ImpactReport.parse(ground.proof.text)
    on = (
        f"rehearsed on {report.decisions:,} decisions of {report.source}, {report.made_at:%Y-%m-%d}"
    )
    words = [Vouch.parse(one.text) for one in ground.vouches]
    return [
        on,
        *(f"accepted ({report.accepted}): {line}" for line in report.waived),
        *(f"{word.by} stands for it ({word.why}): {'; '.join(word.about)}" for word in words),
    ]
