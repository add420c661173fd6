"""Which guardrails a candidate breaks, and what a reviewer reads first. Pure."""

from collections.abc import Iterable, Iterator

from mos.model.impact import Change, Impact
from mos.policy.bundle.bundle import Bundle
from mos.policy.power import describe_unseen, find_rare, find_unreached, find_weakness


def find_broken(impact: Impact, bundle: Bundle) -> Iterator[str]:
    """Yield which guardrails break that nobody can stand for, in words."""
    if impact.conflict_count:
        yield f"{impact.conflict_count} people touched without a recorded basis"
    yield from find_weakness(impact.compared_accounts, impact.reach, bundle)
    if not impact.reach and impact.changes:
        many = sum(change.count for change in impact.changes)
        yield (
            "its diff names nothing that decides, and yet decisions come out otherwise "
            f"({many:,} changes)"
        )
    least = render_number(bundle, "rehearsal_decisions_least", 0)
    if impact.compared < least:
        yield (
            f"{impact.compared} decisions compared, {least:g} are needed (an operator of a young "
            "stage rehearses on a market: `mos rehearse --world 7 --baseline active`)"
        )


def find_waivable(impact: Impact, bundle: Bundle) -> Iterator[str]:
    """Yield what may be meant so, if somebody stands for it."""
    yield from find_rare(impact.reach, bundle)
    reps = sorted({breach.rep for breach in impact.breaches})
    if reps:
        yield f"{len(reps)} reps over capacity ({', '.join(reps[:5])})"
    share = impact.lost_count / impact.compared if impact.compared else 0.0
    if share > render_number(bundle, "rehearsal_lost_share_most", 1):
        yield f"{_about(impact, 'lost', impact.lost_count)} left with nothing to do ({share:.1%})"
    most = render_number(bundle, "rehearsal_route_share_most", 1)
    for one in impact.slices:
        if one.by == "segment" and one.route_changes > most * one.decisions:
            part = one.route_changes / one.decisions
            yield f"{part:.0%} of segment {one.value} goes elsewhere"
    dollars = impact.dollars
    if dollars and dollars.difference.tells and dollars.difference.high < 0:
        yield f"brings ${-dollars.difference.value:.2f} less per decision, and surely less"
    worth = impact.played[0] if impact.played else None
    if worth and worth.high < 0:
        less = worth.before - worth.after
        yield f"played in a market, it brings ${less:,.0f} less, and surely less"


def find_eyes(impact: Impact) -> Iterator[str]:
    """Yield what two people must stand for, none of whom proposed it."""
    yield from find_unreached(impact.reach)
    yield from impact.loosened


def summarise(impact: Impact) -> Iterator[str]:
    """Yield what a reviewer reads first: one line a fact."""
    yield from _changes(impact)
    yield from (f"two people must stand for it: {line}" for line in find_eyes(impact))
    if impact.breaches:
        yield f"{len({b.rep for b in impact.breaches})} reps over capacity"
    if impact.lost_count:
        yield f"{_about(impact, 'lost', impact.lost_count)} have nothing left to do"
    yield f"{impact.conflict_count:,} touched without a basis"
    for tally in impact.money:
        if tally.name == "spent" and tally.before != tally.after:
            yield f"spends ${tally.before:,.0f} → ${tally.after:,.0f}"
    yield _worth(impact)
    if impact.played:
        worth = impact.played[0]
        yield (
            f"played in the same market: ${worth.before:,.0f} → ${worth.after:,.0f} "
            f"(95 % of the difference from {' to '.join(worth.ends)})"
        )


def _changes(impact: Impact) -> Iterator[str]:
    if not impact.changes:
        yield f"nothing changes{_so_far(impact)}"
    for kind, what in (("route", "change route"), ("action", "change action")):
        held = [c for c in impact.changes if c.kind == kind]
        if held:
            yield f"{_about(impact, kind, sum(c.count for c in held))} {what} ({_most(held)})"
    held = [c for c in impact.changes if c.kind.endswith(" stage")]
    if held:
        yield f"{sum(c.count for c in held):,} stand elsewhere ({_most(held)})"


def _so_far(impact: Impact) -> str:
    """Return of how much that is said, where the bundle changes something."""
    if not impact.reach:
        return ""
    accounts = impact.compared_accounts
    whose = f"{accounts:,} account{'' if accounts == 1 else 's'}"
    return f" for {whose}: {describe_unseen(accounts)}"


def _about(impact: Impact, kind: str, decisions: int) -> str:
    """Return how many decisions, and about how many buying groups: one is decided on again."""
    groups = impact.groups.get(kind, 0)
    return f"{decisions:,} decisions about {groups:,} buying group{'' if groups == 1 else 's'}"


def _most(changes: Iterable[Change]) -> str:
    return ", ".join(f"{c.before} → {c.after} {c.count:,}" for c in list(changes)[:3])


def _worth(impact: Impact) -> str:
    if impact.dollars is None:
        return "expected outcome: cannot tell, no outcome of these decisions is known yet"
    found = impact.dollars.difference
    if not found.tells:
        return f"expected outcome: cannot tell, {found.why}"
    return (
        f"expected outcome: ${found.value:+.2f} per decision "
        f"(95 % from {found.low:+.2f} to {found.high:+.2f})"
    )


def render_number(bundle: Bundle, name: str, otherwise: float) -> float:
    """Return a parameter; `otherwise` where an older bundle does not state it."""
    return bundle.number(name) if name in bundle.parameters else otherwise
