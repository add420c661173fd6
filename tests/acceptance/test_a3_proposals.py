"""A.3.15: agents and operators propose policy; one id through check, rehearsal and approval."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pytest

from functions.agent.answer import ForbiddenError
from functions.agent.tool import Simulation
from mos.errors import MalformedError, MissingError
from tests.approving import OMAR, VERA
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

WHY = "Large companies go to an AE at once."
JANE = "jane@acmepay.example"
LARGE = {
    "table": "routing/route", "row": "large_and_ready",
    "when": {"account.employees": ">= 300", "group.stage": ["prioritized", "qualified"],
             "account.icp_tier": "strong"},
}  # fmt: skip
EXAMPLE = {
    "table": "routing/route",
    "given": {
        "account.named": False, "account.stage": "any other value", "account.employees": 200,
        "account.icp_tier": "strong", "group.stage": "prioritized", "group.roles": [],
    },
    "expect": {"to": "bdr", "pool": "pool_bdr", "row": "ready"},
}  # fmt: skip
HALF = {"parameter": "holdout_percent", "value": 2.5}


def propose(system: System, *changes: dict[str, Any], agent: str = "assistant") -> Any:
    return system.ask("propose_policy", agent, why=WHY, changes=list(changes))


def test_a3_15_a_proposal_says_what_differs_and_nothing_becomes_active() -> None:
    system = System()
    before = system.store.active_digest()

    broken = propose(system, HALF, LARGE)
    told = propose(system, HALF, LARGE, EXAMPLE)

    assert broken.data["errors"] == 1
    assert '"account.employees": 200' in broken.data["findings"][0]["detail"]
    assert told.data["errors"] == 0
    assert any(s.startswith("holdout_percent goes from 0 to 2.5") for s in told.data["says"])
    assert any("large_and_ready" in s for s in told.data["says"])
    assert system.store.active_digest() == before
    with pytest.raises(MissingError):
        system.store.activate(told.data["candidate"], "assistant")


def test_a3_15_a_proposal_with_mistakes_is_kept_with_them_and_cannot_be_approved() -> None:
    system = System()

    told = propose(system, LARGE)

    assert told.data["errors"] == 1
    assert any("large_and_ready" in finding["detail"] for finding in told.data["findings"])
    with pytest.raises(MalformedError, match="mistake"):
        system.ask("proposals", word="approve", proposal=told.data["proposal"], name="Ada")


def test_a3_15_only_what_is_named_moves_in_the_page() -> None:
    system = System()
    told = propose(system, HALF)

    shown = system.ask("proposals", word="show", proposal=told.data["proposal"], record=True)
    [(file, text)] = shown.data["proposal"]["proposal"]["files"].items()
    was = system.store.active().text(file).splitlines()

    differ = [(a, b) for a, b in zip(was, text.splitlines(), strict=True) if a != b]
    assert [line for _, line in differ if "value" in line] == ["value = 2.5"]
    assert len(differ) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"parameter": "holdout", "value": 3}, "there is no parameter 'holdout'"),
        ({"parameter": "holdout_percent", "value": 0}, "nothing differs"),
        ({"parameter": "holdout_percent"}, "state its value"),
        ({"parameter": "holdout_percent", "value": True}, "expected a number, found True"),
        ({"parameter": "holdout_percent", "value": 500}, "at most 100, found 500"),
        ({"parameter": "holdout_percent", "value": -1}, "at least 0"),
        ({"parameter": "holdout_percent", "value": [None]}, "null cannot be written"),
        ({"parameter": "holdout_percent", "value": "\ud800"}, "printable text"),
        (LARGE | {"when": {"group.stage": [None]}}, "null cannot be written"),
        (LARGE | {"why": "two\nlines"}, "printable text"),
        (LARGE | {"before": "ready"}, "there already"),
        ({"table": "routing/reps", "row": "olsen", "then": {"office": True}}, "would read as"),
        ({"table": "accounts/aliases", "row": "x", "when": {"account.domain": None}},
         "null cannot be written"),
        ({"table": "routing/nothing", "row": "x", "remove": True}, "no such table"),
        ({"table": "../../etc/passwd", "row": "x", "remove": True}, "no such table"),
        ({"table": "routing/route", "row": "x", "remove": True}, "no row 'x' to take away"),
        ({"table": "routing/route", "row": "new", "when": {}}, "needs then and why"),
        (LARGE | {"when": {"account.employes": ">= 5"}}, "account.employes"),
        (LARGE | {"when": {"account.employees": "many"}}, "account.employees"),
        (LARGE | {"then": {"to": 7}}, "to"),
        ({"table": "routing/reps", "row": "olsen", "then": {"shoes": 4}}, "no output 'shoes'"),
    ],
    ids=["unknown", "same", "valueless", "kind", "over", "under", "null", "surrogate",
         "null-cell", "lines", "moved", "type", "null-sheet", "table", "path", "row", "bare",
         "column", "cell", "output", "sheet"],
)  # fmt: skip
def test_a3_15_what_does_not_parse_is_refused_with_its_place(
    change: dict[str, Any], said: str
) -> None:
    system = System()

    with pytest.raises(MalformedError, match=said):
        propose(system, change)

    assert system.ask("proposals").data["proposals"] == []


def test_a3_15_rows_are_added_before_others_and_taken_away() -> None:
    system = System()
    new = {
        "table": "routing/route", "row": "very_large", "before": "large_and_ready", "why": "Now.",
        "when": {"account.employees": ">= 5000"}, "then": {"to": "ae", "pool": "pool_ae"},
    }  # fmt: skip
    gone = {"table": "routing/reps", "row": "olsen", "remove": True}

    proposal = propose(system, new, gone).data["proposal"]
    route = system.ask("read_policy", name="routing/route", bundle=proposal)
    reps = system.ask("read_policy", name="routing/reps", bundle=proposal, most=500)

    ids = [row["id"] for row in route.data["rows"]]
    assert ids.index("very_large") == ids.index("large_and_ready") - 1
    assert "olsen" not in {row["id"] for row in reps.data["rows"]}
    facts = {"account.employees": 9000}
    asked = system.ask("evaluate", table="routing/route", facts=facts, bundle=proposal)
    assert asked.data["output"]["to"] == "ae"


def test_a3_15_a_person_approves_and_no_agent_does() -> None:
    system = System()
    proposal = propose(system, HALF).data["proposal"]

    for nobody in ("", "  ", "assistant", "operator"):
        with pytest.raises(MalformedError, match="which person approves"):
            system.ask("proposals", word="approve", proposal=proposal, name=nobody)
    with pytest.raises(ForbiddenError):
        system.ask("proposals", "assistant", word="approve", proposal=proposal, name="assistant")
    one = system.ask("proposals", word="approve", proposal=proposal, name=OMAR, why="Agreed.")
    told = system.ask("proposals", word="approve", proposal=proposal, name=VERA, why="I, too.")
    again = system.ask("proposals", word="approve", proposal=proposal, name="Bob")

    assert one.data["proposals"][0]["state"] == "waits"
    assert told.data["proposals"][0]["state"] == "approved"
    assert again.data["proposals"][0]["approved_by"] == f"{OMAR} and {VERA}"


def test_a3_15_a_long_diff_says_how_much_of_it_is_not_shown() -> None:
    system = System()
    many = [
        {"table": "routing/route", "row": f"n{n}", "why": "A row.", "then": {"to": "marketing"},
         "when": {"account.employees": f">= {n + 10_000}"}}
        for n in range(50)
    ]  # fmt: skip

    told = propose(system, *many)

    assert told.data["count"] == 50
    assert any("… and 20 more" in str(block) for block in told.view)
    assert system.ask("proposals").data["proposals"][0]["count"] == 50


def test_a3_15_the_same_proposal_stands_already_with_the_reason_given_then() -> None:
    system = System()
    first = propose(system, HALF)

    again = system.ask("propose_policy", "assistant", why="Another reason.", changes=[HALF])

    assert (first.data["is_new"], again.data["is_new"]) == (True, False)
    assert "It stands already" in again.text
    system.ask("proposals", "assistant", word="withdraw", proposal=first.data["proposal"],
               name="the CEO")  # fmt: skip
    assert system.ask("proposals").data["proposals"][0]["withdrawn_by"] == "assistant"
    with pytest.raises(MalformedError, match="was withdrawn"):
        propose(system, HALF)


def test_a3_15_what_was_withdrawn_cannot_be_approved() -> None:
    system = System()
    proposal = propose(system, HALF).data["proposal"]

    system.ask("proposals", "assistant", word="withdraw", proposal=proposal)

    [row] = system.ask("proposals").data["proposals"]
    assert row["state"] == "withdrawn"
    with pytest.raises(MalformedError, match="withdrawn by assistant"):
        system.ask("proposals", word="approve", proposal=proposal, name="Ada")


def test_a3_15_a_proposal_of_another_bundle_is_to_be_made_anew() -> None:
    system = System()
    proposal = propose(system, HALF).data["proposal"]
    shown = system.ask("proposals", word="show", proposal=proposal, record=True).data["proposal"][
        "proposal"
    ]
    files = {name: text.encode() for name, text in shown["files"].items()}
    system.store.publish(type(system.bundle)(dict(system.bundle.files) | files))
    system.store.activate(shown["candidate"], "ada")

    assert system.ask("proposals").data["proposals"][0]["state"] == "active"
    with pytest.raises(MalformedError, match="nothing differs"):
        propose(system, HALF)


@pytest.mark.slow
def test_a3_15_a_proposal_is_rehearsed_over_the_last_days_by_its_id() -> None:
    system = System()
    system.play(*browsing(4), jane())
    proposal = propose(system, {"table": "routing/route", "row": "qualified_meeting",
                                "then": {"to": "ae", "pool": "pool_ae"}})  # fmt: skip

    told = system.ask("rehearse_proposal", "assistant", proposal=proposal.data["proposal"])
    later = system.ask("rehearse_proposal", "assistant", rehearsal=told.data["rehearsal"])

    assert (told.data["state"], later.data["state"]) == ("begun", "done")
    assert later.data["decisions"] >= 1
    assert later.data["cannot_tell"]
    with pytest.raises(MissingError):
        system.ask("rehearse_proposal", rehearsal="reh_0")


def test_an_agent_sees_that_a_person_approved_its_proposal_and_not_others_proposals() -> None:
    system = System()
    mine = propose(system, HALF).data["proposal"]
    theirs = propose(system, HALF | {"value": 3}, agent="operator").data["proposal"]

    for name in (OMAR, VERA):
        system.ask("proposals", word="approve", proposal=mine, name=name, why="As agreed.")

    shown = system.ask("proposals", "assistant", word="show", proposal=mine)
    assert shown.data["proposals"][0]["state"] == "approved"
    assert f"Approved by {OMAR} and {VERA}" in shown.text
    assert [r["proposal"] for r in system.ask("proposals", "assistant").data["proposals"]] == [mine]
    with pytest.raises(MissingError):
        system.ask("proposals", "assistant", word="show", proposal=theirs)


class Patient:
    """A simulation that begins what is long only when it is told to."""

    def __init__(self, simulation: Simulation) -> None:
        self.ask, self._start = simulation.ask, simulation.start
        self.begun = list[tuple[str, Mapping[str, Any]]]()

    def start(self, question: str, about: Mapping[str, Any]) -> None:
        self.begun.append((question, about))

    def go_on(self) -> None:
        for question, about in self.begun:
            self._start(question, about)


class Waiting(System):
    """The system, whose rehearsals wait to begin."""

    @cached_property
    def simulation(self) -> Any:
        return Patient(super().simulation)


def test_a_rehearsal_that_is_stopped_ends_and_stays_so() -> None:
    system = Waiting()
    proposal = propose(system, HALF).data["proposal"]
    name = system.ask("rehearse_proposal", "assistant", proposal=proposal).data["rehearsal"]

    stopped = system.ask("rehearse_proposal", "assistant", rehearsal=name, stop=True)
    system.simulation.go_on()
    system.simulation.go_on()

    assert stopped.data["state"] == "stopping"
    assert system.ask("rehearse_proposal", rehearsal=name).data["state"] == "stopped"
    with pytest.raises(MalformedError, match="name the rehearsal"):
        system.ask("rehearse_proposal", "assistant", proposal=proposal, stop=True)
    with pytest.raises(MissingError):
        system.ask("rehearse_proposal", "assistant", rehearsal="per_1", stop=True)


def test_what_changed_today_is_told_with_the_moves_that_led_there() -> None:
    system = System()
    system.play(*browsing(4), jane())

    told = system.ask("recent", hours=168)

    assert told.data["complete"]
    assert told.data["count"] == sum(told.data["actions"].values()) >= 1
    assert told.data["decisions"][0]["action"] == "ae_handoff"
    assert {move["level"] for move in told.data["moves"]} >= {"account", "group"}
    assert "ae_handoff" in told.text
