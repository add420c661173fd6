"""A list page by page: how many to pass over, and where the next page begins. Pure."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import Field

from mos.model.view import Said

_Item = TypeVar("_Item")

Skip = Annotated[
    int,
    Field(ge=0, le=100_000, description="How many to pass over: where the page begins."),
]
"""Where a page of a list begins."""


def cut_page(found: Sequence[_Item], skip: int, most: int) -> list[_Item]:
    """Return one page of a list.

    >>> cut_page("abcde", 2, 2), cut_page("abcde", 9, 2)
    (['c', 'd'], [])
    """
    return list(found[skip : skip + most])


def count_after(count: int, skip: int, shown: int) -> int:
    """Return how many come after a page; none where it begins behind the end.

    >>> count_after(5, 2, 2), count_after(5, 9, 0)
    (1, 0)
    """
    return max(0, count - skip - shown)


def say_more(count: int, skip: int, shown: int, cite: str) -> list[Said]:
    """Return how many follow a page of sentences, and what asks for them; nothing where none do."""
    left = count_after(count, skip, shown)
    goes_on = f"  … and {left:,} more: skip={skip + shown} goes on there"
    return [Said.of(goes_on, cite)] if left else []
