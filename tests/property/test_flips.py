"""The smallest flips are true, none is smaller, and no single change that flips is left out."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.decide import Known, decide
from functions.policy.permit import permit
from functions.simulation.replay.axis import OTHER, Axis
from functions.simulation.replay.flip import FactChange, Flips
from functions.simulation.replay.lever import find_action_flips, find_route_flips
from functions.simulation.replay.what_if import WhatIf
from mos.events import ActionsPermitted
from mos.model.base import Fact
from mos.model.past import Past
from mos.policy.table.condition import ColumnType
from tests.property.steps import people, permitted, placed
from tests.property.worlds import modest, policy

ANY: dict[str, st.SearchStrategy[Any]] = {
    "account.employees": st.sampled_from([0, 49, 50, 199, 200, 201, 5000, 5001])
    | st.integers(0, 6000),
    "account.industry": st.sampled_from(["fintech", "mining", "media", "software", "farming"]),
    "account.country": st.sampled_from(["US", "DE", "IN", "RU", "AQ"]),
    "account.stage": st.sampled_from(["aware", "engaged", "customer", "opportunity", "lost"]),
    "account.named": st.booleans(),
    "group.stage": st.sampled_from(["engaged", "prioritized", "qualified", "stalled", "asleep"]),
    "group.late_joiners": st.integers(0, 3),
}
AT_WORK: dict[str, st.SearchStrategy[Any]] = {
    "account.is_company": st.sampled_from([True]),
    "account.employees": st.sampled_from([10, 60, 150, 900]),
    "account.industry": st.sampled_from(["fintech", "fintech", "media", "mining"]),
    "account.country": st.sampled_from(["US", "IN"]),
    "account.stage": st.just("engaged"),
    "account.named": st.sampled_from([False]),
    "group.stage": st.sampled_from(["engaged", "prioritized", "prioritized", "qualified"]),
    "group.roles": st.sampled_from([(), ("champion",), ("economic_buyer",)]),
    "group.late_joiners": st.just(0),
}
ACTIONS = sorted(policy().actions)


@st.composite
def at_work(draw: st.DrawFn) -> ActionsPermitted:
    """Return what policy says of a group that is near one route or another."""
    facts = {name: draw(values) for name, values in AT_WORK.items()}
    return permit(placed(draw(people()), facts), policy())


def supposing(event: ActionsPermitted) -> WhatIf:
    kept = decide(event, Known(Past(), ()), policy())
    return WhatIf(kept, policy(), "per_0")


def covers(change: FactChange, value: Fact) -> bool:
    """Say whether a value is one of those that a change speaks of."""
    return _stands_for(change.axis, value) in change.values


def _stands_for(axis: Axis, value: Fact) -> Fact:
    if axis.kind is ColumnType.NUMBER:
        assert isinstance(value, int | float)
        return next(s.value for s in axis.stretches if s.holds(value))
    return value if value in axis.spread(axis.values) or value == axis.now else OTHER


def is_said(flips: Flips, name: str, value: Fact) -> bool:
    return flips.size == 1 and any(
        change.axis.name == name and covers(change, value)
        for flip in flips.found
        for change in flip.changes
    )


@pytest.mark.slow
@modest(40)
@given(at_work(), st.data())
def test_any_value_of_any_fact_flips_the_route_just_where_it_is_said(
    event: ActionsPermitted, data: st.DataObject
) -> None:
    asked = supposing(event)
    flips = find_route_flips(asked)

    for name, values in ANY.items():
        value = data.draw(values)
        to = asked.route_to({name: value})
        assert [one for one in flips if is_said(flips[one], name, value)] == (
            [] if to == asked.decision.route.to else [to]
        )


@modest(25)
@given(permitted() | at_work())
def test_every_flip_is_true_and_none_of_its_halves_is_enough(event: ActionsPermitted) -> None:
    asked = supposing(event)

    for to, flips in find_route_flips(asked).items():
        for flip in flips.found:
            names = [change.axis.name for change in flip.changes]
            for values in product(*(change.values for change in flip.changes)):
                assert asked.route_to(dict(zip(names, values, strict=True))) == to
            assert flips.size == len(flip.facts)
            assert flips.size == 1 or not any(
                asked.route_to({n: v}) == to for n, v in flip.facts.items()
            )


@pytest.mark.slow
@modest(6)
@given(at_work(), st.sampled_from(ACTIONS))
def test_an_action_that_is_said_to_win_does(event: ActionsPermitted, action: str) -> None:
    asked = supposing(event)
    if asked.wins(action, {}):
        return

    for flip in find_action_flips(action, asked, most=2000).found:
        assert asked.wins(action, flip.facts)
        alive = [c for c in asked.decide(flip.facts).candidates if c.fell is None]
        assert max(alive, key=lambda c: c.priority or 0).action == action
