"""Where a command reads a bundle from."""

import string
from pathlib import Path

import typer

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle, read_folder

Folder = typer.Option("--bundle", help="The bundle's folder.")
POLICIES = Path(__file__).parents[1] / "policies"
_HEX = set(string.hexdigits)
_SHORTEST, _DIGEST = 8, 64


def bundle_at(place: str) -> Bundle:
    """Return the bundle in a folder, a published one by its digest's beginning, or `active`.

    `pol_…` is the bundle that a proposal would make, whether or not anybody has approved it.

    Raises:
        BundleError: there is none, or it is wrong.
    """
    if Path(place).is_dir():
        return read_folder(Path(place))
    if place.startswith("pol_"):
        return _proposed(place)
    if place == "active" or (_SHORTEST <= len(place) <= _DIGEST and set(place) <= _HEX):
        from cli.deployment import deployment  # noqa: PLC0415  slow: reaches AWS
        from mos.deployment import storage  # noqa: PLC0415  as above

        store = storage.open_bundles(deployment())
        return store.active() if place == "active" else store.find(place)
    raise BundleError(
        place, "no folder, no published bundle's digest, no proposal (pol_…), not `active`"
    )


def _proposed(proposal_id: str) -> Bundle:
    from cli.deployment import deployment  # noqa: PLC0415  slow: reaches AWS
    from mos.deployment import storage  # noqa: PLC0415  as above
    from mos.deployment.proposal import read_proposal  # noqa: PLC0415  as above

    where = deployment()
    return read_proposal(where, storage.open_bundles(where), proposal_id)


def table_names(bundle: Bundle, name: str) -> list[str]:
    """Return one table's name, or every table's where none is named.

    Raises:
        BundleError: there is no such table.
    """
    if name and name not in bundle.names("tables"):
        raise BundleError(f"tables/{name}.toml", "the bundle has no such table")
    return [name] if name else bundle.names("tables")
