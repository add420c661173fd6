"""Row A.3.10: a broken promise gives the group to the next in line, and takes the old task back."""

from typing import Any

import pytest

from functions.decisioning.turn import take_turn
from functions.policy.permit import known_facts
from functions.policy.route import route_of
from lab.fakes.wire import ProviderWire
from mos.errors import UnavailableError
from mos.events import ActionDecided
from mos.model.call import Call, CallReply
from mos.model.past import Past
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.examine import examine
from tests.acceptance.test_a3_turns import BDR, MONDAY
from tests.acceptance.test_a5_10_task_receipts import status
from tests.builders import everyone_held_out, signal, without_holdout
from tests.journey.test_the_path import FINTECH, browsing, jane
from tests.property.worlds import policy
from tests.system_in_process import System


def bob(minute: float = 30) -> Signal:
    """A colleague of Jane's, whom nobody answers either: two are left waiting."""
    return signal(
        SignalKind.LEAD_SUBMITTED, minute=minute, ids=("email:bob@acmepay.example",), key="bob",
        company=FINTECH, traits={"title": "CFO", "country": "US"},
    )  # fmt: skip


def left_waiting(bundle: Bundle | None = None) -> System:
    """Jane's form leads to a task at noon; it is night in Austin, and nobody works at it."""
    system = System(bundle)
    system.play(*browsing(4), jane())
    system.play(bob())
    return system


def handed(system: System) -> list[ActionDecided]:
    """Return the tasks that were decided, in their order."""
    every = [e for run in system.history for e in run if isinstance(e, ActionDecided)]
    return [e for e in every if e.channel == "hubspot_task"]


def inbox(system: System) -> list[str]:
    """Return what HubSpot was told of tasks, but for those to managers."""
    kept = [one for one in system.wire.inbox if one["channel"] == "hubspot_task"]
    return [one["what"] for one in kept if "Left waiting" not in str(one)]


def test_the_old_task_is_taken_back_once_another_has_it() -> None:
    system = left_waiting()
    [first] = handed(system)

    system.wake(hours=10)

    second = handed(system)[-1]
    assert second.owner != first.owner
    assert second.replaces == (first.decision_id,)
    assert inbox(system) == ["task", "task", "binned"]
    shown = system.ask("undo", what=first.decision_id)
    assert shown.data["ways"] == {"undone": 1}
    assert "another rep has it now" in shown.data["rows"][0]["says"]


def test_who_took_it_after_the_promise_broke_keeps_it() -> None:
    system = left_waiting()
    system.wake(hours=10)
    before = handed(system)

    system.wake(days=20)

    assert {e.owner for e in handed(system)[len(before) - 1 :]} == {before[-1].owner}
    assert all(e.replaces == () for e in handed(system)[len(before) :])


def test_where_the_new_task_does_not_arrive_the_old_one_stays() -> None:
    system = left_waiting()
    system.wire.failures += ["400"]

    system.wake(hours=10)

    assert len(handed(system)) == 2
    assert inbox(system) == ["task"]


def test_a_task_that_its_owner_has_completed_stays_theirs() -> None:
    system = left_waiting()
    system.play(*status(system, "COMPLETED", at=system.later(minutes=1)))
    eve = Identifier(type="email", value="eve@acmepay.example")
    system.play(bob(40).model_copy(update={"identifiers": (eve,), "signal_id": "sig_eve"}))

    system.wake(hours=10)

    assert handed(system)[-1].replaces == (handed(system)[0].decision_id,)
    assert inbox(system) == ["task", "task"]


def test_the_decision_can_be_made_again_from_its_record() -> None:
    system = left_waiting()
    system.wake(hours=10)
    last = handed(system)[-1]

    told = system.ask("replay", decision_id=last.decision_id)

    assert last.replaces
    assert told.data["same"] is True


@pytest.mark.parametrize(("took", "stays"), [(5.0, False), (0.5, True)])
def test_only_who_had_it_when_it_broke_is_passed_over(took: float, stays: bool) -> None:  # noqa: FBT001  a case of the table
    broken: dict[str, Any] = {"group.sla_breached": True, "group.hours_since_sla_breach": 2.0}
    route = route_of(known_facts(BDR | broken, MONDAY, policy()), "acc_1", policy())

    turn = take_turn(route, Past(keeper="bdr-novak", keeper_hours=took))

    assert turn
    assert (turn.rep == "bdr-novak") is stays
    assert turn.instead_of == (None if stays else "bdr-novak")


def edited(page: str, text: str) -> Bundle:
    return Bundle({**without_holdout().files, f"tables/routing/{page}.csv": text.encode()})


