"""A.2.18 and A.2.5: where anybody stood at any moment, and what another bundle would change."""

from typing import Any

import pytest

from functions.agent.answer import ForbiddenError, answer, scope_of
from functions.agent.tool import Desk, ToolReply
from functions.agent.tools.scenes import TOOL as SCENES
from functions.agent.tools.stage import TOOL as STAGE
from functions.simulation.rows.placement import PlacementDiff, read_scenes
from mos.errors import MalformedError
from mos.memory.queue import FakeQueue
from mos.model.deal import DealState
from mos.policy.bundle.bundle import Bundle
from tests.acceptance.theatre import Theatre, group_id, later
from tests.builders import NOON, changed, starter
from tests.property.worlds import policy

pytestmark = pytest.mark.usefixtures("ground")


def asked(
    theatre: Theatre, tool: Any = STAGE, agent: str = "operator", **arguments: Any
) -> ToolReply:
    tables = {
        "identity": theatre.identity, "lifecycle": theatre.lifecycle, "actions": theatre.actions,
    }  # fmt: skip
    bundle = theatre.store.active()
    scope = scope_of(agent, starter().settings(f"agents/{agent}.toml"))
    scope = scope.model_copy(update={"tools": (*scope.tools, tool.name)})
    desk = Desk(tables.__getitem__, lambda _: bundle, FakeQueue(), scope, later(days=40))
    return answer(tool, arguments, desk)


def travelled() -> Theatre:
    """An account that went from nothing to a lost deal in three weeks."""
    theatre = Theatre(employees=900)
    theatre.join("per_jane", title="VP Finance")
    theatre.run(NOON)
    theatre.does("per_jane", "page", later(days=2), points=60)
    theatre.run(later(days=2))
    theatre.deal(DealState.OPEN, later(days=5))
    theatre.run(later(days=5))
    theatre.deal(DealState.LOST, later(days=20))
    theatre.run(later(days=20))
    return theatre


TOLD = {
    "acc_1": ["qualified", "engaged", "opportunity", "recycled"],
    group_id("platform"): ["forming", "prioritized", "pipeline", "closed_lost"],
    "per_jane": ["subscriber", "mql", "opportunity", "recycled"],
}


@pytest.mark.parametrize("subject", TOLD)
def test_a2_18_stage_as_of_is_what_was_current_then_on_all_three_levels(subject: str) -> None:
    theatre = travelled()

    found = []
    for day in (1, 3, 10, 30):
        said = asked(theatre, subject=subject, as_of=later(days=day).isoformat())
        [placement] = said.data["placements"]
        found.append(placement["stage"])

    assert found == TOLD[subject]


def test_a2_18_before_the_first_placement_there_is_none() -> None:
    said = asked(travelled(), subject="acc_1", as_of="2026-10-31")

    assert said.data["placements"] == []
    assert "Not placed yet" in said.text


def test_a2_18_a_moment_that_is_none_is_refused() -> None:
    with pytest.raises(MalformedError, match="yesterday"):
        asked(travelled(), subject="acc_1", as_of="yesterday")


def test_a2_18_history_tells_each_move_its_dwell_and_its_reason() -> None:
    said = asked(travelled(), subject="per_jane", history=True)

    moves = said.data["history"]
    assert [m["to"] for m in moves] == TOLD["per_jane"]
    assert [m["days"] for m in moves] == [2, 3, 15, 20]
    assert moves[-1]["why"].startswith("deal_lost")
    assert "mql → opportunity, for 15 days" in said.text


def test_a2_05_confirmed_members_with_their_roles_are_a_list_for_the_crm() -> None:
    theatre = travelled()
    theatre.join("per_raj", title="Engineer")
    theatre.states("per_jane", "member_confirmed", later(days=21))
    theatre.run(later(days=21))

    said = asked(theatre, subject=group_id("platform"))

    assert said.data["confirmed_for_crm"] == [{"person_id": "per_jane", "role": "economic_buyer"}]
    assert "confirmed by ae-olsen on 2026-11-23" in said.text
    assert "potential" in said.text


def stricter() -> Bundle:
    """Return the starter bundle with a higher bar for MQL, and a lower one for groups."""
    person = policy().text("tables/lifecycle/person.toml")
    bar = '"person.known" = true, "person.engagement" = ">= 15"'
    assert bar in person
    return changed(
        tables__lifecycle__person=person.replace(bar, bar.replace("15", "50")),
        parameters__decisioning=policy().text("parameters/decisioning.toml"),
    )


def crowd(count: int) -> Theatre:
    """A group of people, half of them hotter than others, all MQL today."""
    theatre = Theatre(employees=900)
    for number in range(count):
        name = f"per_{number:02}"
        theatre.join(name, title="VP Finance")
        theatre.does(name, "page", points=30 if number % 2 else 70)
    theatre.run()
    return theatre


def compared(theatre: Theatre, candidate: Bundle, examples: int = 20) -> PlacementDiff:
    found = PlacementDiff(theatre.store.active(), candidate, examples)

    def ask(**given: Any) -> dict[str, Any]:
        return asked(theatre, SCENES, **given).data | {"at": later(minutes=9).isoformat()}

    for scene in read_scenes(ask):
        found.add(scene)
    return found


def test_a2_18_another_bundle_is_told_as_counts_per_transition() -> None:
    theatre = crowd(10)
    stored = {(r.pk, r.sk): r.body for r in theatre.lifecycle.scan()}

    report = compared(theatre, stricter()).report()

    assert report["transitions"] == [
        {"level": "person", "from": "mql", "to": "subscriber", "count": 5}
    ]
    assert (report["groups"], report["people"]) == (1, 10)
    assert {(r.pk, r.sk): r.body for r in theatre.lifecycle.scan()} == stored


def test_a2_18_examples_name_the_row_that_makes_the_difference() -> None:
    report = compared(crowd(10), stricter(), examples=3).report()

    assert len(report["examples"]) == 3
    first = report["examples"][0]
    assert (first["name"], first["from"], first["to"]) == (
        "per_01@acme.example", "mql", "subscriber",
    )  # fmt: skip
    assert first["because"].startswith("person.engagement is ")
    assert first["because"].endswith("and mql wants >= 50")


def test_a2_18_the_same_bundle_changes_nothing() -> None:
    theatre = crowd(4)

    assert compared(theatre, theatre.store.active()).moved == 0


def test_a2_18_a_page_that_is_too_full_is_asked_for_in_parts() -> None:
    theatre = crowd(1)
    first = group_id("platform").removeprefix("grp_")

    full = asked(theatre, SCENES, prefix=first[0], most=0).data
    other = "0" if first[0] != "0" else "1"

    assert full["split"]
    assert full["scenes"] == []
    assert len(asked(theatre, SCENES, prefix=first[:3]).data["scenes"]) == 1
    assert asked(theatre, SCENES, prefix=other).data["scenes"] == []


def test_a2_18_an_agent_without_personal_data_gets_no_scenes() -> None:
    with pytest.raises(ForbiddenError):
        asked(crowd(1), SCENES, agent="assistant", prefix="a")
