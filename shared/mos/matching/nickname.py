"""Short forms of given names, in several languages."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _formal() -> dict[str, str]:
    page = tomllib.loads(files("mos.matching").joinpath("nicknames.toml").read_text("utf-8"))
    return {short: name for name, shorts in page.items() for short in shorts.split()}


def formal(name: str) -> str:
    """Return the first given name in its long form.

    >>> formal("bob"), formal("mary ann"), formal("j")
    ('robert', 'mary', '')
    """
    first = name.partition(" ")[0]
    return _formal().get(first, first) if len(first) > 1 else ""
