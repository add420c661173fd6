"""Rows A.10.11 and A.10.13: how well a policy is tested, and contracts between layers."""

import json
from functools import cache
from itertools import pairwise

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from cli.commands.policy import app
from mos.events import Event
from mos.path import PATH, WORKFLOW, Hop
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System


@cache
def run() -> tuple[Event, ...]:
    """Return every event of one run, from what was unified to what was learnt."""
    system = System()
    system.play(*browsing(4), jane())
    return tuple(system.history[-1])


def test_a10_11_mutation_score_and_rule_coverage_are_reported() -> None:
    mutated = json.loads(CliRunner().invoke(app, ["mutate", "--json"]).stdout)
    tested = json.loads(CliRunner().invoke(app, ["test", "--json"]).stdout)

    assert (mutated["noticed"], mutated["score_percent"]) == (mutated["mutants"], 100.0)
    assert mutated["mutants"] > 200
    assert (tested["reached"], tested["coverage_percent"]) == (tested["rows"], 100.0)


@pytest.mark.parametrize("hop", WORKFLOW, ids=lambda hop: hop.layer)
def test_a10_13_what_a_layer_gives_is_what_the_next_one_takes(hop: Hop) -> None:
    place = WORKFLOW.index(hop)
    taken, given = run()[place], run()[place + 1]

    assert type(taken) is hop.takes
    assert type(given) is hop.gives
    text = given.model_dump_json(exclude_defaults=True)
    assert type(given).model_validate_json(text) == given
    assert given.trace_id == taken.trace_id
    assert given.cause_id == taken.event_id


@pytest.mark.parametrize("hop", WORKFLOW, ids=lambda hop: hop.layer)
def test_a10_13_a_layer_refuses_what_breaks_the_contract(hop: Hop) -> None:
    event = run()[WORKFLOW.index(hop)]
    body = json.loads(event.model_dump_json())
    needed = [name for name, field in type(event).model_fields.items() if field.is_required()]

    assert needed
    for name in needed:
        with pytest.raises(ValidationError):
            type(event).model_validate({k: v for k, v in body.items() if k != name})
    # What a newer release has added is no breach: it is carried through.
    more = type(event).model_validate(body | {"something_else": 1})
    assert more.model_extra == {"something_else": 1}


def test_a10_13_the_hops_join_up_from_end_to_end() -> None:
    for one, after in pairwise(PATH):
        assert one.gives is after.takes
