"""One entry of the merge ledger: who, when, why, and what stood there before."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Instant, Stored, derive_id
from mos.model.profile import Profile


class Op(StrEnum):
    """What happened to a person's identity, or to what we had made of their past."""

    MERGE = "merge"
    UNMERGE = "unmerge"
    REFUSED = "refused"
    LATE = "late"
    RECLASSIFIED = "reclassified"


class Entry(Stored):
    """A merge, an unmerge, a merge that a protection refused, or a correction of the past.

    `before` holds the profiles as they were stored; `by` is who caused it; `rule` which rule
    decided and `evidence` its weights, where it was a match. Of a merge, `identifiers` are what the
    one who joined brought, and `own` what the other one held then: the same batch may have given
    it.
    """

    op: Op
    at: Instant
    by: str
    rule: str
    signal_id: str
    people: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    evidence: str = ""
    changed: dict[str, str] = Field(default_factory=dict)
    before: tuple[Profile, ...] = ()
    compensate: tuple[str, ...] = ()

    def own_keys(self) -> frozenset[str]:
        """Return the keys that whoever was joined held before a merge.

        Entries that were written before `own` was show them as they were stored.
        """
        stored = (i.key for profile in self.before[:1] for i in profile.identifiers)
        return frozenset(self.own or stored)

    def place(self, person: str) -> str:
        """Return where the entry stands among a person's.

        A refused merge is kept once per rule and identifier, everything else once per signal.
        """
        if self.op is Op.REFUSED:
            return f"LEDGER#REFUSED#{derive_id('ref', self.rule, *self.identifiers)}"
        kind = "CORRECTION" if self.op in (Op.LATE, Op.RECLASSIFIED) else "LEDGER"
        others = "".join(p for p in self.people if p != person)
        return f"{kind}#{self.at.isoformat()}#{self.signal_id}#{self.op.value}{others[:40]}"
