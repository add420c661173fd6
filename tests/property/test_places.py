"""Runs that overlap in any way never pass a cap, nor a limit, with places and cells."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.cells import rooms, take
from functions.decisioning.places import choose, places
from tests.builders import NOON
from tests.property.worlds import modest

Touch = tuple[int, str]
"""An hour and a channel."""
LONG = ("mail", 1, 20)
"""One mail in twenty hours, whatever another cap says of all channels."""


def room(kept: dict[int, list[Touch]], now: Touch, caps: list[tuple[str, int, int]]) -> int:
    """Return how many more touches each cap lets through that is about this one."""
    touches = [touch for found in kept.values() for touch in found]
    return min(
        most - sum(now[0] - hour < hours and channel in ("any", c) for hour, c in touches)
        for channel, most, hours in caps
        if channel in ("any", now[1])
    )


@st.composite
def overlaps(draw: st.DrawFn) -> list[tuple[int, bool]]:
    """Return runs that begin and end in any order: each number twice, `True` where it ends."""
    order = draw(st.permutations([n for n in range(draw(st.integers(1, 14))) for _ in range(2)]))
    seen = set[int]()
    return [(n, n in seen or bool(seen.add(n))) for n in order]


@pytest.mark.slow
@modest(400)
@given(
    overlaps(),
    st.integers(1, 4),
    st.lists(
        st.tuples(st.integers(0, 25), st.sampled_from(["mail", "call"])), min_size=14, max_size=14
    ),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=14, max_size=14),
)
def test_no_window_of_a_cap_ever_holds_more_than_it_lets_through(
    steps: list[tuple[int, bool]], most: int, touches: list[Touch], points: list[float]
) -> None:
    caps = [("any", most, 10), LONG]
    kept: dict[int, list[Touch]] = {}
    drawn: dict[int, tuple[int, int]] = {}
    for run, ends in steps:
        if not ends:
            left = room(kept, touches[run], caps)
            last = {n: NOON + timedelta(hours=max(found)[0]) for n, found in kept.items()}
            if left > 0:
                place = choose(last, places(most + 1), left, points[run])
                drawn[run] = (place, len(kept.get(place, ())))
        elif run in drawn and len(kept.get(drawn[run][0], ())) == drawn[run][1]:
            kept.setdefault(drawn[run][0], []).append(touches[run])

    made = [touch for found in kept.values() for touch in found]
    for channel, at_most, hours in caps:
        for end, _ in made:
            seen = [h for h, c in made if channel in ("any", c) and 0 <= end - h < hours]
            assert len(seen) <= at_most


@modest(400)
@given(
    overlaps(),
    st.integers(1, 5),
    st.lists(st.sampled_from([0.1, 0.25, 0.5, 1.0, 1.0]), min_size=14, max_size=14),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=14, max_size=14),
)
def test_touches_that_take_a_part_never_pass_a_cap_together(
    steps: list[tuple[int, bool]], most: int, weights: list[float], points: list[float]
) -> None:
    kept: dict[int, list[tuple[int, float]]] = {}
    drawn: dict[int, tuple[int, int]] = {}
    for moment, (run, ends) in enumerate(steps):
        if not ends:
            left = most - sum(weight for found in kept.values() for _, weight in found)
            last = {n: NOON + timedelta(hours=max(found)[0]) for n, found in kept.items()}
            if left >= weights[run]:
                place = choose(last, places(most), left, points[run])
                drawn[run] = (place, len(kept.get(place, ())))
        elif run in drawn and len(kept.get(drawn[run][0], ())) == drawn[run][1]:
            kept.setdefault(drawn[run][0], []).append((moment, weights[run]))

    assert sum(weight for found in kept.values() for _, weight in found) <= most + 1e-9


@modest(200)
@given(
    overlaps(),
    st.integers(0, 40),
    st.lists(st.integers(1, 9), min_size=14, max_size=14),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=14, max_size=14),
)
def test_cells_never_hold_more_than_the_limit(
    steps: list[tuple[int, bool]], total: int, amounts: list[int], points: list[float]
) -> None:
    used: dict[int, int] = {}
    taken: dict[int, dict[int, tuple[int, int]]] = {}
    for run, ends in steps:
        if not ends:
            free = rooms(used, 0, total, 1)
            parts = take(free, amounts[run], points[run])
            taken[run] = {c: (used.get(c, 0) + free[c], part) for c, part in parts.items()}
        elif all(used.get(c, 0) + part <= most for c, (most, part) in taken[run].items()):
            for cell, (_, part) in taken[run].items():
                used[cell] = used.get(cell, 0) + part

    assert sum(used.values()) <= total


def test_one_after_the_other_they_use_all_there_is() -> None:
    used: dict[int, int] = {}
    for number in count():
        parts = take(rooms(used, 30, 250, 10), 10, number * 0.37 % 1)
        if not parts:
            break
        used |= {cell: used.get(cell, 0) + part for cell, part in parts.items()}

    assert sum(used.values()) == 220


def test_a_limit_that_was_lowered_meanwhile_leaves_what_it_says() -> None:
    assert sum(rooms({14: 10, 15: 10}, 0, 50, 10).values()) == 30
    assert rooms({0: 60}, 0, 50, 10) == dict.fromkeys(range(5), 0)
    assert take({0: 0, 1: 5, 2: 5}, 8, 0) == {1: 5, 2: 3}
