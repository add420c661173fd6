"""`mos policy golden`: a corrected decision becomes a test of the policy."""

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.policy.source import POLICIES, bad_input, complain, finish
from cli.output import AsJson
from mos.errors import MalformedError
from mos.policy.bundle.bundle import Bundle, read_folder


def golden(  # noqa: PLR0913  a command's options
    decision_id: Annotated[str, typer.Argument(help="The decision that was wrong: dec_…")],
    *,
    because: Annotated[str, typer.Option(help="Why it was wrong; kept with the test.")],
    route: Annotated[str, typer.Option(help="It should have gone to: ae, bdr …")] = "",
    table: Annotated[str, typer.Option(help="Another table that should have answered …")] = "",
    expect: Annotated[
        list[str] | None, typer.Option(help="… this: output=value; repeat for more.")
    ] = None,
    action: Annotated[str, typer.Option(help="The action that should have come first.")] = "",
    never: Annotated[str, typer.Option(help="The action that should not have.")] = "",
    person: Annotated[str, typer.Option(help="For whom: per_…; without it, anybody.")] = "",
    folder: Annotated[
        Path, typer.Option("--into", "--bundle", help="The bundle's folder to write into.")
    ] = POLICIES,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Write a test of what a recorded decision should have been, from the facts as known then.

    It fails until the policy is right, and is part of `mos policy test` from then on. Names of
    people and accounts are left out. Exit 1 where it holds already: there is nothing to correct.
    """
    # Slow: the engine and the layers' verbs.
    from functions.simulation.replay.exact import replayed  # noqa: PLC0415
    from functions.simulation.replay.record import Kept, of_stage  # noqa: PLC0415
    from functions.simulation.golden.make import golden as whole  # noqa: PLC0415
    from functions.simulation.golden.make import table_example  # noqa: PLC0415
    from functions.simulation.golden.anonymise import must_be_nameless  # noqa: PLC0415
    from functions.simulation.golden.page import Put, of_decision, of_table  # noqa: PLC0415
    from mos.model.golden import Expected  # noqa: PLC0415

    def made(record: Kept, bundle: Bundle) -> Put:
        must_be_nameless(because, record.decision)
        if action or never:
            wanted = Expected(action=action or None, never=never or None, person=person or None)
            return of_decision(whole(record, wanted, because, bundle), bundle)
        name = table or "routing/route"
        _must_be_a_table(name, bundle)
        said = [f"to={route}"] if route else expect or []
        if route and route not in (known := _routes(bundle)):
            raise MalformedError(f"--route {route!r}: {name} answers {', '.join(known)}")
        return of_table(*table_example(record, name, said, person, because, bundle), bundle)

    if sum(map(bool, (route, table, action, never))) != 1:
        complain("say what should have been: one of --route, --table, --action and --never")
        raise typer.Exit(2)
    with bad_input():
        bundle = read_folder(folder)
    record = of_stage(decision_id=decision_id)
    with bad_input():
        try:
            put = made(record, bundle)
        except MalformedError as error:
            raise ValueError(str(error)) from None
        put.write(folder)
    apart = replayed(record).apart
    lines = [
        f"{put.file}: {'written' if put.is_new else 'says so already, nothing was written'}",
        f"  from {decision_id}, routed by routing/route#{record.decision.route.row}",
        f"  expected: {put.wanted}",
        f"  now: {put.now}",
        "  it fails, as it should, until the policy is right: mos policy test"
        if put.fails
        else "  it holds already under this policy: there is nothing to correct",
    ]
    if apart:
        lines.append(
            f"  the record does not replay ({len(apart)} values differ, see mos replay): "
            "the test is made of what was recorded"
        )
    if _decides(bundle) != _decides(record.bundle):
        lines.append(f"  it was decided by {record.bundle.digest[:12]}, not by this folder")
    data = {
        "decision_id": decision_id,
        "file": put.file,
        "written": put.is_new,
        "fails": put.fails,
        "now": put.now,
        "example": put.page,
        "replay_differences": list(apart),
        "decided_by": record.bundle.digest,
    }
    finish(data, lines, as_json=as_json, found=not put.fails)


def _decides(bundle: Bundle) -> dict[str, bytes]:
    """Return a bundle without its tests: what decisions come from."""
    tests = ("tests/", "golden/")
    return {name: body for name, body in bundle.files.items() if not name.startswith(tests)}


def _must_be_a_table(name: str, bundle: Bundle) -> None:
    if name not in bundle.names("tables"):
        raise MalformedError(f"tables/{name}.toml: the bundle has no such table")


def _routes(bundle: Bundle) -> list[str]:
    page = bundle.page("routing/route")
    return list(
        dict.fromkeys(str(then["to"]) for then in (*(r.then for r in page.rows), page.default))
    )
