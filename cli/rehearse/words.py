"""What a report of a rehearsal says, in the order in which somebody decides by it. Pure.

Terminal, page and Markdown say the same: what differs, who is touched, money, risks, bars.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mos.model.estimate import Estimate
from mos.model.impact import Change, Impact, Tally

MOST_DIFFERS = 25
_CENTS, _WHOLE = 10, 100
_HIDDEN = ("expected, net", "expected successes")
"""Of the money: what the catalogue hopes for. What outcomes say of it stands above."""


class Figure(NamedTuple):
    """What the candidate brings more (or less) than the baseline, with its 95 % interval."""

    name: str
    value: float
    low: float
    high: float


class Bars(NamedTuple):
    """Figures of one kind before and after; only those that differ."""

    title: str
    rows: Sequence[Tally]
    unit: str = ""


def write_number(value: float) -> str:
    """Return a number as people write it: never in powers of ten.

    >>> write_number(80444.0), write_number(15.129), write_number(0.1288), write_number(3.0)
    ('80,444', '15.1', '0.13', '3')
    """
    if abs(value) >= _WHOLE or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"


def write_money(value: float) -> str:
    """Return US dollars with their sign: cents only where dollars are few.

    >>> write_money(-2210.4), write_money(1.157), write_money(0)
    ('-$2,210', '+$1.16', '$0')
    """
    amount = f"{abs(value):,.2f}" if 0 < abs(value) < _CENTS else f"{abs(value):,.0f}"
    if amount.strip("0.") == "":
        return "$0"
    return f"{'-' if value < 0 else '+'}${amount}"


def list_differences(impact: Impact) -> list[str]:
    """Return what the candidate says otherwise, in plain words."""
    said = list(impact.differs[:MOST_DIFFERS])
    if left := len(impact.differs) - len(said):
        said.append(f"… and {left} more: `mos policy diff` lists them")
    return said or ["Nothing differs between the two bundles."]


def list_touched(impact: Impact) -> list[str]:
    """Return who is touched: the kinds of change, and how many; one line a fact."""
    return [line for line in impact.summary if not line.startswith(_MONEY)]


_MONEY = ("spends $", "expected outcome:", "played in the same market:")


def name_change(change: Change) -> str:
    """Return a kind of change in words."""
    return f"{change.kind}: {change.before or 'none'} → {change.after or 'none'}"


def list_companies(changes: Iterable[Change]) -> list[str]:
    """Return the companies that are named in changes, each once."""
    return list(dict.fromkeys(lead.account for change in changes for lead in change.leads))


def list_figures(impact: Impact) -> list[Figure]:
    """Return what is known of the money: played in a market, and by the log of decisions."""
    found = []
    if impact.played:
        worth = impact.played[0]
        found.append(Figure("market", worth.after - worth.before, worth.low, worth.high))
    if impact.dollars and impact.dollars.difference.tells:
        one, many = impact.dollars.difference, impact.dollars.evidence.decisions
        found.append(Figure("log", one.value * many, one.low * many, one.high * many))
    return found


def describe_figure(figure: Figure, impact: Impact) -> str:
    """Return one figure as a sentence."""
    span = f"95 % from {write_money(figure.low)} to {write_money(figure.high)}"
    if figure.name == "market":
        worth = impact.played[0]
        was, now = f"${worth.before:,.0f}", f"${worth.after:,.0f}"
        return f"Played in the market: {write_money(figure.value)} ({span}); {was} → {now}."
    many = impact.dollars.evidence.decisions if impact.dollars else 0
    return (
        f"By the log of {many:,} decisions with a known outcome: {write_money(figure.value)} "
        f"({span})."
    )


def list_money(impact: Impact) -> list[str]:
    """Return what is said of the money, with intervals, and whether two figures agree."""
    figures = list_figures(impact)
    said = [describe_figure(one, impact) for one in figures]
    if impact.played_how:
        said.append(impact.played_how)
    if impact.dollars is None:
        said.append("By the log: cannot tell, no outcome of these decisions is known yet.")
    elif not impact.dollars.difference.tells:
        said.append(f"By the log: cannot tell, {impact.dollars.difference.why}.")
    if len(figures) > 1:
        said.append(_compare(*figures[:2]))
    spent = next((t for t in impact.money if t.name == "spent"), None)
    if spent and spent.before != spent.after:
        said.append(f"Spent on the recorded decisions: ${spent.before:,.0f} → ${spent.after:,.0f}.")
    return said


def _compare(market: Figure, log: Figure) -> str:
    """Say whether two figures of one market agree, and why they need not."""
    why = (
        "The market counts the true chance of each touch and lives on with what follows; the log "
        "counts the outcomes that were credited, and takes each decision by itself."
    )
    agree = market.low <= log.high and log.low <= market.high
    return f"{'The two agree within their intervals' if agree else 'The two differ'}. {why}"


def list_risks(impact: Impact) -> list[str]:
    """Return what else somebody should know before they decide: doubts, and what is accepted."""
    said = list(impact.cannot_tell)
    said += [f"accepted ({impact.accepted}): {line}" for line in impact.waived]
    if impact.accepted and not impact.waived:
        said.append(
            f"accepted ({impact.accepted}): nothing that broke can be accepted"
            if impact.broken
            else f"accepted ({impact.accepted}): nothing broke that needs it"
        )
    return said


def list_bars(impact: Impact) -> list[Bars]:
    """Return the figures that differ, by what they are about."""
    humans = [
        Tally(name=f"{s.by} {s.value}", before=100 * s.human_before, after=100 * s.human_after)
        for s in impact.slices
    ]
    money = [t for t in impact.money if t.name not in _HIDDEN]
    every = (
        Bars("What is chosen", impact.actions),
        Bars("Where candidates fall", impact.funnel),
        Bars("Hand-offs per rep", impact.reps),
        Bars("Who gets a human", humans, " %"),
        Bars("Money and people", money),
    )
    kept = [Bars(one.title, _differing(one.rows), one.unit) for one in every]
    return [one for one in kept if one.rows]


def _differing(rows: Iterable[Tally]) -> list[Tally]:
    return [t for t in rows if write_number(t.before) != write_number(t.after)]


def explain_estimators(impact: Impact) -> str:
    """Return in a sentence how the log is made to speak of what was never done."""
    found = impact.dollars
    if found is None or not found.difference.tells:
        return ""
    return (
        "Every decision was drawn with a known probability, so decisions that the candidate would "
        f"make, too, count for those it would make more often: {found.evidence.decisions:,} "
        f"outcomes of {found.evidence.accounts:,} accounts are worth "
        f"{found.evidence.effective:,.0f} of the candidate's. IPS weighs them so, SNIPS evens the "
        "weights out, DR also uses what was expected of each; we go by DR."
    )


def list_estimates(impact: Impact) -> list[tuple[str, str, str]]:
    """Return each estimate in US dollars per decision: name, value, interval."""
    if impact.dollars is None or not impact.dollars.difference.tells:
        return []
    found = impact.dollars
    rows = (found.logged, *found.estimates, found.difference)
    return [(_NAMES.get(one.estimator, one.estimator), *_span(one)) for one in rows]


_NAMES = {"logged": "as decided", "DR - baseline's DR": "difference (DR)"}


def _span(one: Estimate) -> tuple[str, str]:
    if not one.tells:
        return "", f"cannot tell: {one.why}"
    return f"{one.value:,.2f}", f"{one.low:,.2f} to {one.high:,.2f}"
