"""What an agent may put in on one day, and what a dry run puts in: nothing."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from mos.errors import UnavailableError
from mos.model.mandate import Mandate
from mos.policy.bundle.bundle import Bundle
from mos.policy.examine import examine
from tests.agents import Doors, with_agent
from tests.builders import NOON, signal
from tests.property.steps import store
from tests.property.worlds import policy
from tests.system_in_process import System

JANE = "jane@acme.example"
TOOLS = ["decide", "profile", "propose_policy"]
PROPOSAL: dict[str, Any] = {
    "changes": [{"table": "routing/route", "row": "qualified_meeting", "why": "A test."}],
    "why": "A test of the door.",
}


def doors(**page: Any) -> Doors:
    """Return the doors of a system that knows Jane."""
    world = System(policy())
    world.store = store()
    world.play(signal(ids=(f"email:{JANE}",)))
    return Doors(with_agent("assistant", tools=TOOLS, **page), tables=world.tables)


def test_proposals_end_with_the_day_and_the_refusal_says_what_to_do() -> None:
    house = doors(proposals_per_day=2)

    ends = [house.use("decide", subject=JANE, fresh=True) for _ in range(3)]

    assert [end.get("isError", False) for end in ends] == [False, False, True]
    text = ends[2]["content"][0]["text"]
    assert "proposals of 2026" in text
    assert "proposals_per_day" in text
    assert len(house.queue.bodies) == 2
    assert "budget_spent" in [kept["outcome"] for kept in house.audit()]


def test_touches_have_a_budget_of_their_own() -> None:
    house = doors(touches_per_day=1)

    ends = [house.use("decide", subject=JANE, fresh=True) for _ in range(2)]
    kept = house.use("propose_policy", **PROPOSAL)

    assert ends[1]["isError"]
    assert "touches_per_day" in ends[1]["content"][0]["text"]
    assert not kept.get("isError", False)
    assert len(house.queue.bodies) == 1


def test_reading_costs_no_proposal() -> None:
    house = doors(proposals_per_day=0, touches_per_day=0)

    assert not house.use("profile", subject=JANE).get("isError", False)
    assert house.use("decide", subject=JANE, fresh=True)["isError"]


def test_answers_are_counted_in_tokens_and_one_that_is_too_many_is_not_given() -> None:
    house = doors(tokens_per_day=600)

    ends = [house.use("profile", subject=JANE) for _ in range(6)]

    told = [not end.get("isError", False) for end in ends]
    assert told[0]
    assert not told[-1]
    assert "tokens_per_day" in ends[-1]["content"][0]["text"]
    assert JANE not in json.dumps(ends[-1])


class Oracle:
    """A simulation that answers nothing of use, and counts."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self, question: str, about: Mapping[str, Any]) -> dict[str, Any]:
        self.asked += 1
        raise UnavailableError(question, str(len(about)))

    def start(self, question: str, about: Mapping[str, Any]) -> None:
        self.asked += bool(question) + 0 * len(about)


def test_what_the_simulation_is_asked_costs_dollars_at_list_price() -> None:
    oracle = Oracle()
    page = with_agent("assistant", tools=["test_policy"], dollars_per_day=0.004)
    house = Doors(page, simulation=oracle)

    ends = [house.use("test_policy")["content"][0]["text"] for _ in range(3)]

    assert oracle.asked == 2
    assert "dollars of 2026" in ends[2]
    assert "at most 0.004" in ends[2]
    assert "dollars_per_day" in ends[2]


def test_a_dry_run_says_what_it_would_do_and_puts_nothing_in() -> None:
    house = doors(dry_run=True)

    asked = house.use("decide", subject=JANE, fresh=True)
    kept = house.use("propose_policy", **PROPOSAL)

    for said in (asked, kept):
        assert not said.get("isError", False)
        assert "Dry run: nothing was put in" in said["content"][0]["text"]
    assert "1 signal" in json.dumps(asked)
    assert house.queue.bodies == []
    assert not [r for r in house.tables["agents"].scan() if r.pk.startswith("PROPOSAL#")]
    assert "Dry run" not in json.dumps(house.use("profile", subject=JANE))


def test_a_proposal_is_kept_in_the_table_of_the_door_that_it_came_by() -> None:
    house = doors()

    house.use("propose_policy", **PROPOSAL)
    house.operate("propose_policy", **PROPOSAL)

    for table in ("agents", "operators"):
        found = [r for r in house.tables[table].scan() if r.pk.startswith("PROPOSAL#")]
        assert len(found) == 1, table


def test_a_day_that_has_no_room_gives_nothing_away() -> None:
    house = doors(proposals_per_day=1)
    house.use("decide", subject=JANE, fresh=True)
    house.use("decide", subject=JANE, fresh=True)

    [spent] = [r for r in house.tables["agents"].scan() if r.pk == "SPENT#assistant"]

    assert spent.sk == f"{NOON:%Y-%m-%d}"
    assert spent.numbers["proposals"] == 1


def found(bundle: Bundle) -> list[str]:
    return [f["detail"] for f in examine(bundle, NOON.date()) if f["level"] == "error"]


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ({"requests_per_minut": 3}, "requests_per_minut"),
        ({"proposals_per_day": -1}, "proposals_per_day"),
        ({"tools": "why"}, "tools"),
    ],
    ids=["misspelt", "negative", "no list"],
)
def test_an_agents_page_that_cannot_be_read_is_not_published(
    page: dict[str, Any], says: str
) -> None:
    assert any(says in detail for detail in found(with_agent("scout", **page)))


@pytest.mark.parametrize(
    ("one", "other", "is_doubtful"),
    [
        ({"subjects": ["s"]}, {"subjects": ["s"]}, True),
        ({"subjects": ["s"]}, {"clients": ["c"]}, True),
        ({"subjects": ["s"], "clients": ["c"]}, {"subjects": ["s"], "clients": ["d"]}, False),
        ({"subjects": ["s"]}, {"subjects": ["t"]}, False),
        ({"subjects": ["s"]}, {}, False),
    ],
    ids=["same subject", "subject or client", "told apart by client", "others", "no token"],
)
def test_no_token_may_be_two_agents(
    one: dict[str, Any], other: dict[str, Any], *, is_doubtful: bool
) -> None:
    bundle = with_agent("two", with_agent("one", **one), **other)

    assert any("could be both" in detail for detail in found(bundle)) is is_doubtful


def test_an_agent_without_subjects_is_nobodys_token() -> None:
    assert not Mandate(name="x", why="y").is_of("anybody", "any client")
    assert Mandate(name="x", why="y", clients=("c",)).is_of("anybody", "c")
    assert not Mandate(name="x", why="y", clients=("c",), subjects=("s",)).is_of("other", "c")
