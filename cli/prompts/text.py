"""An evaluation in rows of words, for the terminal, a pull request and a page alike."""

from collections.abc import Callable, Iterator

from mos.model.prompt_report import Paired, PromptComparison, SideScore

EMPTY = "empty: nobody has run it live"
SCORES = ("", "before", "after")
SLICES = ("by", "is", "cases", "before", "after", "difference", "95 %", "verdict")
CHANGED = ("case", "before", "after", "fails now")


def describe_verdict(found: PromptComparison) -> str:
    """Return the one line that a reviewer reads first."""
    return f"{found.task}: {found.paired.verdict.value}"


def describe_paired(paired: Paired) -> str:
    """Return the difference, its interval and the margin, in words."""
    if _is_unknown(paired):
        return paired.why
    said = (
        f"{100 * paired.difference:+.1f} points in answers that pass, 95 % from "
        f"{100 * paired.low:+.1f} to {100 * paired.high:+.1f} over {paired.cases} cases; within "
        f"{100 * paired.margin:.0f} points it is the same"
    )
    return f"{said}. {paired.why}" if paired.why else said


def _is_unknown(paired: Paired) -> bool:
    return (paired.low, paired.high) == (-1.0, 1.0)


def list_scores(found: PromptComparison) -> Iterator[tuple[str, ...]]:
    """Yield a row for each thing that is measured of both sides."""
    both = (found.before, found.after)
    for name, write in _MEASURES.items():
        known = name in _ALWAYS
        yield name, *(write(side) if side.answers or known else EMPTY for side in both)


def _usd(side: SideScore) -> str:
    return f"${side.usd / side.answers:.6f}"


def _seconds(value: float | None) -> str:
    return f"{value:.2f} s" if value is not None else "no model was asked"


_ALWAYS = ("asked", "answers", "missing")
_MEASURES: dict[str, Callable[[SideScore], str]] = {
    "asked": lambda side: f"{side.name}: {', '.join(side.models) or 'the rule'}",
    "answers": lambda side: f"{side.answers:,}",
    "missing": lambda side: f"{side.missing:,}",
    "pass every check": lambda side: f"{side.passed:.1%}",
    "answered by the rule": lambda side: f"{side.by_rule:,}",
    "dollars per answer": _usd,
    "seconds, median": lambda side: _seconds(side.seconds_median),
    "seconds, 95 % within": lambda side: _seconds(side.seconds_p95),
}


def list_slices(found: PromptComparison) -> Iterator[tuple[str, ...]]:
    """Yield a row for each part of the cases."""
    for one in found.slices:
        paired = one.paired
        span = "too few" if _is_unknown(paired) else f"{paired.low:+.1%} to {paired.high:+.1%}"
        yield (
            one.by, one.value, f"{paired.cases}", f"{one.before:.1%}", f"{one.after:.1%}",
            f"{one.after - one.before:+.1%}", span,
            paired.verdict,
        )  # fmt: skip


def list_changed_cases(found: PromptComparison) -> Iterator[tuple[str, ...]]:
    """Yield a row for each case that passes more or less often, the worst first."""
    for one in found.changed:
        yield one.case, f"{one.before:.0%}", f"{one.after:.0%}", "; ".join(one.failures)
