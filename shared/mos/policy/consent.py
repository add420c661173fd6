"""Ask the consent table about one person and one purpose. Pure."""

from mos.model.action import Candidate
from mos.model.base import Facts
from mos.model.consent import Purpose
from mos.model.decision import Decision, Verdict
from mos.policy.bundle.bundle import Bundle

TABLE = "consent/purpose"
_DEFAULT = "default"


def consent_facts(facts: Facts, purpose: Purpose) -> Facts:
    """Return what the consent table asks about one person and one purpose.

    Where nobody knows a person's country, their company's counts; where neither is known, the
    table is asked without: it is unknown.
    """
    consents, withdrawn = facts.get("person.consents"), facts.get("person.withdrawn")
    granted = isinstance(consents, tuple | list) and purpose.value in consents
    country = facts.get("person.country") or facts.get("person.company_country")
    where: Facts = {"person.country": country} if country else {}
    return where | {
        "consent.purpose": purpose.value,
        "consent.granted": granted,
        "consent.withdrawn": isinstance(withdrawn, tuple | list) and purpose.value in withdrawn,
        "consent.basis": str(facts.get(f"person.basis.{purpose.value}") or "none"),
        "person.suppressed": facts.get("person.suppressed") or (),
    }


def consent_to(person_id: str, facts: Facts, purpose: Purpose, bundle: Bundle) -> Verdict:
    """Return whether a person's data may be used for a purpose, and the row that says so.

    No recorded basis means no; policy layer and action layer ask the same question, one when it
    permits and one at the moment of sending.
    """
    asked = consent_facts(facts, purpose)
    answer = bundle.table(TABLE).evaluate(asked)
    return Verdict(
        table=TABLE,
        subject=person_id,
        key=purpose.value,
        allowed=bool(answer.output.get("allow", False)),
        row=answer.row_id,
        why=answer.why if answer.row else _explain_default(asked["consent.basis"]),
    )


def _explain_default(basis: object) -> str:
    if basis == "none":
        return "no basis is recorded for this purpose"
    return f"{str(basis).replace('_', ' ')} is on record, and no row lets it carry this purpose"


def explain_fall(one: Candidate, decision: Decision, bundle: Bundle) -> str:
    """Return why a candidate fell: where its purpose is not allowed, which that is and why not.

    A person who has said no is not one of whom nothing is recorded.
    """
    if one.fell is None:
        return ""
    action = bundle.actions.get(one.action)
    purpose = action.purpose if action else None
    if purpose is None or one.fell.facts.get("action.consent") is not False:
        return one.fell.why
    asked = (one.person_id, purpose.value)
    said = next((v for v in decision.verdicts if (v.subject, v.key) == asked), None)
    is_refused = said is not None and said.row != _DEFAULT
    why = said.why if said is not None and is_refused else one.fell.why
    return f"{why.rstrip('.')} ({purpose.value})."
