"""Read TOML: one page, or one value in a cell of a CSV."""

import tomllib
from typing import Any

from mos.errors import BundleError


class LiteralError(ValueError):
    """A cell is not a TOML value."""


def parse_toml(file: str, text: str) -> dict[str, Any]:
    """Return the page, or say where it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BundleError(file, f"not TOML: {error}") from None
    except RecursionError:
        raise BundleError(file, "not TOML: lists and tables are nested too deeply") from None


def literal(text: str) -> Any:  # noqa: ANN401  any TOML value
    """Return one TOML value.

    Raises:
        LiteralError: the text is something else.
    """
    try:
        found = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        raise LiteralError(f"expected a TOML value, found {text!r:.60}") from None
    if set(found) != {"value"}:
        raise LiteralError(f"expected one TOML value, found {text!r:.60}")
    return found["value"]
