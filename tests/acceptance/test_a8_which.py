"""Whom a row catches is asked over the tools, for a bundle that nobody published yet too."""

from typing import Any

import pytest

from functions.agent.answer import ForbiddenError
from functions.agent.tools import which as which_tool
from mos.errors import MalformedError, MissingError
from mos.model.signal import Signal, SignalKind
from tests.builders import signal, starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

JANE = "jane@acmepay.example"
READY = "routing/route#ready"
ROW = {"table": "routing/route", "row": "everybody_prioritized", "before": "economic_buyer_present",
       "why": "For the test.", "when": {"group.stage": ["prioritized", "qualified"]},
       "then": {"to": "ae", "pool": "pool_ae"}}  # fmt: skip


def lead(number: int) -> Signal:
    return signal(
        SignalKind.LEAD_SUBMITTED,
        ids=(f"email:ann@firm{number}.example",),
        company={"domain": f"firm{number}.example", "name": f"Firm {number}"},
        key=f"lead {number}",
    )


@pytest.fixture
def system() -> System:
    made = System(starter())
    made.play(*browsing(4), jane())
    return made


def test_a_row_says_whom_it_meets_while_another_decides(system: System) -> None:
    said = system.ask("which", row=READY)

    assert said.data["counts"] == {"caught": 0, "shadowed": 1, "almost": 0}
    (met,) = said.data["shadowed"]
    assert (met["name"], met["decided_by"]) == ("Jane Doe", "economic_buyer_present")
    assert "0 caught, 1 met though another row decides" in said.text


def test_an_agent_asks_about_somebody_and_not_about_everybody(system: System) -> None:
    said = system.ask("which", "assistant", subject=JANE)

    assert said.data["counts"]["caught"] > 0
    assert {one["name"] for one in said.data["caught"]} == {system.profile(JANE).profile_id}
    with pytest.raises(ForbiddenError, match="an operator asks"):
        system.ask("which", "assistant", row=READY)


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({}, MalformedError, "one of them"),
        ({"row": READY, "subject": JANE}, MalformedError, "one of them"),
        ({"row": "routing/route"}, MalformedError, "expected <table>#<row>"),
        ({"row": "routing/rout#ready"}, MalformedError, "expected <table>#<row>"),
        ({"row": "routing/route#redy"}, MalformedError, "has no row"),
        ({"row": READY, "bundle": "0" * 64}, MissingError, "bundle"),
        ({"row": READY, "after": "grp_x"}, MalformedError, "after"),
        ({"subject": "nobody@x.example"}, MissingError, "nobody@x.example"),
    ],
)
def test_what_cannot_be_asked_says_why(
    system: System, asked: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        system.ask("which", **asked)


def test_every_group_is_looked_at_once_however_the_answers_are_cut(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.play(*(lead(number) for number in range(12)))
    whole = system.ask("which", row=READY).data
    monkeypatch.setattr(which_tool, "_MOST_GROUPS", 3)
    monkeypatch.setattr(which_tool, "_AT_ONCE", 2)

    groups, after, rounds = 0, "", 0
    while rounds == 0 or after:
        part = system.ask("which", row=READY, after=after).data
        groups, after, rounds = groups + part["groups"], part["next"], rounds + 1
        assert rounds < 60

    assert groups == whole["groups"] > 3
    assert rounds > 2


def test_a_proposal_is_asked_whom_it_catches_before_anybody_ships_it(system: System) -> None:
    made = system.ask("propose_policy", why="Try who is caught.", changes=[ROW]).data["proposal"]

    caught = system.ask("which", row="routing/route#everybody_prioritized", bundle=made).data

    assert [one["name"] for one in caught["caught"]] == ["Jane Doe"]
    with pytest.raises(MalformedError, match="has no row"):
        system.ask("which", row="routing/route#everybody_prioritized")


def test_a_proposals_tests_are_run_and_what_they_do_not_notice_is_said(system: System) -> None:
    proposed = system.ask("propose_policy", "assistant", why="Try who is caught.", changes=[ROW])
    made = proposed.data["proposal"]

    whole = system.ask("test_policy", "assistant")
    tested = system.ask("test_policy", "assistant", bundle=made, table="routing/route")
    mutated = system.ask("mutate_policy", "assistant", bundle=made)

    assert not whole.alarm
    assert whole.data["failures"] == []
    assert tested.alarm
    assert tested.data["failures"]
    assert mutated.data["tables"] == ["routing/route"]
    assert mutated.data["failing"]
    with pytest.raises(MalformedError, match="name a table"):
        system.ask("mutate_policy")
    with pytest.raises(MissingError, match="routing/rout"):
        system.ask("mutate_policy", table="routing/rout")


def test_what_a_table_says_where_no_row_holds_is_asked_for_as_decisions_cite_it(
    system: System,
) -> None:
    system.play(lead(1))
    cited = "routing/route#default"

    said = system.ask("which", row=cited)
    shown = system.ask("read_policy", name=cited).text

    assert said.data["counts"] == {"caught": 1, "shadowed": 1, "almost": 0}
    assert said.data["shadowed"][0]["decided_by"] == "economic_buyer_present"
    assert "Otherwise: to = marketing" in shown
    assert "economic_buyer_present" not in shown


@pytest.mark.parametrize(
    ("country", "page"),
    [("US", "contact/limits"), ("SG", "contact/limits"), ("DE", "contact/limits@region-dach")],
)
def test_a_page_for_a_region_catches_only_who_is_there(country: str, page: str) -> None:
    made = System(starter())
    one = lead(7)
    made.play(one.model_copy(update={"company": one.company | {"country": country}}))

    every = made.ask("which", subject="ann@firm7.example", most=100).data
    rows = {met["row"] for kind in ("caught", "shadowed", "almost") for met in every[kind]}
    pages = {row.partition("#")[0] for row in rows if row.startswith("contact/limits")}

    assert pages == {page}
