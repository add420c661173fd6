"""Change one stored noun, whoever else writes it meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from mos.errors import ConflictError
from mos.model.base import Stored
from mos.ports import Record, Table

_TRIES = 5
Kept = TypeVar("Kept", bound=Stored)


def change_item(
    table: Table,
    key: tuple[str, str],
    noun: type[Kept],
    change: Callable[[Kept | None], Kept | None],
) -> Kept | None:
    """Store what `change` makes of an item, and return what is stored then.

    `change` is asked again on what is there, where another writer was first; None, or what is there
    already, leaves the item as it is.

    Raises:
        ConflictError: others were first every time.
    """
    for _ in range(_TRIES):
        record = table.get(*key)
        held = noun.parse(record.body) if record else None
        made = change(held)
        if made is None or made == held:
            return held
        try:
            table.save(Record(*key, made.canonical(), record.version if record else 0))
        except ConflictError:
            continue
        return made
    raise ConflictError(key[0])
