"""Whatever the rows: symmetry, one score on both paths, order of rows, and more is never less."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mos.matching.agree import columns
from mos.matching.assign import assign
from mos.matching.compare import TESTS, compare, levels_of
from mos.matching.default import default_model
from mos.matching.evidence import look
from mos.matching.field import Field
from mos.matching.match import match
from mos.matching.model import MatchModel
from mos.matching.record import read
from mos.matching.sift import Gap, possible, shape
from mos.matching.weigh import weigh
from tests.unit.matching.lists import with_copies

pytestmark = pytest.mark.slow

_WORDS = ["ann", "anna", "anne", "bob", "robert", "smith", "smyth", "smith jones", "mill", "j"]
_TEXT = st.sampled_from(_WORDS) | st.text("abeir -", max_size=8)
_CLEAN = _TEXT.map(lambda text: " ".join(text.split()))  # As values are compared: cleaned.
_VALUES = {
    Field.EMAIL: st.builds("{}@{}.example".format, st.sampled_from(_WORDS), st.sampled_from("ab")),
    Field.PHONE: st.text("0123", min_size=6, max_size=9),
    Field.DOMAIN: st.sampled_from(["a.com", "a.de", "b.com"]),
    Field.STREET_NUMBER: st.text("123", max_size=3),
    Field.POSTCODE: st.text("123", max_size=4),
}
ROWS = st.fixed_dictionaries({}, optional={field: _VALUES.get(field, _TEXT) for field in Field})


@pytest.fixture(scope="module")
def model() -> MatchModel:
    """A trained model, relations and all."""
    return match(with_copies(200, 100)).model


@given(ROWS, ROWS)
def test_order_of_the_two_changes_nothing(left: dict, right: dict) -> None:
    one, other = default_model().score(left, right), default_model().score(right, left)

    assert one.probability == pytest.approx(other.probability)
    assert [step[:2] for step in one.waterfall] == [step[:2] for step in other.waterfall]


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, min_size=2, max_size=6))
def test_arrays_and_single_pairs_give_one_score(rows: list[dict]) -> None:
    records = [read(row) for row in rows]
    table = columns(records)
    if not table:
        return
    left, right = np.triu_indices(len(rows), 1)
    seen = look(table, left, right)

    weighed = weigh(default_model(), seen)

    for k, (a, b) in enumerate(zip(left, right, strict=True)):
        levels = compare(records[a], records[b])
        found = {f: levels_of(f)[x[k]] for f, x in seen.levels.items() if x[k] >= 0}
        assert found == levels
        bits = sum(s.bits for s in default_model().score(rows[a], rows[b]).waterfall)
        assert weighed.total[k] == pytest.approx(bits, abs=0.02)


@settings(deadline=None)
@given(ROWS)
def test_a_row_never_speaks_against_itself(row: dict) -> None:
    steps = default_model().score(row, row).waterfall

    assert all(step.bits >= 0 for step in steps if step.field not in {"prior", "shared"})


@settings(deadline=None)
@given(ROWS, ROWS, st.sampled_from([f for f in Field if f not in {Field.EMAIL, Field.FULL_NAME}]))
def test_more_agreement_never_lowers_the_probability(
    model: MatchModel, left: dict, right: dict, field: Field
) -> None:
    before, levels = model.score(left, right), compare(read(left), read(right))
    if field not in left or levels.get(field) in {None, "swapped"}:
        return
    closer = right | {field: left[field]}
    after = compare(read(left), read(closer))
    if any(after.get(f) != level for f, level in levels.items() if f != field):
        return

    assert model.score(left, closer).probability >= before.probability - 1e-9


@settings(max_examples=4, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_pair(draw: object) -> None:
    rows = with_copies(80, 30)
    order = list(range(len(rows)))
    draw.shuffle(order)  # type: ignore[attr-defined]

    here = {(p.left, p.right, round(p.probability, 9)) for p in match(rows).pairs}
    there = {
        (*sorted((order[p.left], order[p.right])), round(p.probability, 9))
        for p in match([rows[i] for i in order]).pairs
    }

    assert here == there


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(1, 30), max_size=10
    )
)
def test_the_assignment_is_the_best_there_is(pairs: dict[tuple[int, int], int]) -> None:
    def best(left: list[tuple[int, int]], taken: frozenset[str]) -> int:
        if not left:
            return 0
        (a, b), rest = left[0], left[1:]
        free = f"l{a}" not in taken and f"r{b}" not in taken
        with_it = pairs[a, b] + best(rest, taken | {f"l{a}", f"r{b}"}) if free else 0
        return max(with_it, best(rest, taken))

    chosen = assign(pairs)

    assert sum(pairs[pair] for pair in chosen) == best(list(pairs), frozenset())


@given(st.lists(st.tuples(_CLEAN, _CLEAN), min_size=1, max_size=20))
def test_what_is_ruled_out_by_its_letters_would_have_failed(pairs: list[tuple[str, str]]) -> None:
    gap = Gap(shape([a for a, _ in pairs]), shape([b for _, b in pairs]))

    for test in {test for tests in TESTS.values() for test in tests if test.scorer}:
        may = possible(test.scorer, test.at_least, gap)
        for (a, b), left_in in zip(pairs, may.tolist(), strict=True):
            assert left_in or not (a and b) or test.scorer(a, b) < test.at_least
