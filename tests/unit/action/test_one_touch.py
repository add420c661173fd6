"""Expired, withdrawn, unknown: when nothing more is sent."""

from datetime import timedelta

import pytest

from lab.fakes.wire import ProviderWire
from mos.events import ActionDelivered
from mos.memory.table import FakeTable
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.model.profile import Profile
from mos.model.signal import SignalKind
from mos.model.stage import Level
from mos.ports import Record
from tests.builders import NOON, grants, identifier, signal
from tests.delivering import Delivering
from tests.property.steps import mailed, placement
from tests.property.test_deliveries import kept, person
from tests.property.worlds import Unifier

JANE = "email:jane@acme.example"


def delivered(people: FakeTable, wire: ProviderWire, actions: FakeTable, who: str = "per_1",
              hours: float = 0, stages: FakeTable | None = None) -> ActionDelivered:  # fmt: skip
    layer = Delivering(people, stages or FakeTable(), actions, wire)
    return layer.deliver(mailed(person=who), NOON + timedelta(hours=hours))[0]


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
    wire = ProviderWire()

    said = delivered(kept(person(Purpose.EMAIL_MARKETING)), wire, FakeTable(), hours=100)

    assert (said.status, said.reason, wire.mails) == (DeliveryStatus.SKIPPED, "expired", [])


def test_consent_withdrawn_between_decide_and_deliver_is_refused() -> None:
    layer, wire = Unifier(), ProviderWire()
    layer.run([signal(ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING))])
    layer.run([signal(minute=1, ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING,
                                                             granted=False))])  # fmt: skip
    [profile] = layer.people().values()

    said = delivered(layer.identity, wire, FakeTable(), profile.profile_id)

    assert (said.status, said.reason) == (DeliveryStatus.REFUSED, "consent_at_send:withdrawn")
    assert wire.mails == []


@pytest.mark.parametrize(
    "kind", [SignalKind.EMAIL_REPLIED, SignalKind.MEETING_BOOKED, SignalKind.DEAL_CHANGED]
)
def test_a4_16_who_answered_or_booked_meanwhile_is_not_sent_what_was_decided_before(
    kind: SignalKind,
) -> None:
    layer, wire = Unifier(), ProviderWire()
    agreed = signal(minute=-5, ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING))
    layer.run([agreed])
    [profile] = layer.people().values()
    layer.run([signal(kind, minute=1, ids=(JANE,))])

    said = delivered(layer.identity, wire, FakeTable(), profile.profile_id, hours=1)

    assert (said.status, said.reason) == (DeliveryStatus.SKIPPED, f"revoked:{kind.value}")
    assert wire.mails == []


def test_a4_16_what_happened_before_the_decision_takes_nothing_back() -> None:
    layer, wire = Unifier(), ProviderWire()
    agreed = signal(minute=-9, ids=(JANE,), consent=grants(Purpose.EMAIL_MARKETING))
    layer.run([agreed])
    layer.run([signal(SignalKind.MEETING_BOOKED, minute=-5, ids=(JANE,))])
    [profile] = layer.people().values()

    said = delivered(layer.identity, wire, FakeTable(), profile.profile_id, hours=1)

    assert said.status is DeliveryStatus.SENT


@pytest.mark.parametrize(
    ("level", "stage"),
    [(Level.ACCOUNT, "customer"), (Level.GROUP, "pipeline"), (Level.PERSON, "disqualified")],
)
def test_a4_16_who_stands_elsewhere_meanwhile_is_not_sent_what_was_decided_before(
    level: Level, stage: str
) -> None:
    wire, people = ProviderWire(), kept(person(Purpose.EMAIL_MARKETING))
    moved, before = standing(level, stage, 1), standing(level, stage, -1)

    late = delivered(people, wire, FakeTable(), hours=1, stages=moved)
    known = delivered(people, ProviderWire(), FakeTable(), hours=1, stages=before)

    reason = f"revoked:{level.value}.stage={stage}"
    assert (late.status, late.reason, wire.mails) == (DeliveryStatus.SKIPPED, reason, [])
    assert known.status is DeliveryStatus.SENT


def test_a4_16_a_step_forward_that_policy_does_not_name_takes_nothing_back() -> None:
    people = kept(person(Purpose.EMAIL_MARKETING))

    said = delivered(
        people, ProviderWire(), FakeTable(), stages=standing(Level.GROUP, "engaged", 1)
    )

    assert said.status is DeliveryStatus.SENT


def test_an_unknown_delivery_is_never_sent_again() -> None:
    wire, actions = ProviderWire(), FakeTable()
    wire.failures = ["uncertain"]
    people = kept(person(Purpose.EMAIL_MARKETING))

    said = [delivered(people, wire, actions) for _ in range(3)]

    assert {event.status for event in said} == {DeliveryStatus.UNKNOWN}
    assert wire.mails == []


def test_a_mail_that_was_surely_not_taken_waits_and_is_sent_at_the_next_try() -> None:
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)))
    layer.wire.failures = ["unavailable"]

    said, at = layer.deliver(mailed())

    [wait] = layer.waits
    assert (said.status, at) == (DeliveryStatus.SENT, wait.held_until)
    assert wait.held_why == "ses is unavailable: told to fail"
    assert len(layer.wire.mails) == 1


def test_a_person_who_is_gone_is_not_touched() -> None:
    wire = ProviderWire()

    said = delivered(FakeTable(), wire, FakeTable())

    assert (said.status, said.reason) == (DeliveryStatus.REFUSED, "person_is_gone")


def test_a_mail_can_be_unsubscribed_and_leads_back_to_its_decision() -> None:
    wire = ProviderWire()

    delivered(kept(person(Purpose.EMAIL_MARKETING)), wire, FakeTable())

    [mail] = wire.mails
    assert "mailto:" in mail["headers"]["List-Unsubscribe"]
    assert mail["tags"]["decision_id"] == mailed().decision_id


def test_a_person_without_a_mailbox_any_more_is_refused() -> None:
    nameless: Profile = person(Purpose.EMAIL_MARKETING).model_copy(
        update={"identifiers": (identifier("user_id:u1"),)}
    )

    said = delivered(kept(nameless), ProviderWire(), FakeTable())

    assert said.status is DeliveryStatus.REFUSED
