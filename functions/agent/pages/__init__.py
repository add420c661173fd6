"""Pages that teach an agent: each is a resource, and the first is what a client is told at once."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
FIRST = "instructions"


@cache
def read_page(name: str) -> str:
    """Return a page's Markdown.

    Raises:
        KeyError: there is none of that name.
    """
    return {path.stem: path for path in _HERE.glob("*.md")}[name].read_text(encoding="utf-8")


def list_pages() -> list[str]:
    """Return the names of the pages."""
    return sorted(path.stem for path in _HERE.glob("*.md"))
