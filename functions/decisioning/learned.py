"""What has been learned of an action and its treatments, from all segments to the own one. Pure.

Beta-binomial shrinkage along a path of segments: each level's mean starts from its parent's, which
counts as `evidence` imaginary trials (Efron and Morris 1973; the catalogue's own figure is the
first parent). The spread of what is not known yet narrows the same way. An action is judged by all
its treatments together, a treatment beside its action's others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

from mos.model.action import Action, Treatment
from mos.model.base import Facts
from mos.model.decision import Arm
from mos.model.lesson import levels
from mos.policy.bundle.bundle import Bundle

_LEVELS = ("account.icp_tier",)
_LEAST = 1e-3
"""Not even an arm that never won is known for sure."""


def segment_of(group_facts: Facts, bundle: Bundle) -> str:
    """Return the segment in which outcomes of this group are counted.

    >>> segment_of({"account.icp_tier": "strong"}, Bundle({}))
    'strong'
    """
    stated = bundle.parameters.get("learning_levels")
    names = stated.value if stated and isinstance(stated.value, list) else _LEVELS
    said = (str(group_facts.get(str(name)) or "unknown") for name in names)
    return "/".join(text.replace("/", "_").replace("#", "_") for text in said)


@dataclass(frozen=True)
class Posterior:
    """A chance of success, how far it may be off (a standard deviation), and how it came about."""

    mean: float
    spread: float
    trials: int
    why: str


@dataclass(frozen=True)
class Learned:
    """The counts of a segment and of those above it."""

    segment: str
    arms: tuple[Arm, ...] = ()
    _known: dict[tuple[str, str], Posterior] = field(default_factory=dict, compare=False)

    def action(self, action: Action) -> Posterior:
        """Return an action's chance of success, over all its treatments."""
        key = (action.name, "")
        if key not in self._known:
            counts = [self._pooled.get((level, action.name), (0, 0.0)) for level in self._path]
            self._known[key] = self._shrunk(action.propensity, action.evidence, counts)
        return self._known[key]

    def treatment(self, action: Action, treatment: Treatment) -> Posterior:
        """Return a treatment's own chance of success."""
        key = (action.name, treatment.name)
        if key not in self._known:
            start = min(1.0, action.propensity * treatment.propensity)
            counts = [self._arms.get((level, *key), (0, 0.0)) for level in self._path]
            self._known[key] = self._shrunk(start, action.evidence, counts)
        return self._known[key]

    def share(self, action: Action, treatment: Treatment) -> tuple[float, str]:
        """Return how a treatment does beside its action's others: 1 is their average."""
        own = self.treatment(action, treatment)
        weights = [action.evidence + self._tried(action, t) for t in action.treatments]
        means = [self.treatment(action, t).mean for t in action.treatments]
        mixed = sum(w * m for w, m in zip(weights, means, strict=True)) / sum(weights)
        if mixed == 0:
            return 1.0, "none of them has a chance"
        return own.mean / mixed, f"{own.mean:.4g} beside {mixed:.4g} on average; {own.why}"

    def _tried(self, action: Action, treatment: Treatment) -> int:
        return self._arms.get((self._path[0], action.name, treatment.name), (0, 0.0))[0]

    def _shrunk(
        self, start: float, evidence: float, counts: Iterable[tuple[int, float]]
    ) -> Posterior:
        mean, trials, said = start, 0, [f"starts at {start:.4g}, worth {evidence:g} trials"]
        variance = 0.0
        for level, (tried, won) in zip(self._path, counts, strict=True):
            # A segment may differ from the one above it as much as so few trials would show.
            variance += mean * (1 - mean) / (evidence + 1)
            if tried:
                mean = (mean * evidence + won) / (evidence + tried)
                noise = max(_LEAST, mean * (1 - mean)) / tried
                variance = variance * noise / (variance + noise)
                said.append(f"{level} {won:g} of {tried} → {mean:.4g}")
                trials = tried
        mean = min(1.0, max(0.0, mean))
        return Posterior(mean, sqrt(variance), trials, ", ".join(said))

    @cached_property
    def _path(self) -> tuple[str, ...]:
        return levels(self.segment)

    @cached_property
    def _arms(self) -> Mapping[tuple[str, str, str], tuple[int, float]]:
        return {(a.segment, a.action, a.treatment): (a.trials, a.successes) for a in self.arms}

    @cached_property
    def _pooled(self) -> Mapping[tuple[str, str], tuple[int, float]]:
        found: dict[tuple[str, str], tuple[int, float]] = {}
        for arm in self.arms:
            tried, won = found.get((arm.segment, arm.action), (0, 0.0))
            found[arm.segment, arm.action] = tried + arm.trials, won + arm.successes
        return found
