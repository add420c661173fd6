"""Where the bundle is read from, and how every policy command ends.

Exit codes: 0 nothing found, 1 findings, 2 bad input.
"""

import json
import string
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from mos.errors import BundleError, CanaryError, MissingError, ReportError
from mos.policy.bundle.bundle import Bundle, read_folder

Folder = typer.Option("--bundle", help="The bundle's folder.")
POLICIES = Path(__file__).parents[3] / "policies"
_HEX = set(string.hexdigits)
_DIGEST = 64


@contextmanager
def bad_input() -> Iterator[None]:
    """End with 2 and one line where what was given cannot be read."""
    from mos.policy.table.index import FactError  # noqa: PLC0415  slow: the engine
    from mos.policy.analysis.space import TooManyCasesError  # noqa: PLC0415  as above

    try:
        yield
    except (BundleError, FactError, TooManyCasesError, OSError, ValueError) as error:
        complain(str(error))
        raise typer.Exit(2) from None


@contextmanager
def may_refuse(what: str) -> Iterator[None]:
    """Say that it was not done, and why: 1 where policy refuses, 2 where something is not there."""
    try:
        yield
    except (ReportError, CanaryError) as error:
        complain(f"{what}: {error}")
        raise typer.Exit(1) from None
    except (BundleError, MissingError) as error:
        complain(f"{what}: {error}")
        raise typer.Exit(2) from None


def complain(text: str) -> None:
    """Say on standard error what is wrong."""
    typer.secho(text, fg="red", err=True)


def finish(data: Any, lines: list[str], *, as_json: bool, found: bool) -> None:  # noqa: ANN401  any JSON
    """Print the data or the lines, and exit 1 where something was found.

    Raises:
        typer.Exit: always.
    """
    typer.echo(json.dumps(data, indent=2, default=str) if as_json else "\n".join(lines))
    raise typer.Exit(1 if found else 0)


def bundle_at(place: str) -> Bundle:
    """Return the bundle in a folder, or the published one with this digest, or `active`.

    Raises:
        BundleError: there is none, or it is wrong.
    """
    if Path(place).is_dir():
        return read_folder(Path(place))
    if place == "active" or (len(place) == _DIGEST and set(place) <= _HEX):
        from cli.commands.policy.publish import store_of  # noqa: PLC0415  slow: reaches AWS
        from cli.deployment import deployment  # noqa: PLC0415  as above

        store = store_of(deployment())
        return store.active() if place == "active" else store.load(place)
    raise BundleError(place, "neither a folder, nor the digest of a published bundle, nor `active`")


def table_names(bundle: Bundle, name: str) -> list[str]:
    """Return one table's name, or every table's where none is named.

    Raises:
        BundleError: there is no such table.
    """
    if name and name not in bundle.names("tables"):
        raise BundleError(f"tables/{name}.toml", "the bundle has no such table")
    return [name] if name else bundle.names("tables")
