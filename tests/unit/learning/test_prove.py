"""A delivery that a receipt proves counts as a trial, once; one that never left does not."""

from itertools import permutations

import pytest

from functions.action.deliver import action_id_of
from functions.learning.handler import step
from functions.learning.prove import prove
from functions.learning.study import Study
from mos.events import ActionDelivered, DeliveryProved
from mos.memory.table import FakeTable
from mos.model.delivery import DeliveryStatus
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from tests.builders import NOON
from tests.property.steps import mailed

LEFT, NEVER = True, False


def delivered(status: DeliveryStatus) -> ActionDelivered:
    event = mailed()
    return ActionDelivered.following(
        event, run_id=event.run_id, decision_id=event.decision_id,
        action_id=action_id_of(event), group_id=event.group_id, person_id=event.person_id,
        action=event.action.name, treatment=event.treatment, channel=event.channel,
        segment=event.segment, probability=event.probability, status=status, reason="of this test",
        account_id="acc_1", bundle="b", brings=("unsubscribed",),
    )  # fmt: skip


def proved(*, has_left: bool) -> DeliveryProved:
    event = mailed()
    return DeliveryProved.following(
        event, action_id=action_id_of(event), decision_id=event.decision_id,
        group_id=event.group_id, has_left=has_left,
    )  # fmt: skip


def play(*events: ActionDelivered | DeliveryProved) -> tuple[set[float], set[float], int]:
    """Return what arms and guardrails have counted, and how many touches may be credited."""
    table = FakeTable()
    study = Study(table, lambda _: Bundle({}), lambda: Bundle({}), NOON)
    for event in events:
        if isinstance(event, DeliveryProved):
            prove(event, study.lessons)
        else:
            step(event, Moment(NOON), study)
    trials = {r.numbers["trials"] for r in table.scan() if r.pk.startswith("ARM#")}
    guards = {r.numbers["count"] for r in table.scan() if r.pk.startswith("GUARD#")}
    return trials, guards, len(study.lessons.touches("grp_1"))


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_what_a_receipt_proves_to_have_left_counts_once_in_any_order(
    order: tuple[int, ...],
) -> None:
    events = (delivered(DeliveryStatus.UNKNOWN), proved(has_left=LEFT))

    assert play(*(events[n] for n in order), *events, *events) == ({1.0}, {1.0}, 1)


def test_what_nobody_knows_is_no_trial() -> None:
    assert play(delivered(DeliveryStatus.UNKNOWN)) == (set(), set(), 0)


@pytest.mark.parametrize("status", [DeliveryStatus.UNKNOWN, DeliveryStatus.SENT])
@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_what_never_left_is_no_trial_in_any_order(
    status: DeliveryStatus, order: tuple[int, ...]
) -> None:
    events = (delivered(status), proved(has_left=NEVER))

    trials, guards, touches = play(*(events[n] for n in order), *events, *events)

    assert trials <= {0.0}
    assert guards <= {0.0}
    assert touches == 0


def test_one_that_was_sent_and_is_proved_too_counts_once() -> None:
    sent = delivered(DeliveryStatus.SENT)

    assert play(sent, proved(has_left=LEFT), sent) == ({1.0}, {1.0}, 1)
