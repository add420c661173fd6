"""Who has which id when a person turns out to be two. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from mos.identity.identifier import person_id
from mos.model.base import derive_id
from mos.model.signal import Identifier

Merge = tuple[str, AbstractSet[str], str, AbstractSet[str]]
"""Who survived a merge and what they held before, who joined them and what that one brought."""
Origins = Mapping[str, AbstractSet[str]]
"""Whose an id is: what it named before it was first part of a merge."""


def find_origins(merges: Iterable[Merge]) -> Origins:
    """Return whose each id is that was part of these merges, which come oldest first.

    >>> find_origins([("a", {"1"}, "b", {"2"}), ("a", {"1", "2"}, "c", {"3"})])
    {'a': {'1'}, 'b': {'2'}, 'c': {'3'}}
    """
    found: dict[str, AbstractSet[str]] = {}
    for survivor, own, loser, brought in merges:
        found.setdefault(survivor, own)
        found.setdefault(loser, brought)
    return found


def keeps_id(
    whole: str, leaving: AbstractSet[str], staying: AbstractSet[str], origins: Origins
) -> bool:
    """Say whether those who leave are the person whose id it was, and the others had joined them.

    An unmerge may name either half: each has its own id again.
    """
    own = origins.get(whole, frozenset()) & (leaving | staying)
    return bool(own) and own <= leaving


def find_former(whole: str, leaving: AbstractSet[str], origins: Origins) -> list[str]:
    """Return the ids that are theirs who leave, the one that joined last first."""
    return [i for i in reversed(list(origins)) if i != whole and origins[i] & leaving]


def new_home(
    leaving: Sequence[Identifier], former: Sequence[str], is_free: Callable[[str], bool], cause: str
) -> str:
    """Return the id under which identifiers leave a person.

    It is the one they had before they joined, if it `is_free`: never used, or nobody lives there
    now. An id that redirected comes to life again.
    """
    for candidate in (*former, person_id(leaving[0])):
        if is_free(candidate):
            return candidate
    return derive_id("per", leaving[0].key, cause)
