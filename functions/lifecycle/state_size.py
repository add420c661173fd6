"""What a run may carry from step to step, whatever people have typed. Pure.

Step Functions holds 256 KiB between two steps; ours stay under 200,000 bytes.
"""

import json

from mos.model.base import Fact, Facts, Noun

MOST_BYTES = 200_000
"""What may be carried. `PEOPLE_BYTES` of it is the people's, the rest everything else's."""
PEOPLE_BYTES = 150_000
_VERDICTS = 2_000
"""Bytes that policy adds for each person: a verdict per purpose, with its reason."""
_LONGEST, _LONGEST_LIST, _LARGEST = 200, 50, 10**15


def bound_facts(facts: Facts) -> Facts:
    """Return facts of which none is longer than anybody means it: the rest of it is cut off.

    >>> bound_facts({"person.title": "VP" * 200})["person.title"] == "VP" * 100
    True
    """
    return {name: _bound(value) for name, value in facts.items()}


def _bound(value: Fact) -> Fact:
    if isinstance(value, str):
        return value[:_LONGEST]
    if isinstance(value, tuple | list):
        return tuple(str(item)[:_LONGEST] for item in value[:_LONGEST_LIST])
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-_LARGEST, min(_LARGEST, value))
    return value


class Allowance:
    """How many of a run's people fit, the first of them always."""

    def __init__(self, most: int = PEOPLE_BYTES) -> None:
        self._left, self._is_first = most, True

    def admits(self, placement: Noun, facts: Facts) -> bool:
        """Say whether another person fits beside those before; nobody does after one who does not.

        A step carries their facts with their placement, the next one with verdicts about them.
        """
        size = measure(facts) + max(measure(placement.model_dump(mode="json")), _VERDICTS)
        self._left -= size
        fits = self._left >= 0 or self._is_first
        self._is_first = False
        return fits


def measure(value: object) -> int:
    """Return how many bytes a value takes as JSON, with every letter beyond ASCII written out."""
    return len(json.dumps(value))
