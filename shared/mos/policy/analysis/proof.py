"""Does the new table allow anything that the old one did not? Worked out, not sampled. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mos.errors import BundleError
from mos.policy.analysis.space import Box, Space, deciding, meet
from mos.policy.table.engine import CompiledTable
from mos.policy.table.table import DecisionTable, Hit


@dataclass(frozen=True)
class Proof:
    """Whether the new allows no more than the old; where it does, a lead and both rows."""

    holds: bool
    lead: dict[str, Any] | None = None
    old_row: str = ""
    new_row: str = ""


@dataclass(frozen=True)
class Claim:
    """What is compared: that an output has a value, `allow = true` unless said otherwise."""

    output: str = "allow"
    value: Any = True


ALLOWS = Claim()


def allows_no_more(old: DecisionTable, new: DecisionTable, claim: Claim = ALLOWS) -> Proof:
    """Prove that wherever `new` gives the value, `old` does, or return a lead that shows otherwise.

    Raises:
        BundleError: one of them lets all rows decide, or a column changed its type.
        TooManyCasesError: it cannot be worked out in reasonable time.
    """
    _refuse_what_has_no_proof(old, new, claim)
    space = Space(old.columns | new.columns, (*old.rows, *new.rows))
    refused = list(_pieces(old, space, claim, wanted=False))
    for new_row, piece in _pieces(new, space, claim, wanted=True):
        for old_row, other in refused:
            both = meet(piece, other)
            if both is not None:
                return _shown(old, new, space.facts(both), old_row, new_row)
    return Proof(holds=True)


def _refuse_what_has_no_proof(old: DecisionTable, new: DecisionTable, claim: Claim) -> None:
    for table in (old, new):
        if table.hit is Hit.ALL:
            raise BundleError(table.file, "a proof needs one deciding row: first or deny-overrides")
        if claim.output not in table.outputs:
            raise BundleError(table.file, f"has no output {claim.output!r}")
    for name, kind in new.columns.items():
        if old.columns.get(name, kind) is not kind:
            raise BundleError(new.file, f"column {name} was a {old.columns[name]} before")


def _pieces(
    table: DecisionTable, space: Space, claim: Claim, *, wanted: bool
) -> Iterator[tuple[str, Box]]:
    """Yield where the table gives the value (or does not), and the row that decides there."""
    for row, box in deciding(table, space):
        output = table.default if row is None else row.then
        if (output.get(claim.output) == claim.value) is wanted:
            yield (row.id if row else "default"), box


def _shown(
    old: DecisionTable, new: DecisionTable, lead: dict[str, Any], old_row: str, new_row: str
) -> Proof:
    """Return the counter-example, having asked both tables about it."""
    said = CompiledTable(new).evaluate(lead), CompiledTable(old).evaluate(lead)
    if (said[0].row_id, said[1].row_id) != (new_row, old_row):
        raise AssertionError(f"worked out {new_row} and {old_row}, found {said} for {lead}")
    return Proof(holds=False, lead=lead, old_row=old_row, new_row=new_row)
