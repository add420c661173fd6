"""The pages of patterns beside this package's code, compiled once. Pure."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def read_page(name: str) -> dict[str, Any]:
    """Return a page of this package as it is written."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


@cache
def compile_marks(section: str) -> Mapping[str, re.Pattern[str]]:
    """Return the patterns of one section of `marks.toml`, by name."""
    return {name: re.compile(pattern) for name, pattern in read_page("marks")[section].items()}
