"""What may be handed on about a person, and so be recorded: policy masks and drops. Pure.

It happens before the decision: what is decided on is what is recorded, so a record replays.
"""

import hashlib

from mos.model.base import Fact, Facts, canonical
from mos.model.decision import PersonFacts
from mos.policy.bundle.bundle import Bundle
from mos.policy.declared_facts import list_declared

TABLE = "privacy/record"
MASKED, DROPPED = "masked", "dropped"


def recorded(person: PersonFacts, bundle: Bundle) -> PersonFacts:
    """Return a person's facts without what the record may not keep.

    A fact that its page calls personal is masked, whatever the table says of it.
    """
    keeps, kept = {name: _ask(name, bundle) for name in person.facts}, Facts()
    for name, value in person.facts.items():
        if keeps[name] != DROPPED:
            kept[name] = _mask(value) if keeps[name] == MASKED else value
    return person.model_copy(update={"facts": kept})


def _ask(name: str, bundle: Bundle) -> str:
    keep = "kept"
    if TABLE in bundle.names("tables"):
        keep = str(bundle.table(TABLE).evaluate({"fact.name": name}).output["keep"])
    page = list_declared(bundle).get(name)
    return MASKED if page and page.personal and keep != DROPPED else keep


def _mask(value: Fact) -> Fact:
    """Return what stands for a value: the same for the same, and nobody can read it."""
    if value is None:
        return None
    return f"masked:{hashlib.sha256(canonical(value).encode()).hexdigest()[:12]}"
