"""Ask the consent table about one person and one purpose. Pure."""

from mos.model.base import Facts
from mos.model.consent import Purpose
from mos.model.decision import Verdict
from mos.policy.bundle.bundle import Bundle

TABLE = "consent/purpose"


def consent_facts(facts: Facts, purpose: Purpose) -> Facts:
    """Return what the consent table asks about one person and one purpose."""
    consents, withdrawn = facts.get("person.consents"), facts.get("person.withdrawn")
    granted = isinstance(consents, tuple | list) and purpose.value in consents
    return {
        "consent.purpose": purpose.value,
        "consent.granted": granted,
        "consent.withdrawn": isinstance(withdrawn, tuple | list) and purpose.value in withdrawn,
        "consent.basis": str(facts.get(f"person.basis.{purpose.value}") or "none"),
        "person.suppressed": facts.get("person.suppressed") or (),
        "person.country": facts.get("person.country") or "unknown",
    }


def consent_to(person_id: str, facts: Facts, purpose: Purpose, bundle: Bundle) -> Verdict:
    """Return whether a person's data may be used for a purpose, and the row that says so.

    No recorded basis means no; policy layer and action layer ask the same question, one when it
    permits and one at the moment of sending.
    """
    answer = bundle.table(TABLE).evaluate(consent_facts(facts, purpose))
    return Verdict(
        table=TABLE,
        subject=person_id,
        key=purpose.value,
        allowed=bool(answer.output.get("allow", False)),
        row=answer.row_id,
        why=answer.why if answer.row else "no basis is recorded for this purpose",
    )
