"""Of the several mailboxes of a row, find the one by which it may be another row's. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from mos.matching.field import Field
from mos.sheet.column import read_columns
from mos.sheet.contents import find_mailboxes
from mos.sheet.table import SheetRow

EMAIL = "email"


def list_mailboxes(
    rows: Sequence[SheetRow], header: Sequence[str], fields: Mapping[str, Field], told: set[str]
) -> list[tuple[str, ...]]:
    """Return the mailboxes of each row, from every column that an import reads them from.

    Where a column was told to be the mailbox, it alone is read.
    """
    own = [name for name, field in fields.items() if field is Field.EMAIL]
    rest = [column.name for column in read_columns(header, {}).named(EMAIL)]
    columns = own if set(own) & told else list(dict.fromkeys([*own, *rest]))
    columns = [name for name in columns if name in own or name not in told]
    return [
        tuple(dict.fromkeys(
            mailbox.lower()
            for name in columns for mailbox in find_mailboxes(row.cells.get(name, ""))[0]
        ))
        for row in rows
    ]  # fmt: skip


def choose_mailboxes(sources: Sequence[Sequence[tuple[str, ...]]]) -> list[list[str]]:
    """Return the mailbox of each row that is compared: one that most other rows have, too.

    Of a row whose mailboxes are its own alone it is the first; of equals the first.

    >>> choose_mailboxes([[("a@x.com", "b@x.com")], [("c@x.com", "b@x.com"), ()]])
    [['b@x.com'], ['b@x.com', '']]
    """
    seen = Counter(mailbox for rows in sources for row in rows for mailbox in row)
    return [[max(row, key=lambda box: seen[box], default="") for row in rows] for rows in sources]
