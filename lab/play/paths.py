"""Read and write a state's data by paths, as the States Language does (JSONPath). Pure."""

from collections.abc import Mapping
from typing import Any


class NoSuchPathError(Exception):
    """A path leads nowhere in a state's data."""


def read_path(path: str, data: Any, context: Any) -> Any:  # noqa: ANN401  any JSON
    """Return what stands at `$…` in the data, or at `$$…` in the context.

    Raises:
        NoSuchPathError: nothing stands there.
    """
    found = context if path.startswith("$$") else data
    for part in path.lstrip("$").split("."):
        if not part:
            continue
        if not isinstance(found, Mapping) or part not in found:
            raise NoSuchPathError(path)
        found = found[part]
    return found


def fill(template: Any, data: Any, context: Any) -> Any:  # noqa: ANN401  as above
    """Return parameters with every key that ends in `.$` filled in."""
    if isinstance(template, list):
        return [fill(one, data, context) for one in template]
    if not isinstance(template, dict):
        return template
    return {
        name.removesuffix(".$"): read_path(value, data, context)
        if name.endswith(".$")
        else fill(value, data, context)
        for name, value in template.items()
    }


def put_result(path: str | None, data: Any, result: Any) -> Any:  # noqa: ANN401  as above
    """Return the data with a result at its place: `$` is all of it, none leaves the data alone."""
    if path is None:
        return data
    parts = [part for part in path.lstrip("$").split(".") if part]
    if not parts:
        return result
    inner = data.get(parts[0]) if isinstance(data, Mapping) else None
    rest = put_result("$." + ".".join(parts[1:]), inner or {}, result)
    return {**(data if isinstance(data, Mapping) else {}), parts[0]: rest}
