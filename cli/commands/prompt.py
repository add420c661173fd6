"""`mos prompt`: prompts and models are tested like code before they ship."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.bundle import POLICIES, bundle_at
from cli.output import AsJson, finish
from cli.refusal import bad_input

app = typer.Typer(
    help="Evaluate and compare what tasks ask of models. "
    "Exit codes: 0 better or the same, 1 worse or nobody can tell, 2 bad input.",
    no_args_is_help=True,
)
_RULE = "rule"
TaskName = Annotated[str, typer.Argument(help="The task, such as draft_email.", metavar="TASK")]
BundlePlace = Annotated[str, typer.Option(help="The candidate: a folder, or a published digest.")]


@app.callback()
def _group() -> None:
    """Evaluate and compare what tasks ask of models."""


@app.command("eval")
def evaluate(  # noqa: PLR0913  a command's options
    task: TaskName,
    *,
    bundle: BundlePlace = str(POLICIES),
    against: Annotated[
        str,
        typer.Option(
            help="The baseline: `active`, a digest or a folder, or one model of the candidate's "
            "bundle; without it, the task's own rule."
        ),
    ] = _RULE,
    repeats: Annotated[int, typer.Option(help="Answers to each case.", min=1, max=50)] = 3,
    margin: Annotated[
        float, typer.Option(help="Less than this share of answers is the same.", min=0.01, max=0.5)
    ] = 0.10,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the providers, with the stage's keys.")
    ] = False,
    usd: Annotated[
        float, typer.Option(help="With --live: dollars that it may cost.", min=0.01, max=1000)
    ] = 1.0,
    cassettes: Annotated[
        Path | None,
        typer.Option(help="Where replies are kept; else the bundle's cassettes/TASK.jsonl."),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page to look at.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write it for a pull request.")] = None,
    accept: Annotated[
        str, typer.Option(help="Stand for a change that is worse, or of which nobody can tell.")
    ] = "",
    sign: Annotated[
        bool, typer.Option("--sign", help="Store a signed report with the stage.")
    ] = False,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Ask a task's golden cases of both sides, and say better, same, worse or cannot tell.

    Without --live answers come from cassettes alone: no network, no key. `mos policy activate`
    wants a signed report for each task whose prompt, route or model a bundle changes; it is asked
    anew, live.
    """
    from rich.console import Console  # noqa: PLC0415  slow: only what runs pays

    from cli.prompts import job as jobs  # noqa: PLC0415  as above
    from cli.prompts.live import open_live  # noqa: PLC0415  as above
    from cli.prompts.output import write  # noqa: PLC0415  as above
    from cli.prompts.told import tell  # noqa: PLC0415  as above
    from cli.rehearse.output import progress  # noqa: PLC0415  as above

    if sign and not live:
        raise typer.BadParameter("--sign is for what was asked now: with --live")
    if accept and not sign:
        raise typer.BadParameter("--accept is kept in a signed report: with --sign")
    with bad_input(), progress(quiet=as_json) as say:
        job = jobs.PromptJob(
            task=jobs.find_task(task),
            candidate=bundle_at(bundle),
            against=against,
            cassettes=cassettes or _place_cassettes(bundle, task),
            repeats=repeats,
            margin=margin,
            usd=usd,
            live=open_live() if live else None,
            fresh=sign,
        )
        found = job.run(say)
    write(found, html, markdown)
    if sign:
        jobs.sign(found, accept)
    if as_json:
        typer.echo(json.dumps(json.loads(found.model_dump_json()), indent=2))
    else:
        tell(found, Console())
    raise typer.Exit(0 if found.is_no_worse or accept else 1)


@app.command()
def diff(
    task: TaskName,
    *,
    bundle: BundlePlace = str(POLICIES),
    against: Annotated[str, typer.Option(help="A folder, a digest, or `active`.")] = "active",
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Show how a task's prompt, route and models' cards differ. Exit 1 where something does."""
    from cli.prompts.difference import list_differences  # noqa: PLC0415  only what asks pays
    from cli.prompts.job import find_task  # noqa: PLC0415  as above

    with bad_input():
        name = find_task(task).name
        found = list_differences(bundle_at(against), bundle_at(bundle), name)
    lines = [line for one in found for line in one["lines"]] or ["Nothing differs."]
    finish({"task": name, "differences": found}, lines, as_json=as_json, found=bool(found))


def _place_cassettes(bundle: str, task: str) -> Path:
    folder = Path(bundle) if Path(bundle).is_dir() else POLICIES
    return folder / "cassettes" / f"{task}.jsonl"
