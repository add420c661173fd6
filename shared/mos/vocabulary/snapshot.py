"""Read a snapshot beside this code. Pure but for the file itself, which never changes."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any


def read_lines(name: str) -> list[str]:
    """Return the lines of a snapshot."""
    return files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()


def read_rows(name: str) -> Iterator[list[str]]:
    """Yield the cells of each line of a snapshot."""
    for line in read_lines(name):
        yield line.split("\t")


def read_page(name: str) -> dict[str, Any]:
    """Return a page that is kept by hand."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
