"""`mos rehearse`: whom and what a candidate bundle would change, before it ships."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.output import AsJson

app = typer.Typer()
_DAYS = 3650
_STOPPED = {
    False: "stopped: nothing was written",
    True: "stopped here: what was started in AWS goes on",
}


@app.command("rehearse")
def rehearse(  # noqa: PLR0913  a command's options
    *,
    bundle: Annotated[str, typer.Option(help="The candidate: a folder, or a published digest.")],
    baseline: Annotated[
        str, typer.Option(help="What it is set against: a folder, a digest, or `active`.")
    ] = "",
    last: Annotated[str, typer.Option(help="Decisions of so many days.")] = "90d",
    file: Annotated[
        Path | None,
        typer.Option(help="Decisions as JSON lines (.jsonl, .jsonl.gz), or an archive's folder."),
    ] = None,
    world: Annotated[
        int | None, typer.Option(help="The seed of a market in place of real decisions.")
    ] = None,
    houses: Annotated[int, typer.Option(help="Companies of that market.", min=5, max=2000)] = 150,
    html: Annotated[Path | None, typer.Option(help="Write a page to look at.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write it for a pull request.")] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the decisions that were read: a .jsonl.gz.")
    ] = None,
    cloud: Annotated[
        bool, typer.Option("--cloud", help="Have AWS do it, over an export of the whole ledger.")
    ] = False,
    export: Annotated[
        str, typer.Option(help="With --cloud: the ARN of an earlier export, in place of a new one.")
    ] = "",
    accept: Annotated[str, typer.Option(help="Stand for guardrails that break on purpose.")] = "",
    sign: Annotated[
        bool, typer.Option("--sign", help="Store a signed report with the stage.")
    ] = False,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Decide recorded decisions again under a candidate, with the facts as known then.

    Nothing is decided, sent or learned by it. Exit 1 where a guardrail breaks, 2 on bad input.
    `mos policy activate` wants a signed report of the bundle that it makes active.
    """
    from rich.console import Console  # noqa: PLC0415  slow: only what runs pays

    from cli.refusal import bad_input  # noqa: PLC0415  as above
    from cli.rehearse import output  # noqa: PLC0415  as above
    from cli.rehearse.job import Job  # noqa: PLC0415  as above
    from cli.rehearse.proof import prove_bundle  # noqa: PLC0415  as above
    from cli.rehearse.stopping import at_once  # noqa: PLC0415  as above
    from cli.rehearse.told import tell  # noqa: PLC0415  as above
    from mos.errors import MosError  # noqa: PLC0415  as above

    how = {"days": _days(last), "file": file, "world": world, "houses": houses, "keep": keep}
    there = {"cloud": cloud, "export": export}
    offline = file is not None or world is not None
    _must_have_folders(html, markdown, keep)
    _must_fit(cloud=cloud, export=export, here=offline or keep is not None)
    _must_be_evidence(file, world, sign=sign)
    with bad_input():
        job = Job.of(bundle, baseline, offline=offline, accepted=accept, **how, **there)
    try:
        with at_once(_STOPPED[cloud]), output.progress(quiet=as_json) as say:
            impact = job.impact(say)
            if sign and impact.decisions:
                impact = prove_bundle(job.candidate, bundle, say).add_to(impact)
    except (MosError, OSError) as error:
        raise _refused(f"not rehearsed: {error}") from None
    if not impact.decisions:
        raise _refused(f"nothing to rehearse on: no decision was recorded ({impact.source})")
    if cloud:
        typer.secho(f"export: {job.export}", err=True)
    output.write(impact, html, markdown)
    if sign:
        output.sign(impact)
    if as_json:
        typer.echo(json.dumps(json.loads(impact.model_dump_json()), indent=2))
    else:
        tell(impact, Console())
    raise typer.Exit(1 if impact.broken else 0)


def _must_have_folders(*paths: Path | None) -> None:
    for path in filter(None, paths):
        if not path.parent.is_dir():
            raise _refused(f"{path}: there is no folder {path.parent} to write it into")


def _must_fit(*, cloud: bool, export: str, here: bool) -> None:
    if cloud and here:
        raise _refused(
            "--cloud works on the stage's own ledger: not with --file, --world or --keep"
        )
    if export and not cloud:
        raise _refused("--export is for --cloud")


def _must_be_evidence(file: Path | None, world: int | None, *, sign: bool) -> None:
    if file is not None and world is not None:
        raise _refused("--file or --world: decisions come from one of them")
    if file is not None and sign:
        raise _refused(
            "--sign is for what the stage's ledger or a market shows (--last, --cloud, --world): "
            "anybody can leave lines out of a file"
        )


def _days(last: str) -> int:
    number = last.removesuffix("d")
    if not number.isdecimal() or not 1 <= int(number) <= _DAYS:
        raise _refused(f"--last is a number of days, as 90d; found {last!r}")
    return int(number)


def _refused(text: str) -> typer.Exit:
    typer.secho(text, fg="red", err=True)
    return typer.Exit(2)
