"""Write what will be delivered. Pure, but for the draft that a caller may pass in."""

from collections.abc import Mapping

from mos.events import ActionDecided
from mos.model.action import Treatment
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.content import find_asset, read_text
from mos.tasks.draft_email import EmailBrief


def treatment_of(event: ActionDecided) -> Treatment:
    """Return the treatment that was decided."""
    return next(t for t in event.action.treatments if t.name == event.treatment)


def words_for(event: ActionDecided, person: Profile | None, company: str | None) -> dict[str, str]:
    """Return what the blanks of a template stand for."""
    first = str(person.trait("first_name") or "") if person else ""
    facts = {name.replace(".", "_"): str(value) for name, value in event.facts.items()}
    return {
        "first_name": first or "there",
        "last_name": str(person.trait("last_name") or "") if person else "",
        "title": str(person.trait("title") or "title unknown") if person else "",
        "company": company or "your company",
        "role": facts.get("person_role", "unknown"),
        "interest": facts.get("person_top_interest", "the product"),
        "why": event.action.why,
        "decision_id": event.decision_id,
        "account_stage": facts.get("account_stage", "unknown"),
        "group_stage": facts.get("group_stage", "unknown"),
        "person_stage": facts.get("person_stage", "unknown"),
    }


def filled(template: str, words: Mapping[str, str]) -> str:
    """Return the template with its blanks filled; a blank that nobody knows stays visible."""
    for name, value in words.items():
        template = template.replace("{" + name + "}", value)
    return template.strip()


def brief_for(
    event: ActionDecided, words: Mapping[str, str], link: str, signature: str, bundle: Bundle
) -> EmailBrief:
    """Return the question to the draft_email task; its fallback fills the template itself."""
    treatment = treatment_of(event)
    asset = find_asset(treatment, bundle)
    return EmailBrief(
        template=read_text(treatment, bundle),
        subject=treatment.subject,
        first_name=words["first_name"],
        company=words["company"],
        interest=words["interest"],
        role=words["role"],
        link=link,
        signature=signature,
        claims=tuple(claim.says for claim in asset.claims) if asset else (),
    )
