"""`mos policy diff` and `proof`: what differs, in plain words, and does the new allow more?"""

from typing import Annotated, Any

import typer

from cli.commands.policy.source import bad_input, bundle_at, finish
from cli.output import AsJson
from cli.policy.words import differences
from mos.errors import BundleError
from mos.policy.bundle import Bundle
from mos.policy.proof import Claim, allows_no_more
from mos.policy.table import DecisionTable, Hit

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
        found = differences(before, after)
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
    value: Annotated[str, typer.Option(help="The value that must not be given more often.")] = "",
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
        if result["holds"]:
            lines.append(f"{name}: proved, the new allows no more than the old")
        else:
            lines.append(
                f"{name}: the new allows {result['lead']} (row {result['new_row']}), "
                f"the old does not (row {result['old_row']})"
            )
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
    result = allows_no_more(old, new, Claim(output, _typed(value)))
    return vars(result)


def _page(bundle: Bundle, name: str) -> DecisionTable | None:
    return bundle.page(name) if name in bundle.names("tables") else None


def _typed(value: str) -> Any:  # noqa: ANN401  any output
    from mos.policy.parameter import valued  # noqa: PLC0415  as the CSV reads it

    return valued(value) if value else True
