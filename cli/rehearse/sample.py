"""Which companies of a market are played again: those that a candidate touches, or a sample. Pure.

What the ledger can show is shown by it: a company none of whose decisions changes lives on as it
did. Where a candidate changes more than decisions show, everybody is in question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

from mos.policy.bundle.bundle import Bundle

MOST = 50
_SHARE_OF_TOUCHED = 0.7
_SHOWN = (
    "tables/gates/", "tables/arbitration/", "tables/routing/route", "tables/lifecycle/",
    "actions/", "tests/", "evals/", "stories/",
)  # fmt: skip
"""Pages whose whole effect decisions show when they are made again."""


@dataclass(frozen=True)
class Sample:
    """Who is played again, and for how many companies each of them stands.

    Nothing: they live on as they did. Who is missing has another stand for them. `touched` is how
    many companies have a decision that changes.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    touched: int = 0
    companies: int = 0
    everybody: bool = False

    @property
    def played(self) -> list[str]:
        """Return the companies that are played again, by name."""
        return sorted(name for name, weight in self.weights.items() if weight)

    def describe(self) -> str:
        """Return in a sentence who was played again."""
        many, touched = len(self.played), f"{self.touched} of {self.companies} companies"
        if not many:
            return f"No decision about any of {self.companies} companies changes: none was played."
        if self.everybody:
            return (
                f"The candidate changes more than recorded decisions show: {many} of "
                f"{self.companies} companies were played again under both, each for those that "
                "were not drawn."
            )
        if many < self.touched:
            return (
                f"Decisions change for {touched}; {many} of them, drawn by lot, were played again "
                "under both and stand for the others. All others stay as they were."
            )
        return (
            f"Decisions change for {touched}; they were played again under both. All others "
            "stay as they were."
        )


def draw_sample(
    companies: Iterable[str],
    touched: Iterable[str],
    *,
    everybody: bool,
    seed: int,
    most: int = MOST,
) -> Sample:
    """Return who is played again: of those who are touched, or of everybody, at most `most`."""
    names = sorted(companies)
    hit = sorted(set(touched) & set(names))
    rest = sorted(set(names) - set(hit)) if everybody else []
    first = min(
        len(hit), most if not rest else max(most - len(rest), int(_SHARE_OF_TOUCHED * most))
    )
    weights = {} if everybody else dict.fromkeys((n for n in names if n not in hit), 0.0)
    weights |= _drawn(hit, first, seed) | _drawn(rest, most - first, seed)
    return Sample(weights, len(hit), len(names), everybody)


def _drawn(names: list[str], many: int, seed: int) -> dict[str, float]:
    if not names or many <= 0:
        return {}
    some = sorted(Random(seed).sample(names, min(many, len(names))))  # noqa: S311  a lot, no secret
    return dict.fromkeys(some, len(names) / len(some))


def shows_all(candidate: Bundle, baseline: Bundle) -> bool:
    """Say whether decisions that are made again show all that a candidate changes."""
    return all(
        name.startswith(_SHOWN)
        for name in candidate.files.keys() | baseline.files.keys()
        if candidate.files.get(name) != baseline.files.get(name)
    )
