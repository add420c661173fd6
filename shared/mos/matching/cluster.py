"""Make pairs agree with each other: who is one with whom, in groups. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

Pair = tuple[int, int]

LARGEST = 60
"""Rows of a group up to which it is worth settling who stays."""


def components(pairs: Iterable[Pair]) -> list[list[int]]:
    """Return the groups of rows that these pairs connect, each in order.

    >>> components([(0, 1), (1, 2), (5, 7)])
    [[0, 1, 2], [5, 7]]
    """
    root: dict[int, int] = {}

    def find(row: int) -> int:
        while root.setdefault(row, row) != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for left, right in pairs:
        a, b = sorted((find(left), find(right)))
        root[b] = a
    groups: dict[int, list[int]] = defaultdict(list)
    for row in sorted(root):
        groups[find(row)].append(row)
    return list(groups.values())


def cluster(rows: list[int], bits: Mapping[Pair, float], least: float) -> dict[Pair, float]:
    """Return the bits of every pair of a group after its rows have been joined into clusters.

    Clusters join while the evidence between them, averaged over their pairs, is above `least`.
    Pairs inside a cluster are worth at least that average; those between two, no more than it.
    """
    members = {row: [row] for row in rows}
    between = {pair: bits[pair] for pair in combinations(rows, 2)}
    settled: dict[Pair, float] = {}
    while between:
        pair = max(between, key=lambda p: (between[p], p))
        mean = between[pair]
        if mean <= least:
            break
        settled |= {p: max(mean, bits[p]) for p in _across(members, pair)}
        _merge(members, between, pair)
    for pair, mean in between.items():
        settled |= {p: min(mean, bits[p]) for p in _across(members, pair)}
    return settled


def _across(members: Mapping[int, list[int]], pair: Pair) -> list[Pair]:
    return [_key(a, b) for a in members[pair[0]] for b in members[pair[1]]]


def _merge(members: dict[int, list[int]], between: dict[Pair, float], pair: Pair) -> None:
    one, two = pair
    size_one, size_two = len(members[one]), len(members[two])
    members[one] = members[one] + members.pop(two)
    del between[pair]
    for other in members.keys() - {one}:
        near, far = _key(one, other), _key(two, other)
        whole = between[near] * size_one + between.pop(far) * size_two
        between[near] = whole / (size_one + size_two)


def _key(one: int, two: int) -> Pair:
    return (one, two) if one < two else (two, one)
