"""Read TOML: one page, or one value in a cell of a CSV."""

import math
import tomllib
from collections.abc import Iterator
from typing import Any

from mos.errors import BundleError


class LiteralError(ValueError):
    """A cell is not a TOML value."""


def parse_toml(file: str, text: str) -> dict[str, Any]:
    """Return the page, or say where it is not TOML."""
    try:
        return tomllib.loads(text)
    except ValueError as error:  # A number of thousands of digits is no TOMLDecodeError.
        raise BundleError(file, f"not TOML: {error}") from None
    except RecursionError:
        raise BundleError(file, "not TOML: lists and tables are nested too deeply") from None


def stated(file: str, text: str) -> dict[str, Any]:
    """Return a page whose numbers are all finite.

    Raises:
        BundleError: it is not TOML, or names the number that is none.
    """
    page = parse_toml(file, text)
    for place, found in _endless(page, ""):
        raise BundleError(file, f"{place}: expected a finite number, found {found}")
    return page


def finite(value: Any) -> bool:  # noqa: ANN401  any value
    """Say whether a value can be reckoned with: NaN, infinities and what no float holds cannot."""
    try:
        return not isinstance(value, int | float) or math.isfinite(value)
    except OverflowError:
        return False


def _endless(value: Any, place: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401  any TOML value
    inside = enumerate(value, 1) if isinstance(value, list) else ()
    for key, one in value.items() if isinstance(value, dict) else inside:
        named = one.get("name", key) if isinstance(one, dict) else key
        yield from _endless(one, f"{place}.{named}" if place else str(named))
    if not finite(value):
        yield place, str(value) if isinstance(value, float) else "one that is too large"


def literal(text: str) -> Any:  # noqa: ANN401  any TOML value
    """Return one TOML value.

    Raises:
        LiteralError: the text is something else.
    """
    try:
        found = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        raise LiteralError(f"expected a TOML value, found {text!r:.60}") from None
    if set(found) != {"value"}:
        raise LiteralError(f"expected one TOML value, found {text!r:.60}")
    return found["value"]
