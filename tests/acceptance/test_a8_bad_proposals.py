"""Row A.8: a proposal with mistakes says so, where it is made and where proposals are listed."""

from typing import Any

from mos.model.signal import SignalKind
from mos.policy.examine import examine
from tests.builders import NOON, signal, starter
from tests.system_in_process import System

NOBODY = {"table": "routing/route", "row": "ready", "then": {"to": "nobody"}}


def propose(system: System, *changes: dict[str, Any]) -> Any:
    return system.ask("propose_policy", why="An operator wants it so.", changes=list(changes))


def test_a_route_to_a_team_that_nobody_is_in_is_a_mistake_and_waits_for_no_approval() -> None:
    system = System(starter())

    made = propose(system, NOBODY)

    assert made.data["errors"] >= 1
    assert (
        "row ready: nobody is in the team nobody: it leads to ae, bdr, lead, marketing" in made.text
    )
    assert 'given {"account.employees": 150, ' in made.text
    listed = system.ask("proposals").text
    assert f"{made.data['errors']} mistakes: to be proposed anew" in listed
    assert "waits" not in listed


def test_the_list_says_the_first_mistake_and_how_many_follow_and_show_says_them() -> None:
    system = System(starter())

    made = propose(system, NOBODY)

    wrong = [f for f in made.data["findings"] if f["level"] == "error"]
    first = f"mistake: {wrong[0]['file']}: {wrong[0]['detail']}"[:300]
    [listed] = system.ask("proposals").data["proposals"]
    assert first in system.ask("proposals").text
    assert f"and {len(wrong) - 1} other mistake" in system.ask("proposals").text
    assert listed["mistakes"] == [f"{f['file']}: {f['detail']}"[:400] for f in wrong]
    shown = system.ask("proposals", word="show", proposal=made.data["proposal"]).text
    assert all(f"mistake: {one}" in shown for one in listed["mistakes"])
    assert first not in system.ask("propose_policy", why="All is well here.", changes=[
        {"parameter": "holdout_percent", "value": 2.5}]).text  # fmt: skip


def test_every_route_of_the_starter_leads_somewhere() -> None:
    found = examine(starter(), NOON.date())

    assert not [f for f in found if "nobody is in the team" in f["detail"]]


def test_one_of_a_thing_is_said_as_one() -> None:
    system = System(starter())
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, ids=("email:a@one.example",), key="a",
               company={"domain": "one.example", "name": "One"})
    )  # fmt: skip

    told = [
        system.ask("signals", subject="a@one.example").text,
        system.ask("identity", subject="a@one.example").text,
        system.ask("account", subject="one.example").text,
        system.ask("at", subject="a@one.example", as_of="2026-12-30").text,
        system.ask("which", row="routing/route#default").text,
    ]

    for text, one in zip(
        told, ("1 signal", "1 identifier", "1 person", "1 human signal", "of 1 person in 1 group"),
        strict=True,
    ):  # fmt: skip
        assert one in text
        assert f"{one}s" not in text
