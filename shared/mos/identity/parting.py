"""Who has which id when a person turns out to be two. Pure."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet

from mos.identity.identifier import person_id
from mos.model.base import derive_id
from mos.model.signal import Identifier

Merge = tuple[AbstractSet[str], AbstractSet[str]]
"""What the survivor of a merge held before, and what the other brought."""


def keeps_id(leaving: AbstractSet[str], staying: AbstractSet[str], merges: Iterable[Merge]) -> bool:
    """Say whether those who leave are the person whose id it was, and the others had joined them.

    `merges` come newest first. An unmerge may name either half: each has its own id again.
    """
    for own, brought in merges:
        if brought & staying and not brought & leaving:
            return bool(own) and own <= leaving
    return False


def new_home(
    leaving: Sequence[Identifier], former: Sequence[str], is_free: Callable[[str], bool], cause: str
) -> str:
    """Return the id under which identifiers leave a person.

    It is the one they had before they joined, if it `is_free`: never used, or leading to the very
    person whom they leave. An id that redirected comes to life again; one that leads to somebody
    else stays theirs.
    """
    for candidate in (*former, person_id(leaving[0])):
        if is_free(candidate):
            return candidate
    return derive_id("per", leaving[0].key, cause)
