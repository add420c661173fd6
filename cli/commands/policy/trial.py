"""`mos policy test` and `mutate`: do the examples hold, what do they reach, what do they notice?"""

from pathlib import Path
from typing import Annotated

import typer

from cli.bundle import POLICIES, Folder, table_names
from cli.output import AsJson, finish
from cli.refusal import bad_input
from cli.rehearse.proof import play_stories
from functions.simulation.golden.trial import mutate_policy, try_policy
from mos.policy.analysis.draft import drafts
from mos.policy.bundle.bundle import Bundle, read_folder
from mos.policy.bundle.example import examples_of
from mos.policy.table.write import written_examples

Name = Annotated[str, typer.Argument(help="A table; without it, every one.")]


def run_tests(
    name: Name = "",
    folder: Annotated[Path, Folder] = POLICIES,
    at_least: Annotated[
        float, typer.Option(help="Exit 1 when fewer per cent of the rows are reached.")
    ] = 0.0,
    draft: Annotated[bool, typer.Option(help="Print tests that are missing, as TOML.")] = False,  # noqa: FBT002  Typer's own form of a flag
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Run every example and story, and say which rows none reaches. Exit 1 on a failure."""
    with bad_input():
        bundle = read_folder(folder)
        names = table_names(bundle, name)
        if draft:
            _draft(bundle, names)
        found = try_policy(bundle, names, whole=not name)
        stories = {} if name else play_stories(folder, bundle, lambda _share, _what: None)
    broken = {story: misses for story, misses in stories.items() if misses}
    failed, ran = found.failed + len(broken), found.ran + len(stories)
    lines = [*found.lines(), *(f"failed stories/{s}: {misses[0]}" for s, misses in broken.items())]
    share = f"{found.reached} of {found.rows} rows ({found.percent} %)"
    lines.append(f"{ran} examples, {failed} failed; {share}")
    data = {**found.to_json(), "examples": ran, "stories": len(stories), "failed_stories": broken}
    finish(data, lines, as_json=as_json, found=bool(failed) or found.percent < at_least)


def mutate(
    name: Name = "",
    folder: Annotated[Path, Folder] = POLICIES,
    at_least: Annotated[
        float, typer.Option(help="Exit 1 when fewer per cent of the changes are noticed.")
    ] = 100.0,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Move thresholds, outputs and parameters by a step: which change does no test notice?

    A number goes a step up and down, a truth turns round, a word becomes another of its column.

    Exit 1 where some are not noticed, or where examples fail before anything is changed.
    """
    with bad_input():
        bundle = read_folder(folder)
        found = mutate_policy(bundle, table_names(bundle, name), whole=not name)
    short = bool(found.failing) or found.percent < at_least
    finish(found.to_json(), found.lines(), as_json=as_json, found=short)


def _draft(bundle: Bundle, names: list[str]) -> None:
    for name in names:
        found = drafts(bundle.page(name), examples_of(bundle, name))
        if found:
            typer.echo(f"# tests/{name}.toml")
            typer.echo(written_examples(f"What {name} says today.", found))
    raise typer.Exit(0)
