"""Row A.5.10 in Salesforce: a task by our own external id, once, with whom and why, and undone."""

import json
from datetime import timedelta

import pytest

from functions.action.channels.salesforce_task import CHANNEL
from functions.action.listen import withdraw
from lab.bench.hands import NOON, Hands, decided, somebody
from mos.events import ActionHeld, ConsentWithdrawn
from mos.model.consent import Purpose
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Moment


def known() -> Hands:
    hands = Hands()
    hands.know(somebody(1))
    return hands


def test_a5_01_a_task_whose_answer_was_lost_is_asked_for_again_and_is_one() -> None:
    hands = known()
    hands.wire.failures = ["lost", "500", "503"]

    said, _ = hands.deliver(decided("salesforce_task", 1), NOON)

    urls = {call.url for call in hands.wire.calls}
    assert said.status is DeliveryStatus.SENT
    assert len(urls) == 1
    assert [kept["what"] for kept in hands.wire.inbox] == ["task", "renewed"]


def test_a5_10_the_task_has_its_owner_its_records_its_day_and_its_decision() -> None:
    call = CHANNEL.plan(CHANNEL.sample)
    body = json.loads(call.body or b"")

    assert call.url == "/services/data/v68.0/sobjects/Task/MOS_Action_Id__c/act_0"
    assert body == {
        "MOS_Decision_Id__c": "dec_0", "Subject": "Take over: Bright Pay",
        "Description": "Jane asked for a demonstration.\nMailbox: jane@bright-pay.example\n"
        "Telephone: +442079460000", "ActivityDate": "2026-01-31", "Priority": "High",
        "Status": "Not Started", "OwnerId": "005000000000001AAA",
        "WhoId": "0035g00000AbCdEfGH", "WhatId": "0015g00000AbCdEfGH",
    }  # fmt: skip
    # Salesforce refuses an upsert whose body names the id that stands in its path.
    assert "MOS_Action_Id__c" not in body


@pytest.mark.parametrize(
    ("lacks", "says"),
    [("MOS_Action_Id__c", "whoever administers Salesforce makes MOS_Action_Id__c"),
     ("version", "has providers/salesforce.toml name another")],
)  # fmt: skip
def test_a5_10_what_an_administrator_must_mend_is_waited_for(lacks: str, says: str) -> None:
    hands = known()
    hands.wire.lacks = {lacks}

    said = hands.ask(decided("salesforce_task", 1), NOON, "one")

    assert isinstance(said, ActionHeld)
    assert says in said.held_why


def test_a5_10_an_external_id_of_two_tasks_is_final_and_says_so() -> None:
    hands = known()
    hands.wire.lacks = {"one task"}

    said, _ = hands.deliver(decided("salesforce_task", 1), NOON)

    assert said.status is DeliveryStatus.REFUSED
    assert "two tasks have our action's id" in said.reason


def test_a5_17_one_whose_answer_was_lost_is_deleted_too_by_our_own_id() -> None:
    hands = known()
    hands.wire.failures = ["lost"]
    event = decided("salesforce_task", 1)
    said = hands.ask(event, NOON, "one")
    assert isinstance(said, ActionHeld)
    late = event.expires_at + timedelta(hours=1)
    ended, _ = hands.deliver(event, late)
    assert ended.status is DeliveryStatus.UNKNOWN

    told = ConsentWithdrawn(
        event_id="e", cause_id="s", trace_id="s", occurred_at=late, people=("per_1",),
        purposes=tuple(Purpose),
    )  # fmt: skip
    withdraw(told, Moment(late), hands.way_out())

    kept = hands.actions.get(f"ACTION#{ended.action_id}", "DELIVERY")
    assert kept is not None
    undone = Delivery.parse(kept.body).undone
    assert undone is not None
    assert undone.done
    assert hands.wire.calls[-1].method == "DELETE"
    assert hands.wire.calls[-1].url.endswith(ended.action_id)
