"""Row A.5.10: what a rep does with a task in HubSpot comes home, by HubSpot's own id of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mos.events import ActionDecided
from mos.model.delivery import Delivery
from mos.model.lesson import Credit
from mos.model.signal import Signal, SignalKind, Trust
from tests.builders import signal
from tests.cases.doors import body_of, send
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System


def handed_off() -> System:
    system = System()
    system.play(*browsing(4), jane())
    system.later(hours=1)
    return system


def stored(system: System) -> Delivery:
    [found] = [
        Delivery.parse(r.body) for r in system.tables["actions"].scan() if r.sk == "DELIVERY"
    ]
    return found


def told(system: System, body: str, at: datetime | None = None, **fields: Any) -> list[Signal]:
    """Return the signals of a recorded notice about the task that we have made."""
    at = at or system.now
    changed = [
        {**one, "objectId": int(str(stored(system).provider_id)),
         "occurredAt": int(at.timestamp() * 1000), **fields}
        for one in body_of("hubspot", body)
    ]  # fmt: skip
    return send("hubspot", changed, at)


def status(system: System, value: str, **fields: Any) -> list[Signal]:
    return told(system, "wh-generic-task-propertychange-status", propertyValue=value, **fields)


def list_credits(system: System) -> list[tuple[str, str, float]]:
    found = [Credit.parse(r.body) for r in system.tables["lessons"].scan() if r.sk == "CREDIT"]
    return [(c.outcome.kind.value, c.rule, c.reward) for c in found]


@pytest.mark.parametrize(
    ("value", "receipt", "credit"),
    [
        ("IN_PROGRESS", "task.accepted", ("task_accepted", "by_action_id", 1.0)),
        ("COMPLETED", "task.completed", ("task_accepted", "by_action_id", 1.0)),
        ("DEFERRED", "task.rejected", ("task_rejected", "by_action_id", 0.0)),
    ],
)
def test_a5_10_a_status_is_kept_with_the_delivery_and_credited_to_its_action(
    value: str, receipt: str, credit: tuple[str, str, float]
) -> None:
    system = handed_off()
    decided = system.history[-1][3]
    assert isinstance(decided, ActionDecided)

    for _ in "twice":
        system.play(*status(system, value))

    assert [r.name for r in stored(system).receipts] == [receipt]
    assert list_credits(system) == [credit]
    [kept] = [r for r in system.tables["lessons"].scan() if r.sk == "CREDIT"]
    assert kept.tags["decision"] == decided.decision_id


def test_a5_10_a_task_that_is_binned_was_rejected_and_a_reason_is_kept() -> None:
    system = handed_off()

    system.play(*status(system, "no budget", propertyName="mos_reject_reason"))
    system.later(minutes=1)
    system.play(*told(system, "wh-generic-task-deletion"))

    assert [(r.name, r.why) for r in stored(system).receipts] == [
        ("task.rejected", "no budget"),
        ("task.rejected", "deleted"),
    ]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("wh-generic-task-creation", {}),
        ("wh-generic-task-propertychange-timestamp", {}),
        ("wh-generic-task-propertychange-status", {"propertyValue": "NOT_STARTED"}),
        ("wh-generic-task-propertychange-status", {"propertyValue": "WAITING"}),
        ("wh-generic-task-propertychange-status", {"propertyValue": None}),
        ("wh-generic-task-deletion", {"changeSource": "AUTOMATION_PLATFORM"}),
        ("wh-generic-task-propertychange-status",
         {"propertyName": "mos_reject_reason", "propertyValue": " "}),
    ],
)  # fmt: skip
def test_a5_10_what_is_nobodys_word_changes_nothing(body: str, fields: dict[str, Any]) -> None:
    system = handed_off()

    signals = told(system, body, **fields)
    system.play(*signals)

    assert [s.kind for s in signals] == [SignalKind.UNMAPPED]
    assert (stored(system).receipts, list_credits(system)) == ((), [])


@pytest.mark.parametrize("fields", [{"objectId": 4711}, {"portalId": 7}])
def test_a5_10_a_task_that_is_not_ours_changes_nothing(fields: dict[str, Any]) -> None:
    system = handed_off()
    system.play(*status(system, "IN_PROGRESS", objectId=4712))  # Whose portal is home is known.
    before = len(list(system.tables["lessons"].scan()))

    system.play(*status(system, "COMPLETED", **fields))

    assert stored(system).receipts == ()
    assert len(list(system.tables["lessons"].scan())) == before


@pytest.mark.parametrize("trust", [Trust.UNSIGNED, Trust.TOKEN])
def test_a5_10_only_what_was_signed_counts(trust: Trust) -> None:
    system = handed_off()

    system.play(*(s.model_copy(update={"trust": trust}) for s in status(system, "COMPLETED")))

    assert (stored(system).receipts, list_credits(system)) == ((), [])


def test_a5_10_what_we_put_into_the_bin_ourselves_is_no_rejection() -> None:
    system = handed_off()
    system.say("undo", what="ae_handoff", confirm=True)
    assert stored(system).undone

    system.play(*told(system, "wh-generic-task-deletion", changeSource="INTEGRATION"))
    system.play(*status(system, "COMPLETED", at=system.later(minutes=1)))

    assert [r.name for r in stored(system).receipts] == ["task.completed"]


def test_a5_10_nothing_is_learned_of_who_was_forgotten() -> None:
    system = handed_off()
    signals = status(system, "COMPLETED", at=system.now + timedelta(minutes=5))
    system.say("privacy", subject="jane@acmepay.example", request="erase")

    system.play(*signals)

    assert list_credits(system) == []
    assert stored(system).person_id is None


def test_a5_10_a_word_on_a_task_that_names_its_person_is_still_theirs() -> None:
    system = handed_off()
    named = signal(
        SignalKind.TASK_ACCEPTED, minute=70, ids=("email:jane@acmepay.example",), key="own",
        properties={"task_id": "4711", "action_id": stored(system).action_id},
    )  # fmt: skip

    system.play(named)

    assert system.profile("jane@acmepay.example").counts["task_accepted"] == 1
    assert [r.name for r in stored(system).receipts] == ["task.accepted"]
