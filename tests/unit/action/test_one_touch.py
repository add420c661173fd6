"""Expired, withdrawn, unknown: when nothing more is sent."""

from datetime import timedelta

import pytest

from functions.action.handler import step
from functions.action.repository import Deliveries, People
from mos.errors import UnavailableError
from mos.events import ActionDelivered
from mos.memory.asker import FakeAsker
from mos.memory.table import FakeTable
from mos.memory.tools import FakeTools
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.model.profile import Profile
from mos.model.signal import SignalKind
from mos.model.stage import Level
from mos.ports import Moment, Record
from tests.builders import NOON, grants, identifier, signal
from tests.property.steps import mailed, placement, store
from tests.property.test_deliveries import kept, person
from tests.property.worlds import Unifier

JANE = "email:jane@acme.example"


def delivered(people: FakeTable, tools: FakeTools, actions: FakeTable, who: str = "per_1",
              hours: float = 0, stages: FakeTable | None = None) -> ActionDelivered:  # fmt: skip
    moment = Moment(NOON + timedelta(hours=hours))
    known = People(people, stages or FakeTable())
    return step(mailed(person=who), moment, Deliveries(actions), known,
                store(), FakeAsker(), tools)  # fmt: skip


def standing(level: Level, stage: str, minutes: int) -> FakeTable:
    """Return a lifecycle table in which one subject of the decision has moved since noon."""
    subject = {Level.ACCOUNT: "acc_1", Level.GROUP: "grp_1", Level.PERSON: "per_1"}[level]
    group = "grp_1" if level is Level.PERSON else None
    since = NOON + timedelta(minutes=minutes)
    one = placement(level, subject, stage).model_copy(update={"since": since, "group_id": group})
    table = FakeTable()
    sort = f"STAGE@{group}" if group else "STAGE"
    table.save(Record(f"SUBJECT#{subject}", sort, one.canonical()))
    return table


def test_a_decision_that_expired_is_skipped() -> None:
    tools = FakeTools()

    said = delivered(kept(person(Purpose.EMAIL_MARKETING)), tools, FakeTable(), hours=100)

    assert (said.status, said.reason, tools.mails) == (DeliveryStatus.SKIPPED, "expired", [])


def test_consent_withdrawn_between_decide_and_deliver_is_refused() -> None:
    layer, tools = Unifier(), FakeTools()
    layer.run([signal(ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING))])
    layer.run([signal(minute=1, ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING,
                                                             granted=False))])  # fmt: skip
    [profile] = layer.people().values()

    said = delivered(layer.identity, tools, FakeTable(), profile.profile_id)

    assert (said.status, said.reason) == (DeliveryStatus.REFUSED, "consent_at_send:withdrawn")
    assert tools.mails == []


@pytest.mark.parametrize(
    "kind", [SignalKind.EMAIL_REPLIED, SignalKind.MEETING_BOOKED, SignalKind.DEAL_CHANGED]
)
def test_a4_16_who_answered_or_booked_meanwhile_is_not_sent_what_was_decided_before(
    kind: SignalKind,
) -> None:
    layer, tools = Unifier(), FakeTools()
    agreed = signal(minute=-5, ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING))
    layer.run([agreed])
    [profile] = layer.people().values()
    layer.run([signal(kind, minute=1, ids=(JANE,))])

    said = delivered(layer.identity, tools, FakeTable(), profile.profile_id, hours=1)

    assert (said.status, said.reason) == (DeliveryStatus.SKIPPED, f"revoked:{kind.value}")
    assert tools.mails == []


def test_a4_16_what_happened_before_the_decision_takes_nothing_back() -> None:
    layer, tools = Unifier(), FakeTools()
    agreed = signal(minute=-9, ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING))
    layer.run([agreed])
    layer.run([signal(SignalKind.MEETING_BOOKED, minute=-5, ids=(JANE,))])
    [profile] = layer.people().values()

    said = delivered(layer.identity, tools, FakeTable(), profile.profile_id, hours=1)

    assert said.status is DeliveryStatus.SENT


@pytest.mark.parametrize(
    ("level", "stage"),
    [(Level.ACCOUNT, "customer"), (Level.GROUP, "pipeline"), (Level.PERSON, "disqualified")],
)
def test_a4_16_who_stands_elsewhere_meanwhile_is_not_sent_what_was_decided_before(
    level: Level, stage: str
) -> None:
    tools, people = FakeTools(), kept(person(Purpose.EMAIL_MARKETING))
    moved, before = standing(level, stage, 1), standing(level, stage, -1)

    late = delivered(people, tools, FakeTable(), hours=1, stages=moved)
    known = delivered(people, FakeTools(), FakeTable(), hours=1, stages=before)

    reason = f"revoked:{level.value}.stage={stage}"
    assert (late.status, late.reason, tools.mails) == (DeliveryStatus.SKIPPED, reason, [])
    assert known.status is DeliveryStatus.SENT


def test_a4_16_a_step_forward_that_policy_does_not_name_takes_nothing_back() -> None:
    people = kept(person(Purpose.EMAIL_MARKETING))

    said = delivered(people, FakeTools(), FakeTable(), stages=standing(Level.GROUP, "engaged", 1))

    assert said.status is DeliveryStatus.SENT


def test_an_unknown_delivery_is_never_sent_again() -> None:
    tools, actions = FakeTools(), FakeTable()
    tools.failures = ["uncertain"]
    people = kept(person(Purpose.EMAIL_MARKETING))

    said = [delivered(people, tools, actions) for _ in range(3)]

    assert {event.status for event in said} == {DeliveryStatus.UNKNOWN}
    assert tools.mails == []


def test_a_mail_that_was_surely_not_taken_is_sent_at_the_next_try() -> None:
    tools, actions = FakeTools(), FakeTable()
    tools.failures = ["unavailable"]
    people = kept(person(Purpose.EMAIL_MARKETING))

    with pytest.raises(UnavailableError):
        delivered(people, tools, actions)

    assert delivered(people, tools, actions).status is DeliveryStatus.SENT
    assert len(tools.mails) == 1


def test_a_person_who_is_gone_is_not_touched() -> None:
    tools = FakeTools()

    said = delivered(FakeTable(), tools, FakeTable())

    assert (said.status, said.reason) == (DeliveryStatus.REFUSED, "person_is_gone")


def test_a_mail_can_be_unsubscribed_and_leads_back_to_its_decision() -> None:
    tools = FakeTools()

    delivered(kept(person(Purpose.EMAIL_MARKETING)), tools, FakeTable())

    [mail] = tools.mails
    assert "mailto:" in mail["headers"]["List-Unsubscribe"]  # type: ignore[index]
    assert mail["tags"]["decision_id"] == mailed().decision_id  # type: ignore[index]


def test_a_person_without_a_mailbox_any_more_is_refused() -> None:
    nameless: Profile = person(Purpose.EMAIL_MARKETING).model_copy(
        update={"identifiers": (identifier("user_id:u1"),)}
    )

    said = delivered(kept(nameless), FakeTools(), FakeTable())

    assert said.status is DeliveryStatus.REFUSED
