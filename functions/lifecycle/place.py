"""Work out where the account, the group and each person stand. Pure: no clock, no storage."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.lifecycle.crm import STAGE, word_on_account
from functions.lifecycle.evidence import Evidence
from functions.lifecycle.facts import account_facts, moments, said_facts, standing_facts, texts
from functions.lifecycle.group import gap_facts, gaps, group_facts, stalls_now
from functions.lifecycle.move import Subject, move
from functions.lifecycle.scene import Scene
from functions.lifecycle.state_size import Allowance, bound_facts
from mos.model.base import Facts
from mos.model.decision import PersonFacts
from mos.model.profile import BuyingRole, Profile
from mos.model.stage import Level, Placement
from mos.policy.bundle.bundle import Bundle
from mos.policy.declared_facts import declared_facts
from mos.policy.facts import company_facts, person_facts
from mos.policy.interests import interest_facts, interests_of
from mos.policy.members import DISMISSED_MEMBER

_BROKEN = "person.hours_since_sla_breach"


@dataclass(frozen=True)
class Placed:
    """Three levels of stages, in the order in which they were worked out, with their facts."""

    steps: tuple[Level, ...]
    account: Placement
    group: Placement
    people: tuple[Placement, ...]
    group_facts: Facts
    person_facts: tuple[PersonFacts, ...]


@dataclass(frozen=True)
class _Run:
    scene: Scene
    before: Mapping[str, Placement]
    bundle: Bundle
    roles: dict[str, BuyingRole]

    def move(self, subject: Subject) -> Placement:
        group = f"@{subject.group_id}" if subject.group_id else ""
        held = self.before.get(subject.subject_id + group)
        return move(subject, held, self.scene.at, self.bundle, self.scene.correction)


def place(scene: Scene, before: Mapping[str, Placement], bundle: Bundle) -> Placed:
    """Return where everybody stands now. `before` holds the last placements by their key.

    Each level is handed the placement of the level above, made in this same run: a person cannot
    be placed before the group, nor the group before the account. The account is judged by all its
    people, whichever of its groups the run is about.
    """
    run = _Run(scene, before, bundle, scene.roles(bundle))
    facts = account_facts(scene.account, scene.people, scene.at, bundle)
    if scene.account_left_out:
        facts["account.people_left_out"] = scene.account_left_out
    facts = bound_facts(facts)
    account = _place_account(run, facts)
    facts = facts | standing_facts(account, scene.at)

    facts |= bound_facts(group_facts(scene, run.roles, bundle))
    group = _place_group(run, facts)
    facts = facts | standing_facts(group, scene.at) | gap_facts(group.gaps, scene.at)

    people, known = _place_people(run, facts, group)
    facts |= _together(known)
    steps = (Level.ACCOUNT, Level.GROUP, Level.PERSON)
    return Placed(steps, account, group, tuple(people), facts, tuple(known))


def _place_people(
    run: _Run, facts: Facts, group: Placement
) -> tuple[list[Placement], list[PersonFacts]]:
    """Return where the people stand, by id, and what is known of those who were not dismissed.

    They are as many as a run can carry from step to step.
    """
    people, known, allowance = list[Placement](), list[PersonFacts](), Allowance()
    for profile in run.scene.candidates(run.bundle):
        own = _person(run, profile, group)
        placed = _place_person(run, profile, facts | own, group)
        own |= standing_facts(placed, run.scene.at)
        if not allowance.admits(placed.told, own):
            break
        people.append(placed)
        if own["person.member_status"] != DISMISSED_MEMBER:
            known.append(PersonFacts(person_id=profile.profile_id, facts=own))
    people.sort(key=lambda placement: placement.subject_id)
    known.sort(key=lambda person: person.person_id)
    return people, known


def _place_account(run: _Run, facts: Facts) -> Placement:
    scene = run.scene
    said = word_on_account(scene.account, scene.people, run.bundle)
    evidence = Evidence(scene.account, None, scene.people)
    return run.move(
        Subject(
            level=Level.ACCOUNT,
            subject_id=scene.account.account_id,
            facts=facts | bound_facts(said_facts("account.crm_stage", said, scene.at)),
            moments=moments(scene.account, None, scene.people),
            cite=evidence.behind,
            crm=said,
        )
    )


def _place_group(run: _Run, facts: Facts) -> Placement:
    scene, group = run.scene, run.scene.group
    said, held = scene.crm_of_group(), run.before.get(group.group_id)
    members = {i: standing for i, (_, standing, _) in scene.members.items()}
    evidence = Evidence(scene.account, group.solution, scene.active, run.roles, members)
    placed = run.move(
        Subject(
            level=Level.GROUP,
            subject_id=group.group_id,
            facts=facts | bound_facts(said_facts("group.crm_stage", said, scene.at)),
            moments=moments(scene.account, group.solution, scene.active),
            cite=evidence.behind,
            crm=said,
            extra={"momentum": facts["group.momentum"]},
            tidings=("deal_stalled",) if stalls_now(facts, held) else (),
            ended=scene.list_ended(group.group_id),
        )
    )
    return placed.model_copy(update={"gaps": gaps(facts, placed, held, scene.at, run.bundle)})


def _place_person(run: _Run, profile: Profile, facts: Facts, group: Placement) -> Placement:
    scene = run.scene
    _, standing, _ = scene.members[profile.profile_id]
    role = run.roles.get(profile.profile_id)
    evidence = Evidence(
        scene.account,
        scene.group.solution,
        (profile,),
        {profile.profile_id: role} if role else {},
        {profile.profile_id: standing},
    )
    return run.move(
        Subject(
            level=Level.PERSON,
            subject_id=profile.profile_id,
            group_id=group.subject_id,
            facts=facts,
            moments=moments(scene.account, scene.group.solution, (profile,)),
            cite=evidence.behind,
            crm=profile.traits.get(STAGE),
            ended=scene.list_ended(profile.profile_id),
        )
    )


def _person(run: _Run, profile: Profile, group: Placement) -> Facts:
    """Return the member's facts in this group: role, membership, whether they came late."""
    scene, bundle = run.scene, run.bundle
    member, standing, _ = scene.members[profile.profile_id]
    role = run.roles.get(profile.profile_id)
    is_late = group.stage in texts(bundle, "late_joiner_stages") and member.since >= group.since
    facts = person_facts(profile, scene.at, bundle.number("engagement_half_life_days"))
    facts |= declared_facts(profile.trait, "person", bundle) | company_facts(scene.account)
    fades = bundle.number("interest_half_life_days")
    facts |= interest_facts("person", interests_of([profile], scene.at, fades))
    facts |= {
        "person.role": role.role if role else "unknown",
        "person.role_confidence": role.confidence if role else 0.0,
        "person.member_status": standing.status,
        "person.late_joiner": is_late,
    }
    facts |= said_facts("person.crm_stage", profile.traits.get(STAGE), scene.at)
    facts |= said_facts("person.lead_status", profile.traits.get("lead_status"), scene.at)
    return bound_facts(facts)


def _together(people: list[PersonFacts]) -> Facts:
    """Return what the group's people add to its facts, once each of them is placed."""
    owners = {str(p.facts["person.owner"]) for p in people if p.facts.get("person.owner")}
    broken = [h for p in people if isinstance(h := p.facts.get(_BROKEN), int | float)]
    lately: Facts = {"group.people_hours_since_sla_breach": min(broken)} if broken else {}
    return (
        lately
        | ({"group.person_owners": tuple(sorted(owners))} if owners else {})
        | {
            "group.late_joiners": sum(bool(p.facts["person.late_joiner"]) for p in people),
            "group.people_sla_breached": sum(bool(p.facts["person.sla_breached"]) for p in people),
        }
    )
