"""Lists are matched without labels, and without surprises where there is little to go by."""

import pytest

from mos.errors import MalformedError
from mos.matching.match import Options, match
from tests.unit.matching.lists import f1, matched, people, two_lists, with_copies, within

ONE = {"name": "Ada Lovelace", "email": "ada@engine.example", "city": "London"}
OTHER = {"name": "Bob Unlike", "email": "bob@else.example", "city": "Oslo"}


@pytest.mark.parametrize("shared", [10, 150])
def test_two_lists_are_linked_however_much_they_share(shared: int) -> None:
    left, right = two_lists(150, shared)

    found = matched(match(left, right, options=Options(one_to_one=True)))

    assert f1(found, {(i, i) for i in range(shared)}) > 0.97


@pytest.mark.parametrize("copies", [8, 80])
def test_a_list_is_deduplicated_however_many_copies_it_has(copies: int) -> None:
    rows = with_copies(200, copies)

    assert f1(matched(match(rows)), {(i, 200 + i) for i in range(copies)}) > 0.95


def test_lists_without_a_common_row_have_next_to_no_match() -> None:
    everyone = people(300, seed=5)

    assert len(matched(match(everyone[:150], everyone[150:]))) <= 2


def test_identical_lists_match_row_by_row() -> None:
    rows = people(120, seed=6)

    assert matched(match(rows, rows, options=Options(one_to_one=True))) == {
        (i, i) for i in range(120)
    }


def test_one_to_one_gives_nobody_two_partners() -> None:
    left, right = two_lists(120, 90)
    found = matched(match(left, [*right, *right[:50]], options=Options(one_to_one=True)))

    assert len({a for a, _ in found}) == len({b for _, b in found}) == len(found)


def test_one_to_one_of_a_single_list_is_refused() -> None:
    with pytest.raises(MalformedError, match="two lists"):
        match([ONE], options=Options(one_to_one=True))


def test_a_friend_of_a_friend_is_a_friend() -> None:
    rows = with_copies(200, 60)
    half = rows[0] | {"Address": "", "E-mail": rows[200].get("E-mail", "")}

    found = matched(match([*rows, half]))

    assert within([0, 200, 260]) <= found


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([], None),
        ([ONE], None),
        ([], [ONE]),
        ([{"name": "", "email": ""}] * 5, None),
        ([{"shoe": "42"}], [{"shoe": "42"}]),
    ],
)
def test_nothing_to_compare_is_no_error(left: list, right: list | None) -> None:
    assert match(left, right).pairs == []


def test_few_rows_are_weighed_by_usual_figures_and_said_so() -> None:
    found = match([ONE, OTHER], [dict(ONE)])

    assert matched(found) == {(0, 0)}
    assert not found.model.trained
    assert any("too few rows" in note for note in found.notes)


def test_identical_rows_are_all_one() -> None:
    assert matched(match([ONE] * 60)) == within(list(range(60)))


def test_a_common_first_name_alone_matches_nobody() -> None:
    rows = [{"first name": "John" if i % 2 else "Mary"} for i in range(200)]

    assert matched(match(rows)) == set()


def test_colleagues_are_not_one() -> None:
    rows = [
        row
        | {"company": f"Works {i // 8}", "E-mail": f"p{i}@works{i // 8}.example"}
        | {"Address": f"{i // 8} Mill Road"}
        for i, row in enumerate(people(240, seed=7))
    ]

    assert len(matched(match(rows))) <= 4


def test_a_pair_in_doubt_is_for_review() -> None:
    left, right = two_lists(150, 100)

    found = match(left, right, options=Options(threshold=0.999999, review=0.001))

    bands = {pair.band for pair in found.pairs}
    assert bands == {"match", "review"}
    assert min(p.probability for p in found.pairs) >= 0.001


def test_a_saved_model_gives_the_same_answer() -> None:
    left, right = two_lists(150, 100)
    first = match(left, right)

    again = match(left, right, model=type(first.model).parse(first.model.canonical()))

    assert again.pairs == first.pairs


def test_many_identical_rows_are_found_in_a_long_list() -> None:
    rows = people(900, seed=8)
    flood = {"First Name": "Ada", "Last Name": "Lovelace", "E-mail": "ada@engine.example"}

    found = matched(match([*rows, *[dict(flood)] * 40]))

    assert within(list(range(900, 940))) <= found
