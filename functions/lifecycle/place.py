"""Work out where the account, the group and each person stand. Pure: no clock, no storage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mos.model.account import Account, BuyingGroup
from mos.model.base import Facts
from mos.model.decision import PersonFacts
from mos.model.profile import Profile
from mos.model.stage import Level, Placement, Receipt
from mos.policy.bundle import Bundle
from mos.policy.facts import account_facts, group_facts, person_facts, stage_fact
from mos.policy.roles import role_of


@dataclass(frozen=True)
class Scene:
    """The account, its group and the people in it, as known at one moment."""

    account: Account
    group: BuyingGroup
    people: tuple[Profile, ...]
    at: datetime


@dataclass(frozen=True)
class Placed:
    """Three levels of stages, worked out in their order, with the facts that they leave."""

    account: Placement
    group: Placement
    people: tuple[Placement, ...]
    group_facts: Facts
    person_facts: tuple[PersonFacts, ...]


def place(scene: Scene, before: Mapping[str, Placement], bundle: Bundle) -> Placed:
    """Return where everybody stands now. `before` holds the last placement by subject.

    Stages are criteria tables read from the furthest stage back. Each level reads the stage of
    the level above of this same run, so a person cannot be placed before the group. Nobody moves
    backwards here: a customer who fills in a form stays a customer.
    """
    half_life = bundle.number("engagement_half_life_days")
    facts = account_facts(scene.account, scene.people, scene.at, half_life)
    facts["account.named"] = scene.account.domain in _texts(bundle, "named_accounts")
    evidence = tuple(s for p in scene.people for s in p.evidence)[-20:]
    account = _stage(
        Level.ACCOUNT, scene.account.account_id, facts, evidence, scene, before, bundle
    )

    roles = {p.profile_id: role_of(p, scene.group.solution, bundle) for p in scene.people}
    names = {i: role.role for i, role in roles.items() if role}
    facts = facts | stage_fact(account, scene.at) | _group_facts(scene, names, bundle, half_life)
    group = _stage(Level.GROUP, scene.group.group_id, facts, evidence, scene, before, bundle)

    facts = facts | stage_fact(group, scene.at)
    people, known = [], []
    for profile in scene.people:
        own = person_facts(profile, scene.at, half_life)
        own["person.role"] = names.get(profile.profile_id, "unknown")
        stage = _stage(
            Level.PERSON, profile.profile_id, facts | own, profile.evidence, scene, before, bundle
        )
        people.append(stage)
        own |= stage_fact(stage, scene.at)
        known.append(PersonFacts(person_id=profile.profile_id, facts=own))
    return Placed(account, group, tuple(people), facts, tuple(known))


def _stage(
    level: Level,
    subject_id: str,
    facts: Facts,
    evidence: Sequence[str],
    scene: Scene,
    before: Mapping[str, Placement],
    bundle: Bundle,
) -> Placement:
    table = f"lifecycle/{level.value}"
    answer = bundle.table(table).evaluate(facts)
    stage = str(answer.output["stage"])
    held = before.get(subject_id)
    order = _texts(bundle, f"{level.value}_order")
    if held and _rank(stage, order) <= _rank(held.stage, order):
        return held.model_copy(update={"moved": False})
    columns = bundle.table(table).table.columns
    receipt = Receipt(
        table=table,
        row=answer.row_id,
        why=answer.why,
        facts={name: facts[name] for name in columns if facts.get(name) is not None},
        signal_ids=tuple(evidence[-5:]),
        bundle=bundle.digest,
    )
    return Placement(
        subject_id=subject_id,
        level=level,
        stage=stage,
        since=scene.at,
        previous=held.stage if held else None,
        moved=True,
        receipt=receipt,
    )


def _rank(stage: str, order: Sequence[str]) -> int:
    """Return a stage's place in the order; one that this bundle has dropped comes before all."""
    return order.index(stage) if stage in order else -1


def _group_facts(scene: Scene, roles: Mapping[str, str], bundle: Bundle, half_life: float) -> Facts:
    weights = bundle.value("role_weights")
    return group_facts(
        scene.group,
        scene.people,
        roles,
        _texts(bundle, "required_roles"),
        weights if isinstance(weights, dict) else {},
        scene.at,
        half_life,
    )


def _texts(bundle: Bundle, name: str) -> list[str]:
    value = bundle.value(name)
    return value if isinstance(value, list) else []
