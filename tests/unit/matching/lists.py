"""Lists of people who do not exist, and of what clerks make of them."""

import random
from itertools import combinations

from mos.matching.match import Matches

Row = dict[str, str]

_GIVEN = [
    "james",
    "mary",
    "robert",
    "patricia",
    "john",
    "linda",
    "david",
    "susan",
    "thomas",
    "laura",
]
_STARTS = ["ander", "black", "carl", "dun", "ever", "fair", "gold", "hart", "king", "lang", "mar"]
_ENDS = ["son", "ley", "ton", "field", "man", "er", "worth", "well"]
_TOWNS = [("Northam", "1001"), ("Westbury", "2040"), ("Easton", "3055"), ("Southwick", "4120")]
_ROADS = ["mill", "church", "station", "park", "green", "high", "queen", "king", "bridge", "hill"]


def people(count: int, seed: int) -> list[Row]:
    draw = random.Random(seed)  # noqa: S311  test data
    found = []
    for _ in range(count):
        town, code = draw.choice(_TOWNS)
        given, surname = draw.choice(_GIVEN), draw.choice(_STARTS) + draw.choice(_ENDS)
        number, tail = draw.randrange(1, 300), draw.randrange(10**6)
        found.append(
            {
                "First Name": given.title(),
                "Last Name": surname.title(),
                "E-mail": f"{given}.{surname}{tail % 97}@mail{tail % 7}.example",
                "Address": f"{number} {draw.choice(_ROADS).title()} Road",
                "Town": town,
                "Postcode": code,
            }
        )
    return found


def miswritten(row: Row, draw: random.Random) -> Row:
    """One cell gone, another with two letters swapped."""
    changed = dict(row)
    gone, wrong = draw.sample([*row], 2)
    changed[gone] = ""
    text = changed[wrong]
    at = draw.randrange(len(text) - 1)
    changed[wrong] = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return changed


def two_lists(count: int, shared: int, seed: int = 1) -> tuple[list[Row], list[Row]]:
    """Row i of the right list is row i of the left, miswritten, for the first `shared`."""
    draw = random.Random(seed)  # noqa: S311  test data
    everyone = people(2 * count - shared, seed)
    left = everyone[:count]
    right = [miswritten(row, draw) for row in left[:shared]] + everyone[count:]
    return left, right


def with_copies(count: int, copies: int, seed: int = 2) -> list[Row]:
    """Row `count + i` is a miswritten row i."""
    draw = random.Random(seed)  # noqa: S311  test data
    rows = people(count, seed)
    return rows + [miswritten(row, draw) for row in rows[:copies]]


def matched(found: Matches) -> set[tuple[int, int]]:
    return {(pair.left, pair.right) for pair in found.pairs if pair.band == "match"}


def f1(found: set[tuple[int, int]], truth: set[tuple[int, int]]) -> float:
    return 2 * len(found & truth) / (len(found) + len(truth))


def within(*groups: list[int]) -> set[tuple[int, int]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}
