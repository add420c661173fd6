"""`mos policy test` and `mutate`: do the examples hold, what do they reach, what do they notice?"""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.bundle import POLICIES, Folder, table_names
from cli.output import AsJson, finish
from cli.refusal import bad_input
from functions.simulation.golden.run import (
    GoldenOutcome,
    detects_change,
    render_failure,
    run_goldens,
)
from mos.policy.analysis.draft import drafts
from mos.policy.analysis.mutate import mutants, score
from mos.policy.bundle.bundle import Bundle, read_folder
from mos.policy.bundle.example import Coverage, coverage, examples_of, run_examples
from mos.policy.table.write import written_examples

_MOST_ROWS = 500
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
        failures = [f for one in names for f in run_examples(bundle, one)]
        covered = [coverage(bundle, one) for one in names]
        ran = sum(len(examples_of(bundle, one)) for one in names)
        decisions = run_goldens(bundle)
        stories = {} if name else _play_stories(folder, bundle)
    covered = [_also(c, decisions) for c in covered]
    wrong = [one for one in decisions if not one.holds and not name]
    ran += 0 if name else len(decisions) + len(stories)
    broken = {story: misses for story, misses in stories.items() if misses}
    failed = len(failures) + len(wrong) + len(broken)
    rows = sum(len(c.rows) for c in covered)
    reached = sum(len(c.reached) for c in covered)
    share = round(100 * reached / rows, 1) if rows else 100.0
    lines = [
        f"failed {f.table} ({f.file}): given {f.given}, expected {f.expect}, "
        f"found {f.found}{f.because}"
        for f in failures
    ]
    lines += [f"failed {render_failure(one)}" for one in wrong]
    lines += [f"failed stories/{story}: {misses[0]}" for story, misses in broken.items()]
    lines += [f"{c.table}: no example reaches {', '.join(c.missed)}" for c in covered if c.missed]
    lines.append(f"{ran} examples, {failed} failed; {reached} of {rows} rows ({share} %)")
    data = {
        "examples": ran,
        "failures": [vars(f) for f in failures],
        "failed_decisions": [
            {"file": o.golden.file, "expected": o.golden.expect.said, "found": o.said}
            for o in wrong
        ],
        "stories": len(stories),
        "failed_stories": broken,
        "rows": rows,
        "reached": reached,
        "coverage_percent": share,
        "missed": {c.table: c.missed for c in covered if c.missed},
    }
    finish(data, lines, as_json=as_json, found=bool(failed) or share < at_least)


def mutate(
    name: Name = "",
    folder: Annotated[Path, Folder] = POLICIES,
    at_least: Annotated[
        float, typer.Option(help="Exit 1 when fewer per cent of the changes are noticed.")
    ] = 100.0,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Move each threshold one step up and down: which change does no test notice?

    Exit 1 where some are not noticed, or where examples fail before anything is changed.
    """
    with bad_input():
        bundle = read_folder(folder)
        names = table_names(bundle, name)
        long = [one for one in names if len(bundle.page(one).rows) > _MOST_ROWS]
        decisions = run_goldens(bundle)
        right = [o.golden for o in decisions if o.holds]
        failing = [f.file for one in names for f in run_examples(bundle, one)]
        failing += [o.golden.file for o in decisions if not o.holds and not name]
        found = [
            m
            for one in names
            if one not in long
            for m in mutants(bundle, one, lambda table: detects_change(right, table, bundle))
        ]
    missed = [m for m in found if not m.noticed]
    share = round(100 * score(found), 1)
    lines = [
        f"{m.table}#{m.row}: {m.column} {m.before:g} → {m.after:g}: no test notices" for m in missed
    ]
    lines += [f"{one}: more than {_MOST_ROWS} rows, passed over" for one in long]
    lines.append(f"{len(found)} changes, {len(found) - len(missed)} noticed ({share} %)")
    if failing:
        lines.append(_worthless(failing))
    data: dict[str, Any] = {
        "mutants": len(found),
        "noticed": len(found) - len(missed),
        "score_percent": share,
        "missed": [vars(m) for m in missed],
        "passed_over": long,
        "failing": failing,
    }
    finish(data, lines, as_json=as_json, found=bool(failing) or share < at_least)


def _play_stories(folder: Path, bundle: Bundle) -> dict[str, list[str]]:
    """Return what does not hold, by story, of every story beside the bundle."""
    found = sorted((folder / "stories").glob("*.jsonl"))
    if not found:
        return {}
    from lab.play.run import play_story  # noqa: PLC0415  slow: the whole system

    return {path.name: [str(miss) for miss in play_story(path, bundle).misses] for path in found}


def _worthless(failing: list[str]) -> str:
    """Say that the share says little: what fails anyway notices every change."""
    files = ", ".join(sorted(set(failing)))
    return f"{len(failing)} examples fail as it is ({files}): mend them first, `mos policy test`"


def _also(covered: Coverage, decisions: list[GoldenOutcome]) -> Coverage:
    """Return a table's coverage with the rows that golden decisions reach."""
    named = {row for one in decisions for table, row in one.rows if table == covered.table}
    return replace(covered, reached=covered.reached | (named & set(covered.rows)))


def _draft(bundle: Bundle, names: list[str]) -> None:
    for name in names:
        found = drafts(bundle.page(name), examples_of(bundle, name))
        if found:
            typer.echo(f"# tests/{name}.toml")
            typer.echo(written_examples(f"What {name} says today.", found))
    raise typer.Exit(0)
