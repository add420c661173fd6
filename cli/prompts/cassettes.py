"""Cassettes in a file: one call a line, read before an evaluation and written after it."""

from pathlib import Path

from cli.whole_file import write_whole
from functions.llm.evaluate.cassette import Cassette, parse_cassettes
from mos.errors import BundleError


def read_cassettes(path: Path) -> dict[str, Cassette]:
    """Return what a file holds; nothing where there is none.

    Raises:
        BundleError: it is no file of cassettes.
    """
    if not path.is_file():
        return {}
    try:
        return parse_cassettes(path.read_text(encoding="utf-8").splitlines())
    except ValueError as error:
        raise BundleError(str(path), f"no file of cassettes: {str(error)[:200]}") from None


def write_cassettes(path: Path, cassettes: dict[str, Cassette]) -> None:
    """Write all of them, in the order of their keys: the same ones give the same file."""
    write_whole(path, "".join(f"{cassettes[key].canonical()}\n" for key in sorted(cassettes)))
