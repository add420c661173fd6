"""Try a bundle by its own tests: what fails, what none reaches, which change none notices. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from functions.simulation.golden.run import (
    GoldenOutcome,
    detects_change,
    render_failure,
    run_golden,
    run_goldens,
)
from mos.policy.analysis.mutate import Mutant, mutants, score
from mos.policy.analysis.mutate_value import output_mutants, parameter_mutants
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import Coverage, Failure, coverage, examples_of, run_examples
from mos.policy.bundle.parameter_example import parameter_examples, run_parameter_examples
from mos.policy.say_facts import say_facts
from mos.policy.table.engine import CompiledTable

_MOST_ROWS = 500


@dataclass(frozen=True)
class PolicyTrial:
    """What the examples of some tables say; golden decisions are run where `whole`."""

    ran: int
    failures: tuple[Failure, ...]
    decisions: tuple[GoldenOutcome, ...]
    covered: tuple[Coverage, ...]

    @property
    def failed(self) -> int:
        """Return how many examples and golden decisions do not hold."""
        return len(self.failures) + len(self.decisions)

    @property
    def rows(self) -> int:
        """Return how many rows there are."""
        return sum(len(one.rows) for one in self.covered)

    @property
    def reached(self) -> int:
        """Return how many rows some example or golden decision reaches."""
        return sum(len(one.reached) for one in self.covered)

    @property
    def percent(self) -> float:
        """Return the share of the rows that are reached."""
        return round(100 * self.reached / self.rows, 1) if self.rows else 100.0

    def lines(self) -> list[str]:
        """Return what fails, and which rows nothing reaches."""
        said = [
            f"failed {f.table} ({f.file}): given {say_facts(f.given)}; expected "
            f"{say_facts(f.expect)}; found {say_facts(f.found)}{f.because}"
            for f in self.failures
        ]
        said += [f"failed {render_failure(one)}" for one in self.decisions]
        missed = ((one.table, one.missed) for one in self.covered if one.missed)
        return said + [f"{name}: no example reaches {', '.join(rows)}" for name, rows in missed]

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON."""
        return {
            "examples": self.ran,
            "failures": [vars(f) for f in self.failures],
            "failed_decisions": [
                {"file": o.golden.file, "expected": o.golden.expect.said, "found": o.said}
                for o in self.decisions
            ],
            "rows": self.rows,
            "reached": self.reached,
            "coverage_percent": self.percent,
            "missed": {c.table: c.missed for c in self.covered if c.missed},
        }


def try_policy(bundle: Bundle, names: Sequence[str], *, whole: bool) -> PolicyTrial:
    """Run the examples of some tables; where it is the `whole` bundle, its golden decisions too."""
    outcomes = run_goldens(bundle)
    covered = tuple(_reach(coverage(bundle, one), outcomes) for one in names)
    ran = sum(len(examples_of(bundle, one)) for one in names)
    failures = [f for one in names for f in run_examples(bundle, one)]
    if whole:
        ran += len(outcomes) + len(parameter_examples(bundle))
        failures += run_parameter_examples(bundle)
    return PolicyTrial(
        ran=ran,
        failures=tuple(failures),
        decisions=tuple(one for one in outcomes if whole and not one.holds),
        covered=covered,
    )


@dataclass(frozen=True)
class MutationTrial:
    """Everything that was moved by a step, and which tests fail before anything is moved."""

    found: tuple[Mutant, ...]
    failing: tuple[str, ...]
    passed_over: tuple[str, ...]

    @property
    def missed(self) -> list[Mutant]:
        """Return the changes that no test notices."""
        return [one for one in self.found if not one.noticed]

    @property
    def percent(self) -> float:
        """Return the share of the changes that some test notices."""
        return round(100 * score(list(self.found)), 1)

    def lines(self) -> list[str]:
        """Return what no test notices, in words."""
        said = [f"{one.said}: no test notices" for one in self.missed]
        said += [f"{one}: more than {_MOST_ROWS} rows, passed over" for one in self.passed_over]
        noticed = len(self.found) - len(self.missed)
        said.append(f"{self._tally()}: {noticed} noticed ({self.percent} %)")
        if self.failing:
            files = ", ".join(sorted(set(self.failing)))
            said.append(
                f"examples that fail as it is: {len(self.failing)} ({files}). Mend them first: "
                "what fails anyway notices every change"
            )
        return said

    def _tally(self) -> str:
        """Return how much was moved, and what."""
        kinds = Counter(one.what for one in self.found)
        moved = ", ".join(f"{kinds[what]} {what}s" for what in sorted(kinds))
        return f"{len(self.found)} changes ({moved})" if moved else "0 changes"

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON."""
        return {
            "moved": dict(sorted(Counter(one.what for one in self.found).items())),
            "mutants": len(self.found),
            "noticed": len(self.found) - len(self.missed),
            "score_percent": self.percent,
            "missed": [vars(m) for m in self.missed],
            "passed_over": list(self.passed_over),
            "failing": list(self.failing),
        }


def mutate_policy(bundle: Bundle, names: Sequence[str], *, whole: bool) -> MutationTrial:
    """Move what some tables ask and say by a step: which change does no test notice?

    Where it is the `whole` bundle, the numbers that its parameters state are moved as well.
    """
    long = [one for one in names if len(bundle.page(one).rows) > _MOST_ROWS]
    outcomes = run_goldens(bundle)
    right = [one.golden for one in outcomes if one.holds]
    failing = [f.file for one in names for f in run_examples(bundle, one)]
    failing += [one.golden.file for one in outcomes if whole and not one.holds]
    failing += [f.file for f in run_parameter_examples(bundle)] if whole else []

    def notice(table: CompiledTable) -> bool:
        return bool(right) and detects_change(right, table, bundle)

    found = [
        mutant
        for one in names
        if one not in long
        for mutant in (*mutants(bundle, one, notice), *output_mutants(bundle, one, notice))
    ]
    if whole:
        found += parameter_mutants(
            bundle, lambda view: any(not run_golden(one, view).holds for one in right)
        )
    return MutationTrial(tuple(found), tuple(failing), tuple(long))


def _reach(covered: Coverage, decisions: Sequence[GoldenOutcome]) -> Coverage:
    """Return a table's coverage with the rows that golden decisions reach."""
    named = {row for one in decisions for table, row in one.rows if table == covered.table}
    return replace(covered, reached=covered.reached | (named & set(covered.rows)))
