"""What a stage's receipt says: the row, its conditions, the values, the signals. Pure."""

from collections.abc import Callable, Iterable

from mos.model.base import Facts
from mos.model.stage import Near, Receipt
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.engine import Answer

_MOST_NEAR = 3

Cite = Callable[[Iterable[str]], tuple[str, ...]]
"""The signals behind some facts."""


def receipt(table: str, answer: Answer, facts: Facts, bundle: Bundle, cite: Cite) -> Receipt:
    """Return the receipt of an answer. The default row reads every column of its table.

    Of the rows that were almost met, those of the next stages come first.
    """
    columns = bundle.table(table).table.columns
    reads = answer.row.cells if answer.row else columns
    return Receipt(
        table=table,
        row=answer.row_id,
        why=answer.why,
        conditions=dict(answer.row.cells) if answer.row else {},
        facts={name: facts[name] for name in columns if facts.get(name) is not None},
        signal_ids=cite(reads),
        almost=tuple(
            Near(
                row=row.id,
                stage=str(row.then.get("stage", "")),
                column=column,
                wants=row.cells[column],
                found=facts.get(column),
            )
            for row, column in reversed(answer.almost[-_MOST_NEAR:])
        ),
        hinges_on=answer.hinges_on,
        bundle=bundle.digest,
    )
