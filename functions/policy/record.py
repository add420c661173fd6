"""What may be handed on about a person, and so be recorded: policy masks and drops. Pure.

It happens before the decision: what is decided on is what is recorded, so a record replays.
"""

import hashlib

from mos.model.base import Fact, Facts, canonical
from mos.model.decision import PersonFacts
from mos.policy.bundle.bundle import Bundle

TABLE = "privacy/record"
MASKED, DROPPED = "masked", "dropped"


def recorded(person: PersonFacts, bundle: Bundle) -> PersonFacts:
    """Return a person's facts without what the record may not keep."""
    if TABLE not in bundle.names("tables"):
        return person
    table, kept = bundle.table(TABLE), Facts()
    for name, value in person.facts.items():
        keep = table.evaluate({"fact.name": name}).output["keep"]
        if keep != DROPPED:
            kept[name] = _mask(value) if keep == MASKED else value
    return person.model_copy(update={"facts": kept})


def _mask(value: Fact) -> Fact:
    """Return what stands for a value: the same for the same, and nobody can read it."""
    if value is None:
        return None
    return f"masked:{hashlib.sha256(canonical(value).encode()).hexdigest()[:12]}"
