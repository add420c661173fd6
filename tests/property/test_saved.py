"""A partial that was stored is the partial, whatever was found."""

from collections import Counter
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.simulation.impact.partial import Partial
from functions.simulation.impact.serialise import (
    COUNTS,
    NAMED,
    SPAN,
    TABLES,
    dump_partial,
    load_partial,
)
from mos.errors import MalformedError
from mos.model.impact import Named

pytestmark = pytest.mark.slow

WORDS = st.text(max_size=8)
COUNT = st.integers(0, 10**9)
NUMBER = st.floats(-1e12, 1e12)
MOMENT = st.floats(0, 2e9)
LEADS = st.lists(
    st.builds(
        Named, decision_id=WORDS, group_id=WORDS, account=WORDS, before=WORDS, after=WORDS,
        person_id=st.none() | WORDS, why=WORDS,
    ),
    max_size=3,
)  # fmt: skip
CHANGE = st.tuples(WORDS, WORDS, WORDS)
PAIR = st.tuples(WORDS, WORDS)


def rows(keys: Any, width: int) -> Any:
    row = st.lists(NUMBER, min_size=width, max_size=width).map(np.array)
    return st.dictionaries(keys, row, max_size=4)


@st.composite
def logs(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {"logs": [], "log_accounts": []}
    for _ in range(draw(st.integers(0, 3))):
        size = draw(st.integers(1, 4))
        some = st.lists(NUMBER, min_size=size, max_size=size).map(np.array)
        found["logs"].append({name: draw(some) for name in ("reward", "logged", "value")})
        found["log_accounts"].append(draw(st.lists(WORDS, min_size=size, max_size=size)))
    return found


@st.composite
def partials(draw: st.DrawFn) -> Partial:
    several: dict[str, Any] = {name: draw(COUNT) for name in COUNTS}
    several |= {name: draw(LEADS) for name in NAMED}
    reached = draw(st.dictionaries(WORDS, st.tuples(COUNT, st.sets(WORDS, max_size=3)), max_size=3))
    several |= {name: draw(rows(WORDS, 2)) for name in ("funnel", "actions", "money")}
    return Partial(
        since=draw(MOMENT | st.just(np.inf)),
        until=draw(MOMENT | st.just(-np.inf)),
        accounts=draw(st.sets(WORDS, max_size=4)),
        left_out_ids=draw(st.lists(WORDS, max_size=3)),
        changes=Counter(draw(st.dictionaries(CHANGE, COUNT, max_size=4))),
        unknown=Counter(draw(st.dictionaries(WORDS, COUNT, max_size=3))),
        leads=draw(st.dictionaries(CHANGE, LEADS, max_size=3)),
        touched=draw(st.dictionaries(WORDS, st.sets(WORDS, max_size=3), max_size=3)),
        slices=draw(rows(PAIR, 5)),
        handoffs=draw(rows(PAIR, 2)),
        reached=Counter({what: count for what, (count, _) in reached.items() if count}),
        reached_accounts={what: accounts for what, (_, accounts) in reached.items()},
        strange=[(draw(NUMBER), lead) for lead in draw(LEADS)],
        **several,
        **draw(logs()),
    )


def plain(partial: Partial) -> dict[str, Any]:
    """Return a partial in a form that can be compared, the order of its keys included."""
    return {one.name: _plain(getattr(partial, one.name)) for one in fields(partial)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, _plain(held)) for key, held in value.items()]
    if isinstance(value, list):
        return [_plain(held) for held in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


@given(partials())
def test_what_was_saved_is_loaded_and_saved_to_the_same_bytes(partial: Partial) -> None:
    body = dump_partial(partial)

    assert plain(load_partial(body)) == plain(partial)
    assert dump_partial(load_partial(body)) == body


@given(partials(), partials())
def test_stored_partials_add_up_as_those_in_memory(one: Partial, other: Partial) -> None:
    stored, again = load_partial(dump_partial(one)), load_partial(dump_partial(other))

    one.add(other)
    stored.add(again)

    assert plain(stored) == plain(one)


def test_every_field_of_a_partial_is_stored() -> None:
    rest = {
        "accounts",
        "reached",
        "reached_accounts",
        "left_out_ids",
        "changes",
        "leads",
        "strange",
        "touched",
        "unknown",
    }
    stored = {*COUNTS, *SPAN, *NAMED, *TABLES, *rest, "logs", "log_accounts"}

    assert {one.name for one in fields(Partial)} == stored


@pytest.mark.parametrize(
    "body", [b"", b"PK", dump_partial(Partial())[:-30]], ids=["nothing", "a beginning", "cut"]
)
def test_what_is_no_partial_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedError, match="not a partial of a rehearsal"):
        load_partial(body)


def test_another_format_is_refused_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.simulation.impact.serialise.FORMAT", 9)
    later = dump_partial(Partial())
    monkeypatch.undo()

    with pytest.raises(MalformedError, match="partial of format 9, expected 2"):
        load_partial(later)
