"""Row A.9.8: a proposal of policy takes as many approvers as policy says, none of them its own."""

import pytest

from mos.errors import MalformedError
from tests.acceptance.test_a3_proposals import HALF, propose
from tests.approving import NORA, OMAR, VERA
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System


def test_a9_08_a_proposal_of_an_agent_takes_two_and_none_whom_it_speaks_for() -> None:
    system = System()
    proposal = propose(system, HALF).data["proposal"]
    theirs = propose(system, HALF | {"value": 3}, agent="operator").data["proposal"]

    def approve(name: str, which: str = proposal) -> str:
        said = system.ask("proposals", word="approve", proposal=which, name=name, why="Read it.")
        return str(said.data["proposals"][0]["state"])

    for name, why in ((NORA, "speaks for assistant"), ("Ada", "none of"), ("Pia Santos", "role")):
        with pytest.raises(MalformedError, match=why):
            approve(name)
    first = approve(OMAR)
    with pytest.raises(MalformedError, match="first word stands"):
        approve(OMAR)
    shown = system.ask("proposals", word="show", proposal=proposal).text
    seen = system.ask("proposals", "assistant", word="show", proposal=proposal).text

    assert (first, approve(OMAR, theirs), approve(VERA)) == ("waits", "approved", "approved")
    assert "Not rehearsed: nobody knows whom it touches" in shown
    assert "1 of 2 approvers of the role policy" in shown
    assert f"{NORA} said yes, which changed nothing" in shown
    assert "1 of 2 approvers" in seen
    assert not {NORA, OMAR} & set(seen.split("\n"))
    assert NORA not in seen


def test_a9_08_a_proposal_shows_what_its_last_rehearsal_would_change_before_the_word() -> None:
    system = System()
    system.play(*browsing(4), jane())
    proposal = propose(system, HALF).data["proposal"]
    system.ask("rehearse_proposal", "assistant", proposal=proposal, days=2)

    shown = system.ask("proposals", word="show", proposal=proposal).text

    assert shown.startswith("Touches ")
    assert "decisions of" in shown.splitlines()[0]


def test_a9_08_who_asks_again_by_the_proposal_hears_how_its_rehearsal_stands() -> None:
    system = System()
    system.play(*browsing(4), jane())
    proposal = propose(system, HALF).data["proposal"]

    first, again = (
        system.ask("rehearse_proposal", "assistant", proposal=proposal, days=2).data
        for _ in range(2)
    )

    assert (first["state"], again["state"]) == ("begun", "done")
    assert first["rehearsal"] == again["rehearsal"]