def notices(system: System) -> list[dict[str, Any]]:
    """Return what managers were told, as the provider got it."""
    return [
        one["properties"]
        for _, path, body in system.wire.posts
        if path.endswith("tasks/batch/upsert")
        for one in body["inputs"]
        if "promise was broken" in one["properties"]["hs_task_body"]
    ]


def test_the_manager_of_whoever_had_it_is_told_once_for_the_day() -> None:
    system = left_waiting()

    system.wake(hours=10)
    system.wake(days=3)

    [told] = notices(system)
    assert told["hubspot_owner_id"] == "88800120"
    assert told["hs_task_subject"] == "Left waiting: Acme Pay"
    assert "Who had it: ae-olsen" in told["hs_task_body"]
    assert "routing/escalate#nobody_called_a_lead" in told["hs_task_body"]
    assert "jane" not in told["hs_task_body"].lower()


def test_a_named_account_stays_with_its_owner_and_the_manager_hears_of_it() -> None:
    rows = without_holdout().text("tables/routing/named_accounts.csv")
    named = edited("named_accounts", rows.rstrip() + "\nacmepay,acmepay.example,ae-marsh,Ours\n")
    system = left_waiting(named)

    system.wake(hours=10)

    assert {e.owner for e in handed(system)} == {"ae-marsh"}
    assert "binned" not in inbox(system)
    assert [one["mos_owner"] for one in notices(system)] == ["vp-sales-americas"]


class Interrupted(ProviderWire):
    """Providers that are down for what managers are told, until they are `up`."""

    up = False

    def exchange(self, call: Call) -> CallReply:
        if b"promise was broken" in (call.body or b"") and not self.up:
            raise UnavailableError(call.provider, "down")
        return super().exchange(call)


def test_a_notice_that_cannot_leave_waits_and_is_sent_when_it_can() -> None:
    system = left_waiting()
    system.wire = wire = Interrupted()
    system.wake(hours=10)
    [waits] = system.ask("outbox", hours=48).data["notices"]

    wire.up = True
    system.later(hours=1)
    for _ in "twice":
        system.tell(system.now)

    [told] = system.ask("outbox", hours=48).data["notices"]
    assert len(notices(system)) == 1
    assert (waits["says"], told["says"]) == ("waits", "sent: sent")


def test_a_manager_whom_the_crm_does_not_know_is_named_by_check_and_in_the_outbox() -> None:
    rows = without_holdout().text("tables/routing/reps.csv")
    unknown = rows.replace("hubspot:88800120 | salesforce:005000000000020AAA", "")
    bundle = edited("reps", unknown)
    system = left_waiting(bundle)

    system.wake(hours=10)

    assert notices(system) == []
    told = system.ask("outbox", hours=48)
    [row] = told.data["notices"]
    assert row["to"] == "vp-sales-americas"
    assert "add it to `crm` of routing/reps" in row["says"]
    assert any("could not be told" in flaw["detail"] for flaw in examine(bundle, MONDAY.date()))


def test_what_is_read_again_long_after_tells_nobody() -> None:
    system = left_waiting()
    system.later(days=9)

    system.wake(hours=1)

    assert notices(system) == []


ESCALATE, SLA = "routing/escalate", "lifecycle/sla"
BROKEN = (
    (ESCALATE, 'channel = "hubspot_task"', 'channel = "hubspot_tsak"', "goes over hubspot_tsak"),
    (ESCALATE, "promise_broken.md", "promise_brokn.md", "there is no prompts/promise_brokn.md"),
    (ESCALATE, "Left waiting: {company}", "Left: {person}", "a notice has no {person}"),
    (ESCALATE, '"first_touch", "contacted"', '"first_tuch"', "makes no promise first_tuch"),
    (SLA, '"task_accepted", "email_sent",', '"task_acepted",', "no signal is called task_acepted"),
    (SLA, "minutes = 5,", "minutes = 0,", "a promise of no minutes"),
)


@pytest.mark.parametrize(("page", "old", "new", "says"), BROKEN)
def test_a_promise_that_cannot_be_kept_or_told_is_refused(
    page: str, old: str, new: str, says: str
) -> None:
    path = f"tables/{page}.toml"
    text = without_holdout().text(path)
    assert old in text
    bundle = Bundle({**without_holdout().files, path: text.replace(old, new, 1).encode()})

    errors = [f["detail"] for f in examine(bundle, MONDAY.date()) if f["level"] == "error"]

    assert any(says in detail for detail in errors), errors


def test_a_promise_about_whom_nobody_had_is_told_to_who_is_named_instead() -> None:
    """In the control group nothing is handed over: the lead waits all the same."""
    system = left_waiting(everyone_held_out())

    system.wake(hours=10)

    assert handed(system) == []
    [told] = notices(system)
    assert (told["mos_owner"], "Who had it: nobody" in told["hs_task_body"]) == (
        "vp-sales-americas", True,
    )  # fmt: skip
