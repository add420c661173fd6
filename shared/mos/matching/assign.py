"""One partner each: the assignment with the most evidence. Pure."""

import math
from collections import defaultdict
from collections.abc import Mapping

Pairs = Mapping[tuple[int, int], float]

_LARGEST = 150
"""Rows on one side up to which the best assignment is worth its cubic time."""


def assign(pairs: Pairs) -> set[tuple[int, int]]:
    """Return pairs in which no row occurs twice, with the greatest sum of bits.

    Rows that compete are settled group by group; a group beyond reason takes its strongest pairs
    first, which is never worse than half of the best.

    >>> sorted(assign({(0, 9): 5.0, (0, 8): 4.0, (1, 9): 4.5}))
    [(0, 8), (1, 9)]
    """
    chosen: set[tuple[int, int]] = set()
    for group in _groups(pairs):
        if len(group) == 1:
            chosen |= group.keys()
        elif max(len({left for left, _ in group}), len({right for _, right in group})) > _LARGEST:
            chosen |= _greedy(group)
        else:
            chosen |= _best(group)
    return chosen


def _groups(pairs: Pairs) -> list[dict[tuple[int, int], float]]:
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for left, right in pairs:
        root[find(("l", left))] = find(("r", right))
    groups: dict[tuple[str, int], dict[tuple[int, int], float]] = defaultdict(dict)
    for pair, bits in pairs.items():
        groups[find(("l", pair[0]))][pair] = bits
    return list(groups.values())


def _greedy(group: Pairs) -> set[tuple[int, int]]:
    lefts, rights, chosen = set(), set(), set()
    for left, right in sorted(group, key=lambda pair: (-group[pair], pair)):
        if left not in lefts and right not in rights:
            chosen.add((left, right))
            lefts.add(left)
            rights.add(right)
    return chosen


def _best(group: Pairs) -> set[tuple[int, int]]:
    """Return the best assignment; a row may also stay single, which is worth nothing."""
    lefts = sorted({left for left, _ in group})
    rights = sorted({right for _, right in group})
    cost = [[-group.get((a, b), 0.0) for b in rights] + [0.0] * len(lefts) for a in lefts]
    owners = _Hungarian(cost).owners()
    found = ((lefts[row], rights[at]) for at, row in enumerate(owners[: len(rights)]) if row >= 0)
    return {pair for pair in found if pair in group}


class _Hungarian:
    """The Hungarian method with potentials: row by row along the shortest augmenting path.

    Columns are counted from 1; column 0 is where a row waits for its place.
    """

    def __init__(self, cost: list[list[float]]) -> None:
        self.cost = cost
        self.up = [0.0] * (len(cost) + 1)
        self.down = [0.0] * (len(cost[0]) + 1)
        self.owner = [0] * len(self.down)
        self.way = [0] * len(self.down)

    def owners(self) -> list[int]:
        """Return the row of each column, -1 where it has none."""
        for row in range(1, len(self.cost) + 1):
            self.owner[0] = row
            self._augment(self._reach())
        return [row - 1 for row in self.owner[1:]]

    def _reach(self) -> int:
        """Return the free column that the waiting row reaches at the least cost."""
        at, least, used = 0, [math.inf] * len(self.down), set[int]()
        while self.owner[at]:
            used.add(at)
            row = self.owner[at]
            for column in range(1, len(self.down)):
                slack = self.cost[row - 1][column - 1] - self.up[row] - self.down[column]
                if column not in used and slack < least[column]:
                    least[column], self.way[column] = slack, at
            after = min((c for c in range(1, len(least)) if c not in used), key=least.__getitem__)
            step = least[after]
            for column in used:
                self.up[self.owner[column]] += step
                self.down[column] -= step
            least = [x if c in used else x - step for c, x in enumerate(least)]
            at = after
        return at

    def _augment(self, at: int) -> None:
        while at:
            self.owner[at] = self.owner[self.way[at]]
            at = self.way[at]
