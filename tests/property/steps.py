"""Random groups before the gates, and layers over tables in memory."""

from functools import cache

from hypothesis import strategies as st

from functions.policy.permit import permit
from mos.aws.bundles import BundleStore
from mos.events import ActionDecided, ActionsPermitted, SubjectPlaced
from mos.memory.bucket import FakeBucket
from mos.model.base import Facts, derive_id
from mos.model.consent import Purpose
from mos.model.decision import PersonFacts
from mos.model.stage import Level, Placement, Receipt
from tests.builders import NOON
from tests.property.worlds import policy

PURPOSES = [p.value for p in Purpose]


@cache
def store() -> BundleStore:
    """Return a store with the bundle without hold-out, loaded once for all examples."""
    made = BundleStore(FakeBucket())
    made.publish(policy())
    made.activate(policy().digest, "test")
    return made


def placement(level: Level, subject: str, stage: str) -> Placement:
    receipt = Receipt(table=f"lifecycle/{level}", row="r", why="w", bundle=policy().digest)
    return Placement(subject_id=subject, level=level, stage=stage, since=NOON, receipt=receipt)


def placed(people: list[PersonFacts], group_facts: Facts, run: str = "run_1") -> SubjectPlaced:
    stage = str(group_facts.get("account.stage", "aware"))
    return SubjectPlaced(
        event_id=derive_id("evt", "SubjectPlaced", run),
        cause_id="evt_0",
        trace_id="sig_0",
        occurred_at=NOON,
        run_id=run,
        bundle=policy().digest,
        group_id="grp_1",
        account_id="acc_1",
        account=placement(Level.ACCOUNT, "acc_1", stage),
        group=placement(Level.GROUP, "grp_1", str(group_facts.get("group.stage", "forming"))),
        group_facts=group_facts,
        person_facts=tuple(people),
    )


@st.composite
def people(draw: st.DrawFn) -> list[PersonFacts]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        purposes = draw(st.lists(st.sampled_from(PURPOSES), unique=True, max_size=4))
        refused = draw(st.integers(0, len(purposes)))
        facts: Facts = {
            "person.known": draw(st.booleans()),
            "person.reachable_by_email": draw(st.booleans()),
            "person.engagement": draw(st.sampled_from([0.0, 4.0, 20.0, 90.0])),
            "person.suppressed": tuple(draw(st.sampled_from([(), (), ("email",), ("all",)]))),
            "person.consents": tuple(purposes[refused:]),
            "person.withdrawn": tuple(purposes[:refused]),
            "person.is_test": draw(st.sampled_from([False, False, False, True])),
            "person.top_interest": draw(st.sampled_from(["security", "pricing", "analytics"])),
            "person.country": draw(st.sampled_from(["US", "DE"])),
        }
        facts |= {
            f"person.basis.{p}": draw(st.sampled_from(["consent", "legitimate_interest"]))
            for p in purposes
        }
        found.append(PersonFacts(person_id=f"per_{number}", facts=facts))
    return found


@st.composite
def permitted(draw: st.DrawFn) -> ActionsPermitted:
    """Return what policy says of a random group."""
    facts: Facts = {
        "account.is_company": draw(st.booleans()),
        "account.employees": draw(st.sampled_from([10, 150, 900])),
        "account.industry": draw(st.sampled_from(["fintech", "mining"])),
        "account.stage": draw(st.sampled_from(["aware", "engaged", "customer"])),
        "group.stage": draw(st.sampled_from(["engaged", "prioritized", "qualified"])),
        "group.roles": tuple(draw(st.sampled_from([(), ("economic_buyer",), ("champion",)]))),
    }
    run = f"run_{draw(st.integers(0, 10_000))}"
    return permit(placed(draw(people()), facts, run), policy())


def mailed(run: str = "run_1", action: str = "email_welcome", person: str = "per_1",
           channel: str = "email") -> ActionDecided:  # fmt: skip
    """Return the decision to do one thing about one person."""
    chosen = policy().actions[action]
    return ActionDecided(
        event_id=derive_id("evt", "ActionDecided", run),
        cause_id="evt_0",
        trace_id="sig_0",
        occurred_at=NOON,
        run_id=run,
        bundle=policy().digest,
        decision_id=derive_id("dec", run),
        group_id="grp_1",
        account_id="acc_1",
        person_id=person,
        action=chosen,
        treatment=chosen.treatments[0].name,
        channel=channel,
        segment="strong",
        probability=0.5,
        reason="best of 3",
        expires_at=NOON.replace(day=5),
    )
