"""`mos policy diff` and `proof`: what differs, in plain words, and does the new allow more?"""

from typing import Annotated, Any

import typer

from cli.bundle import bundle_at
from cli.output import AsJson, finish
from cli.refusal import bad_input
from mos.errors import BundleError
from mos.policy.analysis.proof import Claim, allows_no_more
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.parameter import valued
from mos.policy.diff.bundle import compare_bundles
from mos.policy.table.condition import ColumnType
from mos.policy.table.table import DecisionTable, Hit

_PLACE = "A bundle's folder, a published digest, or `active`."
Old = Annotated[str, typer.Argument(help=_PLACE)]
New = Annotated[str, typer.Argument(help=_PLACE)]


def diff(
    old: Old,
    new: New,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say in plain words what differs between two bundles. Exit 1 where something does."""
    with bad_input():
        before, after = bundle_at(old), bundle_at(new)
        found = compare_bundles(before, after)
    data = {"old": before.digest, "new": after.digest, "differences": found}
    lines = [f["says"] for f in found] or ["Nothing differs."]
    finish(data, lines, as_json=as_json, found=bool(found))


def proof(
    old: Old,
    new: New,
    table: Annotated[
        str, typer.Option(help="One table; without it, every table with the output `allow`.")
    ] = "",
    output: Annotated[str, typer.Option(help="The output to compare.")] = "allow",
    value: Annotated[
        str,
        typer.Option(
            help="The value that must not be given more often, where it is not true or false."
        ),
    ] = "",
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Prove that the new bundle allows no more than the old one, or show a lead that it does for.

    Worked out over all cases that the tables' cells can tell apart, not sampled.
    """
    with bad_input():
        before, after = bundle_at(old), bundle_at(new)
        names = [table] if table else _provable(before, after)
        found = {n: _proved(before, after, n, output, value) for n in names}
    lines = []
    for name, result in found.items():
        lines.append(f"{name}: {_line(result, f'{output} = {value}' if value else '')}")
    broken = [name for name, result in found.items() if not result["holds"]]
    finish(found, lines, as_json=as_json, found=bool(broken))


def _provable(before: Bundle, after: Bundle) -> list[str]:
    """Return the tables of both that allow or deny; a denying table that is gone counts, too."""
    names = set(before.names("tables")) | set(after.names("tables"))
    found = []
    for name in sorted(n for n in names if "+" not in n):
        page = _page(after, name) or _page(before, name)
        if page and "allow" in page.outputs and page.hit is not Hit.ALL:
            found.append(name)
    return found


def _proved(before: Bundle, after: Bundle, name: str, output: str, value: str) -> dict[str, Any]:
    old, new = _page(before, name), _page(after, name)
    if old is None or new is None:
        where = "old" if old is None else "new"
        raise BundleError(f"tables/{name}.toml", f"the {where} bundle has no such table")
    result = allows_no_more(old, new, Claim(output, _wanted(old, new, output, value)))
    return vars(result)


def _line(result: dict[str, Any], wanted: str) -> str:
    gives = f"gives {wanted}" if wanted else "allows"
    if result["holds"]:
        return f"proved, the new {gives} {'no more often' if wanted else 'no more'} than the old"
    to = "to " if wanted else ""
    return (
        f"the new {gives} {to}{result['lead']} (row {result['new_row']}), "
        f"the old does not (row {result['old_row']})"
    )


def _wanted(old: DecisionTable, new: DecisionTable, output: str, value: str) -> Any:  # noqa: ANN401  any output
    """Return the value that is compared.

    Raises:
        BundleError: none is named where the output is not true or false, or no row gives it.
    """
    kind = new.outputs.get(output)
    if kind in (None, ColumnType.BOOLEAN) and not value:
        return True
    wanted = value if kind is ColumnType.TEXT else valued(value) if value else None
    given = [
        one[output]
        for page in (old, new)
        for one in (page.default, *(row.then for row in page.rows))
        if output in one
    ]
    if wanted in given or kind in (None, ColumnType.BOOLEAN):
        return wanted
    said = (
        f"no row gives {output} = {value}"
        if value
        else f"{output} is not true or false: say --value"
    )
    known = ", ".join(list(dict.fromkeys(map(str, given)))[:12])
    raise BundleError(new.file, f"{said}; it can be {known}")


def _page(bundle: Bundle, name: str) -> DecisionTable | None:
    return bundle.page(name) if name in bundle.names("tables") else None
