"""Where else somebody left traces, so that an erasure finds them: nothing else reads these.

identity: `PERSON#<id>/CARRIED#<other>` (whose signals carried an identifier of theirs),
`PERSON#<id>/LEFT#<group>` (which groups they were in before).
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from mos.model.ledger import Entry, Op
from mos.ports import Record, Table

_CARRIED, _LEFT = "CARRIED#", "LEFT#"


class PersonTraces:
    """Pointers from a person to what is kept elsewhere of them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note_carrier(self, person: str, owners: Iterable[str]) -> None:
        """Remember whose signals carried an identifier of these owners, once."""
        for owner in owners:
            if owner != person:
                self._table.put_new(Record(f"PERSON#{owner}", f"{_CARRIED}{person}"))

    def carriers(self, owner: str) -> list[str]:
        """Return the ids of people whose signals carried an identifier of this one."""
        return self._listed(owner, _CARRIED)

    def note_left(self, person: str, group: str) -> None:
        """Remember which group somebody was in, once."""
        self._table.put_new(Record(f"PERSON#{person}", f"{_LEFT}{group}"))

    def former_groups(self, person: str) -> list[str]:
        """Return the ids of the groups that somebody was in before."""
        return self._listed(person, _LEFT)

    def _listed(self, person: str, prefix: str) -> list[str]:
        found = self._table.query(f"PERSON#{person}", prefix=prefix)
        return [record.sk.removeprefix(prefix) for record in found]

    def redact_ledger(self, person: str, gone: AbstractSet[str], people: AbstractSet[str]) -> None:
        """Take somebody who was erased out of another's ledger: `gone` are keys, `people` ids.

        That the two were one for a while goes with them: what stood before shows both.
        """
        for record in self._table.query(f"PERSON#{person}", prefix="LEDGER#"):
            entry = Entry.parse(record.body)
            shown = {i.key for profile in entry.before for i in profile.identifiers}
            told = {*entry.identifiers, *entry.own, *shown}
            is_theirs = people & set(entry.people) or gone & told
            if is_theirs if entry.op is not Op.REFUSED else set(entry.identifiers) <= gone:
                self._table.delete(record.pk, record.sk)

    def forget(self, person: str) -> None:
        """Empty a person, their ledger and these pointers; the id stays taken, and leads nowhere.

        Raises:
            ConflictError: somebody else changed the person.
        """
        for prefix in ("LEDGER#", "CORRECTION#", "SNAPSHOT#", _CARRIED, _LEFT):
            for record in self._table.query(f"PERSON#{person}", prefix=prefix):
                self._table.delete(record.pk, record.sk)
        held = self._table.get(f"PERSON#{person}", "PROFILE")
        if held is not None and "redirect" not in held.tags:
            self._table.save(replace(held, body="", tags={"erased": "yes"}))
