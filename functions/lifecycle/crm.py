"""What the CRM says of a stage, against what the model says. Pure."""

from collections.abc import Iterable

from functions.lifecycle.facts import plain
from functions.lifecycle.rule import order, rank
from mos.model.account import Account
from mos.model.base import Facts
from mos.model.profile import Profile, Trait
from mos.model.stage import Conflict, Level
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.engine import Answer

STAGE = "lifecycle_stage"
"""The trait in which a CRM states its stage."""
_LONGEST = 200
"""Letters of a CRM's own word that are told of a conflict."""


def meaning(level: Level, said: Trait | None, bundle: Bundle) -> str | None:
    """Return the stage that the CRM's word stands for here, or None where it stands for none."""
    if said is None or said.value is None:
        return None
    facts: Facts = {"subject.level": level.value, "crm.stage": plain(said.value)}
    found = bundle.table("lifecycle/crm_stage").evaluate(facts).output.get("stage")
    return str(found) if found else None


def word_on_account(account: Account, people: Iterable[Profile], bundle: Bundle) -> Trait | None:
    """Return what the CRM says of a company: its own record, else that somebody there bought.

    Of its people only the last stage counts: whose contact is a customer is a customer, but a
    contact that sales talks to makes no opportunity of the company.
    """
    if own := account.traits.get(STAGE):
        return own
    last = order(Level.ACCOUNT, bundle)[-1]
    said = [trait for person in people if (trait := person.traits.get(STAGE))]
    bought = [trait for trait in said if meaning(Level.ACCOUNT, trait, bundle) == last]
    return min(bought, key=lambda trait: (trait.at, trait.signal_id), default=None)


def reconcile(
    level: Level, said: Trait | None, model: str, bundle: Bundle
) -> tuple[Conflict | None, Answer | None]:
    """Return the conflict between CRM and model, and the answer that names its winner.

    A CRM that lags behind, as it does until it has been told, is no conflict unless a row says so.
    """
    means = meaning(level, said, bundle)
    if said is None or means is None or means == model:
        return None, None
    stages = order(level, bundle)
    facts: Facts = {
        "subject.level": level.value,
        "crm.stage": means,
        "crm.is_ahead": rank(means, stages) > rank(model, stages),
        "model.stage": model,
    }
    answer = bundle.table("lifecycle/crm").explain(facts)
    if not answer.output.get("conflict", False):
        return None, None
    conflict = Conflict(
        crm=str(said.value)[:_LONGEST],
        means=means,
        model=model,
        winner=str(answer.output["winner"]),
        row=answer.row_id,
        why=answer.why,
        signal_id=said.signal_id,
    )
    return conflict, answer
