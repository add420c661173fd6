"""`mos policy vouch`: stand for what a bundle loosens, or for what no rehearsal can show."""

from typing import Annotated

import typer

from cli.deployment import deployment
from cli.output import AsJson, finish
from cli.refusal import may_refuse
from mos.deployment import storage
from mos.deployment.release import NotReleasedError
from mos.deployment.vouching import Vouching
from mos.errors import MalformedError, ReportError
from mos.model.report import ImpactReport


def vouch(
    digest: Annotated[str, typer.Argument(help="A published bundle's digest.")],
    name: Annotated[str, typer.Argument(help="Who stands for it, as approvals/approvers says.")],
    why: Annotated[str, typer.Option(help="Why; kept with the bundle for ever.")] = "",
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Stand for a bundle that loosens consent, gates, caps or agents, or that no lead meets.

    It takes two people, none of whom proposed it, each with a reason. What they stand for is
    printed and kept. Rehearse it first: what no lead meets is known afterwards.
    """
    where = deployment()
    store = storage.open_bundles(where)
    with may_refuse("not vouched"):
        candidate = store.find(digest)
        report = _report_of(candidate.digest)
        try:
            word = Vouching(where, store).vouch(candidate, report, name, why)
        except MalformedError as error:
            raise NotReleasedError(error.detail) from None
        storage.open_bundles(where, storage.PUBLISHER).admissions.vouch(word)
    lines = [f"{word.by} stands for {candidate.digest[:12]}:", *(f"  - {a}" for a in word.about)]
    finish({"vouch": word.model_dump(mode="json")}, lines, as_json=as_json, found=False)


def _report_of(digest: str) -> ImpactReport | None:
    try:
        return storage.open_reports(deployment()).of(digest)
    except ReportError:
        return None
