"""Row A.5.7: who asks what is known of them waits on a list until somebody says they have it."""

from datetime import timedelta
from typing import Any

from functions.action.data_requests import find_late_requests
from mos.policy.bundle.bundle import Bundle
from tests.acceptance.test_a5_06_double_opt_in import asked, path_of, stranger
from tests.builders import changed, signal, without_holdout
from tests.system_in_process import System
from tests.visiting import BOX, Visitor


def waiting(*systems: System) -> System:
    """Return a system in which somebody has asked for a copy of their data, from their mail."""
    system = systems[0] if systems else System()
    system.play(stranger())
    visitor = Visitor(system)
    visitor.knock(f"{path_of(asked(system)[0])}/access", {})
    visitor.settle()
    return system


def listed(system: System) -> list[dict[str, Any]]:
    return list(system.ask("access_requests").data["requests"])


def late(system: System) -> list[str]:
    return find_late_requests(system.tables["identity"], system.now, without_holdout)


def test_a5_07_a_request_waits_on_the_list_with_its_day() -> None:
    system = waiting()

    [one] = listed(system)

    assert one["request_id"].startswith("prv_")
    assert one["person_id"] == system.profile(BOX).profile_id
    assert one["answer_by"][:10] == f"{system.now + timedelta(days=30):%Y-%m-%d}"
    assert (one["is_late"], one["is_urgent"]) == (False, False)
    reply = system.ask("access_requests")
    assert not reply.alarm
    assert "asks for a copy of their data" in reply.text


def test_a5_07_it_grows_urgent_and_late_by_the_bundles_days() -> None:
    system = waiting()

    system.later(days=21)
    urgent = listed(system)[0]
    system.later(days=10)
    reply = system.ask("access_requests")

    assert (urgent["is_urgent"], urgent["is_late"]) == (True, False)
    assert reply.alarm
    assert reply.data["late"] == 1
    assert late(system) == [urgent["request_id"]]


def test_a5_07_a_stricter_bundle_is_late_sooner() -> None:
    page = "parameters/privacy.csv"
    text = without_holdout().text(page).replace("data_request_days,30", "data_request_days,14")
    bundle = Bundle(without_holdout().files | {page: text.encode()})
    system = waiting(System(bundle))
    system.later(days=15)

    [one] = listed(system)

    assert one["is_late"]
    assert find_late_requests(system.tables["identity"], system.now, lambda: bundle)
    [receipt] = system.ask("privacy", request="receipts", subject=one["request_id"]).data[
        "receipts"
    ]
    assert f"answer by {one['answer_by'][:10]}" in receipt["what"]


def test_a5_07_who_answered_and_why_is_on_record_and_it_waits_no_more() -> None:
    system = waiting()
    [one] = listed(system)

    system.say("privacy", request="answered", subject=one["request_id"], reason="sent by post")
    receipts = system.ask("privacy", request="receipts", subject=one["request_id"]).data

    assert listed(system) == []
    assert late(system) == []
    assert [r["what"] for r in receipts["receipts"] if r["store"] == "answer"] == [
        "answered by operator: sent by post"
    ]
    assert system.profile(BOX).suppressions == ()


def test_a5_07_asked_twice_a_day_is_one_and_a_retry_does_not_open_it_again() -> None:
    system = System()
    system.play(stranger())
    visitor = Visitor(system)
    path = f"{path_of(asked(system)[0])}/access"
    visitor.knock(path, {})
    [heard] = visitor.settle()
    visitor.knock(path, {})
    visitor.settle()
    [one] = listed(system)

    system.say("privacy", request="answered", subject=one["request_id"])
    system.play(heard)

    assert listed(system) == []


def test_a5_07_a_merge_leads_the_request_on() -> None:
    system = waiting()
    kept = system.play
    kept(signal(ids=("email:jo@other.example",), key="other"))
    system.say("merge", left=BOX, right="jo@other.example", reason="one person")

    [one] = listed(system)

    assert one["person_id"] == system.profile(BOX).profile_id


def test_a5_07_who_is_forgotten_has_no_request_left() -> None:
    system = waiting()
    [one] = listed(system)

    system.say("privacy", request="erase", subject=BOX)

    assert listed(system) == []
    receipts = system.ask("privacy", request="receipts", subject=one["request_id"]).data
    assert "forgotten" in str([r["what"] for r in receipts["receipts"] if r["store"] == "answer"])


def test_a5_07_nobody_waits_and_a_number_that_is_none() -> None:
    system = System(changed())

    assert system.ask("access_requests").data["count"] == 0
    assert find_late_requests(system.tables["identity"], system.now, lambda: 1 / 0) == []  # type: ignore[arg-type, return-value]  never asked
